//! `souk logs`: the files under `log/`, of processes and of components.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::args::{LogsArgs, Place};
use crate::{context, output};

/// The end of a file in which the last lines are looked for.
const TAIL_BYTES: u64 = 256 * 1024;
const LOOK_EVERY: Duration = Duration::from_millis(200);

struct Log {
    name: String,
    path: PathBuf,
    read_to: u64,
}

pub async fn run(place: &Place, args: &LogsArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    let mut logs = find(&environment.log_dir(), args.name.as_deref())?;
    let many = logs.len() > 1;
    for log in &mut logs {
        let text = log.tail(args.lines).with_context(|| format!("reading {}", log.path.display()))?;
        print(log, &text, many);
    }
    if !args.follow {
        return Ok(ExitCode::SUCCESS);
    }
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        for log in &mut logs {
            let text = log.added().with_context(|| format!("reading {}", log.path.display()))?;
            print(log, &text, many);
        }
    }
}

/// Files in `log` and `log/components`, of one name or all.
fn find(folder: &Path, name: Option<&str>) -> Result<Vec<Log>> {
    let mut logs = Vec::new();
    for folder in [folder.to_owned(), folder.join("components")] {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let text = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // souk-runtime writes order.log; spin writes order_stdout.txt and order_stderr.txt.
            let Some(stem) = text.strip_suffix(".log").or_else(|| text.strip_suffix(".txt")) else { continue };
            let owner = stem.trim_end_matches("_stdout").trim_end_matches("_stderr").to_owned();
            if name.is_none_or(|name| name == owner) {
                logs.push(Log { name: owner, path, read_to: 0 });
            }
        }
    }
    logs.sort_by(|a, b| a.path.cmp(&b.path));
    match (name, logs.is_empty()) {
        (Some(name), true) => {
            let all = find(folder, None)?;
            let names: Vec<&str> = all.iter().map(|log| log.name.as_str()).collect();
            bail!("there is no log of {name}: choose one of {}", names.join(", "))
        }
        (None, true) => bail!("there are no logs in {} yet", folder.display()),
        _ => Ok(logs),
    }
}

fn print(log: &Log, text: &str, many: bool) {
    for line in text.lines() {
        match many {
            true => output::line(format!("{:<12} {line}", log.name)),
            false => output::line(line),
        }
    }
}

impl Log {
    /// The last lines, and from there on `added`.
    fn tail(&mut self, lines: usize) -> Result<String> {
        self.read_to = fs::metadata(&self.path)?.len().saturating_sub(TAIL_BYTES);
        let text = self.added()?;
        let all: Vec<&str> = text.lines().collect();
        let skip = all.len().saturating_sub(lines);
        Ok(all.into_iter().skip(skip).collect::<Vec<_>>().join("\n"))
    }

    /// Whole lines that were added since; a file that was set aside and begun anew is read from its start.
    fn added(&mut self) -> Result<String> {
        let length = fs::metadata(&self.path)?.len();
        if length < self.read_to {
            self.read_to = 0;
        }
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.read_to))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.truncate(whole);
        self.read_to += u64::try_from(whole)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
