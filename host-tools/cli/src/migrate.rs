//! `souk migrate`.

use std::process::ExitCode;

use anyhow::Result;
use souk_local::{Environment, Process};

use crate::args::{JsonArgs, Place};
use crate::{context, output};

pub async fn run(place: &Place, args: &JsonArgs) -> Result<ExitCode> {
    let (settings, _) = context::settings(place)?;
    let environment = Environment::open(settings)?.on_progress(|line| output::note(line));
    let was_running = environment.is_running(Process::Postgres);
    environment.start(Process::Postgres).await?;
    let applied = environment.migrate().await;
    if !was_running {
        environment.stop(Process::Postgres).await?;
    }
    let applied = applied?;
    if args.json {
        output::json(&applied)?;
    } else if applied.is_empty() {
        output::line("every database is up to date");
    }
    if !args.json {
        for done in &applied {
            output::line(format!("{:<13} {}", done.service, done.migration));
        }
    }
    Ok(ExitCode::SUCCESS)
}
