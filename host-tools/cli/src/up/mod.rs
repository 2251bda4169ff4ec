//! `souk up`: settings from flags, then either a supervisor in this process or one in the background.

mod detach;
mod start;
mod summary;
mod supervise;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use souk_local::{Environment, Ports, RuntimeKind, Settings};

use crate::args::{Place, Runtime, UpArgs};
use crate::{context, output};

pub async fn run(place: &Place, args: &UpArgs) -> Result<ExitCode> {
    let environment = Environment::open(settings(place, args)?)?;
    if let Some(pid) = context::supervisor(&environment).running() {
        // Its ports may differ from the ones asked for now: show what runs.
        let running = context::existing(place)?;
        if !args.detach {
            bail!("it runs already (pid {pid}, {}): `souk down` stops it", running.gateway_url());
        }
        output::line(summary::text(&running, true));
        return Ok(ExitCode::SUCCESS);
    }
    if args.detach { detach::run(&environment).await } else { supervise::run(environment, args).await }
}

/// Flags decide the ports and the runtime anew each time, whatever was used before.
fn settings(place: &Place, args: &UpArgs) -> Result<Settings> {
    let (mut settings, _) = context::settings(place)?;
    let mut ports = Ports::based_on(args.port)
        .with_context(|| format!("port {} leaves no room for the others: choose one from 1 to 65183", args.port))?;
    ports.postgres = args.pg_port.unwrap_or(ports.postgres);
    ports.redis = args.redis_port.unwrap_or(ports.redis);
    settings.ports = ports;
    settings.runtime = match args.runtime {
        Runtime::Souk => RuntimeKind::Souk,
        Runtime::Spin => RuntimeKind::Spin,
    };
    Ok(settings)
}
