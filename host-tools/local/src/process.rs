//! One child process: started with its output in a log file and its pid on disk, so that a later command can find it.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Serialize;

use crate::error::{FileContext, LocalError, Result};
use crate::pidfile::PidFile;

/// The processes of a running shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Process {
    /// The private Postgres.
    Postgres,
    /// The private Redis.
    Redis,
    /// The host of the components, `souk-runtime` or `spin`.
    Runtime,
    /// Moves events from outboxes to streams and rings doorbells.
    Relay,
    /// Delivers mails.
    Mailer,
}

impl Process {
    /// All of them, in the order in which they start.
    pub const ALL: [Self; 5] = [Self::Postgres, Self::Redis, Self::Runtime, Self::Relay, Self::Mailer];

    /// Its name, as in log and pid file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Runtime => "runtime",
            Self::Relay => "relay",
            Self::Mailer => "mailer",
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether a process runs, and where it listens.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessStatus {
    /// Which process.
    pub process: Process,
    /// Its process id while it runs.
    pub pid: Option<u32>,
    /// `host:port` of what it serves.
    pub address: String,
    /// False for a Postgres or Redis that somebody else runs.
    pub managed: bool,
}

/// What to run.
pub(crate) struct Launch {
    pub program: PathBuf,
    pub args: Vec<OsString>,
    pub env: Vec<(String, String)>,
    /// The user to become, when this process is root and the program refuses root.
    pub user: Option<(u32, u32)>,
    /// The working directory.
    pub dir: PathBuf,
}

/// A log beyond this size is set aside when its process starts again.
const LOG_LIMIT_BYTES: u64 = 20 * 1024 * 1024;

/// A process that this program started: how it ended, once it has, and where its part of the log begins.
#[derive(Clone)]
pub(crate) struct Started {
    exit: Arc<OnceLock<ExitStatus>>,
    log: PathBuf,
    log_start: u64,
}

impl Launch {
    /// Starts the program in a process group of its own, so that Ctrl-C reaches only the one who asked for it.
    pub(crate) fn spawn(&self, name: &str, log: &Path, pid_file: &PidFile) -> Result<Started> {
        let (file, log_start) = open_log(log)?;
        let stderr = file.try_clone().file("open", log)?;
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(k, v)| (k, v))).current_dir(&self.dir);
        command.stdin(Stdio::null()).stdout(file).stderr(stderr).process_group(0);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        let mut child = command.spawn().map_err(|e| LocalError::Process {
            process: name.to_owned(),
            reason: format!("could not be started from {}: {e}", self.program.display()),
            log: log.to_owned(),
        })?;
        let pid_written = pid_file.write(child.id());
        let exit = Arc::new(OnceLock::new());
        let slot = Arc::clone(&exit);
        // A thread rather than a task: it must collect the child whatever runtime the caller has, and when.
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = slot.set(status);
            }
        });
        pid_written?;
        Ok(Started { exit, log: log.to_owned(), log_start })
    }
}

impl Started {
    /// Why it ended, in a few words: how, and its last line of output unless it was killed from outside.
    pub(crate) fn epitaph(&self) -> String {
        let Some(status) = self.exit_status() else { return "ended".to_owned() };
        let killed = matches!(status.signal(), Some(9 | 15));
        match self.last_line().filter(|_| !killed) {
            Some(line) => format!("ended with {status}: {line}"),
            None => format!("ended with {status}"),
        }
    }

    /// A process is seen to be gone a moment before its parent's thread has collected its status.
    fn exit_status(&self) -> Option<ExitStatus> {
        for _ in 0..20 {
            if self.exit.get().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.exit.get().copied()
    }

    fn last_line(&self) -> Option<String> {
        let mut file = File::open(&self.log).ok()?;
        file.seek(SeekFrom::Start(self.log_start)).ok()?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).ok()?;
        let text = String::from_utf8_lossy(&text);
        text.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    }
}

fn open_log(log: &Path) -> Result<(File, u64)> {
    let length = fs::metadata(log).map(|meta| meta.len()).unwrap_or(0);
    if length > LOG_LIMIT_BYTES {
        fs::rename(log, log.with_extension("log.1")).file("set aside", log)?;
    }
    let file = OpenOptions::new().create(true).append(true).open(log).file("open", log)?;
    let start = file.metadata().map(|meta| meta.len()).unwrap_or(0);
    Ok((file, start))
}
