//! Keeps the shop running: starts everything, starts again what crashes, and stops all of it on Ctrl-C or SIGTERM.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use souk_local::{Environment, Process};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;

use super::{detach, start, summary};
use crate::args::UpArgs;
use crate::context;
use crate::output::{self, Progress};

/// Pauses before a process is started again: first, and at most. They double in between.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// A process that ran for so long gets the first pause again.
const STABLE_AFTER: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub async fn run(environment: Environment, args: &UpArgs) -> Result<ExitCode> {
    let mut signals = Signals::new()?;
    let progress = Progress::start();
    let environment = Arc::new(environment.on_progress(move |line| progress.step(line)));
    let _lock = environment.lock()?;
    let pid_file = context::supervisor(&environment);
    let ready = environment.settings().root.join(detach::READY);
    let _ = fs::remove_file(&ready);
    pid_file.write(std::process::id())?;

    let started = tokio::select! {
        started = start::run(&environment, args, progress) => Some(started),
        () = signals.next() => None,
    };
    if let Some(Ok(())) = started {
        fs::write(&ready, "").context("writing run/ready")?;
        output::line(summary::text(&environment, false).await);
        watch(&environment, &mut signals, progress).await;
    }
    let stopped = stop(&environment, &mut signals, progress).await;
    let _ = fs::remove_file(&ready);
    pid_file.remove()?;
    started.transpose()?;
    stopped?;
    Ok(ExitCode::SUCCESS)
}

/// Looks after every process until a signal comes.
async fn watch(environment: &Arc<Environment>, signals: &mut Signals, progress: Progress) {
    let mut guards = JoinSet::new();
    for process in Process::ALL.into_iter().filter(|process| environment.is_managed(*process)) {
        guards.spawn(guard(Arc::clone(environment), process, progress));
    }
    signals.next().await;
    guards.shutdown().await;
}

/// Starts one process again whenever it has ended.
async fn guard(environment: Arc<Environment>, process: Process, progress: Progress) {
    let mut pause = FIRST_PAUSE;
    let mut since = Instant::now();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if environment.is_running(process) {
            continue;
        }
        if since.elapsed() > STABLE_AFTER {
            pause = FIRST_PAUSE;
        }
        progress.step(format!(
            "{process} {}; starting it again in {:.1} s",
            environment.epitaph(process),
            pause.as_secs_f32()
        ));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        since = Instant::now();
        match environment.start(process).await {
            Ok(()) => progress.step(format!("{process} is back")),
            Err(error) => progress.step(format!("{error}")),
        }
    }
}

/// Stops in order; a second signal kills what is left.
async fn stop(environment: &Environment, signals: &mut Signals, progress: Progress) -> Result<()> {
    progress.step("stopping");
    let stopped = tokio::select! {
        stopped = environment.stop_all() => stopped,
        () = signals.next() => {
            for process in Process::ALL {
                environment.kill(process).await?;
            }
            Ok(())
        }
    };
    progress.step("stopped");
    Ok(stopped?)
}

/// Ctrl-C, SIGTERM and a terminal that goes away.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(signal);
        Ok(Self([interrupt?, terminate?, hangup?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
            _ = hangup.recv() => (),
        }
    }
}
