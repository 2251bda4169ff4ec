//! Starts a supervisor that outlives this command, and shows its progress until the shop is ready or has failed.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use souk_local::Environment;

use super::summary;
use crate::output;

/// Written by the supervisor once everything is ready.
pub const READY: &str = "run/ready";

pub async fn run(environment: &Environment) -> Result<ExitCode> {
    let root = &environment.settings().root;
    let log = environment.log_dir().join("souk.log");
    let ready = root.join(READY);
    let _ = fs::remove_file(&ready);
    let file = OpenOptions::new().create(true).append(true).open(&log).context("opening the supervisor's log")?;
    let begin = file.metadata()?.len();
    let mut child = spawn(file)?;

    let mut tail = File::open(&log)?;
    tail.seek(SeekFrom::Start(begin))?;
    let mut last = String::new();
    loop {
        show_new(&mut tail, &mut last)?;
        if ready.exists() {
            output::line(summary::text(environment, true).await);
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(status) = child.try_wait()? {
            show_new(&mut tail, &mut last)?;
            fail(&log, &last, status)?;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The same command line without --detach, in a process group of its own.
fn spawn(log: File) -> Result<Child> {
    let args = std::env::args_os().skip(1).filter(|arg| arg != "--detach" && arg != "-d");
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.args(args).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
    command.spawn().context("starting the supervisor")
}

/// Prints what the supervisor has said; its error is kept back, to be this command's own.
fn show_new(tail: &mut File, last: &mut String) -> Result<()> {
    let mut text = String::new();
    tail.read_to_string(&mut text)?;
    for line in text.lines() {
        if line.starts_with('[') {
            output::note(line);
        }
        line.clone_into(last);
    }
    Ok(())
}

fn fail(log: &Path, last: &str, status: std::process::ExitStatus) -> Result<()> {
    match last.strip_prefix("souk: ") {
        Some(reason) => bail!("{reason}"),
        None => bail!("the supervisor ended with {status} (log: {})", log.display()),
    }
}
