//! Pid files that cannot lie: each holds the pid and the process's start time, so a pid that was given to another
//! program after a crash or a reboot counts as not running.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::error::{FileContext, Result};

/// A file that says which process does a job.
#[derive(Clone, Debug)]
pub struct PidFile(PathBuf);

impl PidFile {
    /// The file need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Writes down a running process.
    pub fn write(&self, pid: u32) -> Result<()> {
        let text = format!("{pid} {}\n", start_time(pid).unwrap_or_default());
        let fresh = self.0.with_extension("pid.new");
        fs::write(&fresh, text).file("write", &fresh)?;
        fs::rename(&fresh, &self.0).file("write", &self.0)
    }

    /// The pid, if that very process still runs.
    pub fn running(&self) -> Option<u32> {
        let text = fs::read_to_string(&self.0).ok()?;
        let (pid, start) = text.trim().split_once(' ')?;
        let pid = pid.parse().ok()?;
        (start_time(pid)? == start.parse::<u64>().ok()?).then_some(pid)
    }

    /// Asks the process alone to end (SIGTERM); false when it does not run.
    pub fn terminate(&self) -> bool {
        self.pid().is_some_and(|pid| kill_process(pid, Signal::TERM).is_ok())
    }

    /// Signals the process and all of its group; false when it does not run.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        self.pid().is_some_and(|pid| kill_process_group(pid, signal).is_ok())
    }

    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(i32::try_from(self.running()?).ok()?)
    }

    /// Forgets the process.
    pub fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.0) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).file("remove", &self.0),
            _ => Ok(()),
        }
    }
}

/// When a process started, in clock ticks since boot; `None` when there is none, or only a zombie.
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The program's name stands in parentheses and may hold anything; the fields after it are counted from state (3).
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    (state != "Z" && state != "X").then(|| fields.nth(18)?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_that_went_to_another_process_counts_as_not_running() {
        let dir = crate::temporary::directory().unwrap();
        let file = PidFile::new(dir.join("x.pid"));
        assert_eq!(file.running(), None);
        file.write(std::process::id()).unwrap();
        assert_eq!(file.running(), Some(std::process::id()));
        fs::write(dir.join("x.pid"), format!("{} 1\n", std::process::id())).unwrap();
        assert_eq!(file.running(), None);
        fs::write(dir.join("x.pid"), "garbage").unwrap();
        assert_eq!(file.running(), None);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_zombie_counts_as_ended() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while start_time(child.id()).is_some() {
            assert!(std::time::Instant::now() < deadline);
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }
}
