//! `souk down`: asks the supervisor to stop everything, and stops what a killed supervisor left behind.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use souk_local::Process;

use crate::args::Place;
use crate::{context, output};

/// Longer than any process of the shop may take to end.
const SUPERVISOR_STOPS_WITHIN: Duration = Duration::from_secs(90);

pub async fn run(place: &Place) -> Result<ExitCode> {
    let (settings, known) = context::settings(place)?;
    if !known {
        output::line("nothing runs");
        return Ok(ExitCode::SUCCESS);
    }
    let environment = souk_local::Environment::open(settings)?;
    let supervisor = context::supervisor(&environment);
    let mut stopped = false;
    if supervisor.terminate() {
        stopped = true;
        let deadline = Instant::now() + SUPERVISOR_STOPS_WITHIN;
        while supervisor.running().is_some() && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    if Process::ALL.into_iter().any(|process| environment.is_running(process)) {
        stopped = true;
        environment.stop_all().await?;
    }
    output::line(if stopped { "stopped; data is kept" } else { "nothing runs" });
    Ok(ExitCode::SUCCESS)
}
