//! Cleans up after a temporary environment, also when its owner is killed and can do nothing more itself.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::error::{FileContext, Result};

/// A shell that waits for this process (or this value) to go away, and then runs `reaper.sh`.
pub(crate) struct Reaper(Child);

impl Reaper {
    pub(crate) fn watch(root: &Path) -> Result<Self> {
        Command::new("/bin/sh")
            .arg("-c")
            .arg(include_str!("reaper.sh"))
            .arg("souk-reaper")
            .arg(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map(Self)
            .file("start", Path::new("/bin/sh"))
    }
}

impl Drop for Reaper {
    /// A failed test keeps its logs; so does SOUK_KEEP=1.
    fn drop(&mut self) {
        if let Some(mut stdin) = self.0.stdin.take()
            && (std::thread::panicking() || std::env::var_os("SOUK_KEEP").is_some())
        {
            let _ = stdin.write_all(b"keep\n");
        }
        let _ = self.0.wait();
    }
}
