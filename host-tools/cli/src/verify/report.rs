//! One line for each promise, for a person or a script.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use super::checks::Check;
use super::outcome::Outcome;
use crate::output;

/// How many offenders a person is shown; a script gets all of them.
const SHOWN: usize = 10;

#[derive(Serialize)]
pub struct Report {
    pub ok: bool,
    /// What had not settled in the time given, if anything.
    unsettled: Option<String>,
    checks: Vec<Line>,
    dead_letters: u64,
}

#[derive(Serialize)]
pub struct Line {
    promise: &'static str,
    ok: bool,
    checked: u64,
    unit: &'static str,
    offenders: BTreeMap<String, String>,
}

impl Line {
    pub fn new(check: &Check, outcome: Outcome) -> Self {
        Self {
            promise: check.promise,
            ok: outcome.holds(),
            checked: outcome.checked,
            unit: check.unit,
            offenders: outcome.offenders,
        }
    }
}

impl Report {
    pub fn new(checks: Vec<Line>, dead_letters: u64, unsettled: Option<String>) -> Self {
        let ok = unsettled.is_none() && checks.iter().all(|line| line.ok);
        Self { ok, unsettled, checks, dead_letters }
    }

    pub fn print(&self, json: bool) -> Result<()> {
        if json {
            return output::json(self);
        }
        for line in &self.checks {
            let verdict = if line.ok { "ok" } else { "BROKEN" };
            output::line(format!("{verdict:<7} {:<68} {} {}", line.promise, line.checked, line.unit));
            for (name, detail) in line.offenders.iter().take(SHOWN) {
                output::line(format!("          {name}: {detail}"));
            }
            if line.offenders.len() > SHOWN {
                output::line(format!("          and {} more (--json lists them)", line.offenders.len() - SHOWN));
            }
        }
        let hint = if self.dead_letters > 0 { " (look at them with `souk dlq list`)" } else { "" };
        output::line(format!("{:<7} {:<68} {}{hint}", "note", "events given up as dead letters", self.dead_letters));
        if let Some(what) = &self.unsettled {
            output::line(format!("BROKEN  not settled in time: {what}"));
        }
        let broken = self.checks.iter().filter(|line| !line.ok).count();
        output::line(match (self.ok, broken) {
            (true, _) => "every promise holds".to_owned(),
            (false, 0) => "every promise holds so far, but work was still under way".to_owned(),
            (false, n) => format!("{n} of {} promises are broken", self.checks.len()),
        });
        Ok(())
    }
}
