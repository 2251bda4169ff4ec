//! The relay's process: reads flags and environment, runs until SIGTERM or SIGINT, exits 0.

use anyhow::Context;
use clap::Parser;
use souk_relay::config::{Options, databases};
use souk_relay::topology::Topology;
use std::io::Write;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

fn main() -> std::process::ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    match start(Options::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "souk-relay: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn start(options: Options) -> anyhow::Result<()> {
    let topology = Topology::read(&options.streams)?;
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stopping.cancel();
    });
    let announce = |address| {
        let mut stdout = std::io::stdout();
        // Whoever started the relay may have stopped reading; that is no reason to stop.
        let _ = writeln!(stdout, "relay ready, metrics on http://{address}/metrics").and_then(|()| stdout.flush());
    };
    souk_relay::run(options, topology, databases(std::env::vars()), stop, announce)
        .await
        .context("the relay cannot start")
}
