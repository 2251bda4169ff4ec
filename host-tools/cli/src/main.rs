//! `souk`: the operator's command line. Each command is a module; an error is one line on stderr and exit code 1.

mod accounts;
mod analytics;
mod args;
mod context;
mod dlq;
mod down;
mod drained;
mod import;
mod keys;
mod logs;
mod migrate;
mod output;
mod roles;
mod seed;
mod shop;
mod status;
mod streams;
mod up;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let place = &args.place;
    match args.command {
        Command::Up(up) => up::run(place, &up).await,
        Command::Down => down::run(place).await,
        Command::Status(status) => status::run(place, &status).await,
        Command::Migrate(migrate) => migrate::run(place, &migrate).await,
        Command::Seed(seed) => seed::run(place, &seed).await,
        Command::Import(import) => import::run(place, &import).await,
        Command::Verify(verify) => verify::run(place, &verify).await,
        Command::Dlq(dlq) => dlq::run(place, &dlq).await,
        Command::Analytics(analytics) => analytics::run(place, &analytics).await,
        Command::Logs(logs) => logs::run(place, &logs).await,
        Command::GrantRole(grant) => roles::run(place, &grant).await,
        Command::Keys(keys) => keys::run(place, &keys).await,
    }
}
