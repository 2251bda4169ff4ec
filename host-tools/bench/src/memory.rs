//! Resident memory of the platform's processes while a load runs.

use souk_local::{Environment, Process};
use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinHandle;

/// Samples runtime, relay and mailer until it is stopped; keeps the highest sum.
pub struct Watch {
    peak_kib: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Watch {
    /// Begins to sample ten times a second.
    pub fn start(environment: &Environment) -> Self {
        let pids: Vec<u32> = [Process::Runtime, Process::Relay, Process::Mailer]
            .into_iter()
            .filter_map(|process| environment.pid(process))
            .collect();
        let peak_kib = Arc::new(AtomicU64::new(0));
        let peak = Arc::clone(&peak_kib);
        let task = tokio::spawn(async move {
            loop {
                let sum = pids.iter().filter_map(|pid| resident_kib(*pid)).sum();
                peak.fetch_max(sum, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self { peak_kib, task }
    }

    /// The highest sum so far, in MB.
    pub fn peak_mb(&self) -> f64 {
        self.peak_kib.load(Ordering::Relaxed) as f64 * 1024.0 / 1e6
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// VmRSS of a process (proc(5)).
fn resident_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
