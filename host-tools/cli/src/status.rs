//! `souk status`: what runs, and what is on its way.

use std::process::ExitCode;

use anyhow::Result;
use serde::Serialize;
use souk_local::{Environment, ProcessStatus, SERVICES, Topology};

use crate::args::{JsonArgs, Place};
use crate::streams::{self, Group};
use crate::{context, output};

#[derive(Serialize)]
struct Status {
    /// The pid of `souk up`, while it looks after the processes.
    supervisor: Option<u32>,
    processes: Vec<ProcessStatus>,
    /// Empty when Redis does not answer.
    groups: Vec<Group>,
    dead_letters: Vec<Depth>,
    /// Empty when Postgres does not answer.
    outboxes: Vec<Depth>,
    /// Why something above is empty that should not be.
    errors: Vec<String>,
}

/// How much is in one place.
#[derive(Serialize)]
struct Depth {
    name: String,
    entries: u64,
}

pub async fn run(place: &Place, args: &JsonArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    let mut status = Status {
        supervisor: context::supervisor(&environment).running(),
        processes: environment.status(),
        groups: Vec::new(),
        dead_letters: Vec::new(),
        outboxes: Vec::new(),
        errors: Vec::new(),
    };
    let streams = read_streams(&environment, &mut status).await;
    let outboxes = read_outboxes(&environment, &mut status).await;
    status.errors = [streams, outboxes].into_iter().filter_map(Result::err).map(|e| format!("{e:#}")).collect();
    if args.json {
        output::json(&status)?
    } else {
        print(&status)
    }
    Ok(ExitCode::SUCCESS)
}

async fn read_streams(environment: &Environment, status: &mut Status) -> Result<()> {
    let topology = Topology::load(&environment.settings().project)?;
    let mut redis = environment.connect_redis().await?;
    status.groups = streams::snapshot(&mut redis, &topology).await?.groups;
    for stream in topology.streams.keys() {
        let name = Topology::dead_letters(stream);
        let entries = redis::cmd("XLEN").arg(&name).query_async(&mut redis).await?;
        status.dead_letters.push(Depth { name, entries });
    }
    Ok(())
}

async fn read_outboxes(environment: &Environment, status: &mut Status) -> Result<()> {
    for service in SERVICES {
        let client = environment.connect(service).await?;
        let rows: i64 = client.query_one("SELECT count(*) FROM outbox", &[]).await?.try_get(0)?;
        status.outboxes.push(Depth { name: service.to_owned(), entries: u64::try_from(rows)? });
    }
    Ok(())
}

fn print(status: &Status) {
    match status.supervisor {
        Some(pid) => output::line(format!("souk up runs (pid {pid})\n")),
        None => output::line("souk up does not run\n"),
    }
    for process in &status.processes {
        let state = match (process.pid, process.managed) {
            (Some(pid), _) => format!("running, pid {pid}"),
            (None, true) => "stopped".to_owned(),
            (None, false) => "given, not ours".to_owned(),
        };
        output::line(format!("{:<10} {:<22} {state}", process.process, process.address));
    }
    if !status.groups.is_empty() {
        output::line(format!("\n{:<20} {:<14} {:>8} {:>8}", "stream", "group", "lag", "pending"));
    }
    for group in &status.groups {
        output::line(format!("{:<20} {:<14} {:>8} {:>8}", group.stream, group.group, group.lag, group.pending));
    }
    let filled = |depths: &[Depth]| {
        let words: Vec<String> =
            depths.iter().filter(|d| d.entries > 0).map(|d| format!("{} {}", d.name, d.entries)).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    };
    if !status.dead_letters.is_empty() {
        output::line(format!("\ndead letters: {}", filled(&status.dead_letters)));
    }
    if !status.outboxes.is_empty() {
        output::line(format!("in outboxes:  {}", filled(&status.outboxes)));
    }
    for error in &status.errors {
        output::line(format!("\n{error}"));
    }
}
