//! `souk verify`: every promise of the shop, checked against the databases and streams themselves, read-only.
//!
//! Orders may be under way while it looks, and one order's state is spread over several databases. So what looks broken
//! is looked at again for a few seconds, and counts only when it stays broken.

mod checks;
mod events;
mod order_rows;
mod orders;
mod outcome;
mod report;
mod settled;
mod sources;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::args::{Place, VerifyArgs};
use crate::context;
use checks::CHECKS;
use outcome::Outcome;
use report::{Line, Report};
use sources::Sources;

/// How often, and after which pause, something that looks broken is looked at again.
const LOOKS: usize = 7;
const PAUSE: Duration = Duration::from_millis(500);

pub async fn run(place: &Place, args: &VerifyArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    let mut sources = Sources::open(&environment).await?;
    let unsettled = match args.wait {
        Some(seconds) => settled::wait(&mut sources, Duration::from_secs(seconds), !args.json).await?,
        None => None,
    };
    let report = check_all(&mut sources, unsettled).await?;
    report.print(args.json)?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn check_all(sources: &mut Sources, unsettled: Option<String>) -> Result<Report> {
    let mut outcomes = Vec::new();
    for check in CHECKS {
        outcomes.push(check.run(sources).await?);
    }
    for _ in 1..LOOKS {
        if outcomes.iter().all(Outcome::holds) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        for (check, outcome) in CHECKS.iter().zip(&mut outcomes) {
            if !outcome.holds() {
                outcome.keep_what_stays(check.run(sources).await?);
            }
        }
    }
    let lines = CHECKS.iter().zip(outcomes).map(|(check, outcome)| Line::new(check, outcome)).collect();
    Ok(Report::new(lines, events::dead_letters(sources).await?, unsettled))
}
