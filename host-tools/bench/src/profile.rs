//! Where the processor time went: of each program on the machine, from /proc (proc(5)).

use anyhow::{Context, Result};
use std::{cmp::Reverse, collections::BTreeMap, fs};

/// USER_HZ is 100 on every architecture that Souk is built for.
const MS_OF_A_TICK: u64 = 10;

/// The processor time of every process so far, in ticks.
pub struct Profile(BTreeMap<u32, (String, u64)>);

impl Profile {
    /// Reads it now.
    pub fn begin() -> Result<Self> {
        let mut processes = BTreeMap::new();
        for entry in fs::read_dir("/proc").context("/proc cannot be read")? {
            let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            // A process may end while this reads.
            if let Some(used) = fs::read_to_string(format!("/proc/{pid}/stat")).ok().and_then(|stat| used(&stat)) {
                processes.insert(pid, used);
            }
        }
        Ok(Self(processes))
    }

    /// The programs that used most since then, as Markdown: in per cent of what all of them used, and for each of `orders`.
    pub fn end(&self, during: &str, orders: usize) -> Result<String> {
        let mut programs: BTreeMap<String, u64> = BTreeMap::new();
        for (pid, (program, now)) in Self::begin()?.0 {
            let before = self.0.get(&pid).map_or(0, |(_, before)| *before);
            *programs.entry(program).or_default() += now.saturating_sub(before);
        }
        let all = programs.values().sum::<u64>();
        let mut programs: Vec<_> = programs.into_iter().map(|(program, ticks)| (ticks, program)).collect();
        programs.sort_by_key(|(ticks, _)| Reverse(*ticks));
        programs.retain(|(ticks, _)| *ticks > 0 && ticks * 100 >= all);
        programs.push((all, "all".to_owned()));
        let mut text = format!("\nProcessor time by program during {during}:\n\n");
        text.push_str("| program | share | an order |\n| --- | --- | --- |\n");
        for (ticks, program) in programs {
            let share = ticks as f64 / all.max(1) as f64;
            let milliseconds = (ticks * MS_OF_A_TICK) as f64 / orders.max(1) as f64;
            text.push_str(&format!("| {program} | {:.0} % | {milliseconds:.2} ms |\n", share * 100.0));
        }
        Ok(text)
    }
}

/// The program of a process, and its ticks in user and kernel mode.
fn used(stat: &str) -> Option<(String, u64)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, program) = head.split_once('(')?;
    let mut fields = tail.split_whitespace().skip(11);
    let (user, kernel) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
    // What a kernel worker works on just now stands behind its name.
    let program = program.split(['/', ':']).next().unwrap_or(program);
    Some((program.to_owned(), user + kernel))
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn a_program_may_have_a_bracket_in_its_name() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0";
        assert_eq!(used(stat), Some(("a) b".to_owned(), 42)));
    }

    #[test]
    fn kernel_workers_are_counted_together() {
        let stat = "9 (kworker/u8:1-ext4) I 1 2 3 4 5 6 7 8 9 10 1 2 0 0";
        assert_eq!(used(stat), Some(("kworker".to_owned(), 3)));
    }
}
