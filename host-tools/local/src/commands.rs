//! Runs a helper program to its end and reports its failure in one line.

use std::path::Path;
use std::process::{Command, Output};

use crate::error::{LocalError, Result};

/// Runs the command; a failure carries the last line that it wrote to stderr, and everything goes to `log`.
pub(crate) fn run(name: &str, command: &mut Command, log: &Path) -> Result<Output> {
    let failed = |reason: String| LocalError::Process { process: name.to_owned(), reason, log: log.to_owned() };
    let output = command.output().map_err(|e| failed(format!("could not be started: {e}")))?;
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let _ = std::fs::write(log, &text);
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let last = stderr.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no message").trim().to_owned();
    Err(failed(format!("failed: {last}")))
}
