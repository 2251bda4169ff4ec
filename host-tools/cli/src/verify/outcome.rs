//! What a check found.

use std::collections::BTreeMap;

/// How many things were looked at, and which of them are wrong.
#[derive(Debug, Default)]
pub struct Outcome {
    pub checked: u64,
    /// What is wrong with each offender, by its name. The same fault has the same name at each look.
    pub offenders: BTreeMap<String, String>,
}

impl Outcome {
    pub fn holds(&self) -> bool {
        self.offenders.is_empty()
    }

    /// Notes an offender.
    pub fn blame(&mut self, name: impl Into<String>, detail: impl Into<String>) {
        self.offenders.insert(name.into(), detail.into());
    }

    /// Takes the figures of a later look, and of the offenders those that are still there.
    pub fn keep_what_stays(&mut self, later: Self) {
        let before = std::mem::take(&mut self.offenders);
        self.checked = later.checked;
        self.offenders = later.offenders.into_iter().filter(|(name, _)| before.contains_key(name)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(names: &[&str]) -> Outcome {
        let mut outcome = Outcome { checked: 9, ..Outcome::default() };
        for name in names {
            outcome.blame(*name, "wrong");
        }
        outcome
    }

    #[test]
    fn only_a_fault_that_stays_counts() {
        let mut first = outcome(&["in flight", "lost"]);
        first.keep_what_stays(outcome(&["lost", "newly in flight"]));
        assert_eq!(first.offenders.keys().collect::<Vec<_>>(), ["lost"]);
        first.keep_what_stays(outcome(&[]));
        assert!(first.holds());
    }
}
