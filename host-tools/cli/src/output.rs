//! What a person or a script reads: results on stdout, progress and errors on stderr. A closed pipe is no error.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Instant;

/// A line on stdout.
pub fn line(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// JSON on stdout, indented.
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A remark on stderr.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// An error in one line on stderr.
pub fn error(error: &anyhow::Error) {
    let text = format!("{error:#}");
    note(format!("souk: {}", text.lines().map(str::trim).collect::<Vec<_>>().join(" ")));
}

/// Steps of a longer command, each with the time since its start.
#[derive(Clone, Copy)]
pub struct Progress(Option<Instant>);

impl Progress {
    pub fn start() -> Self {
        Self(Some(Instant::now()))
    }

    /// Says nothing.
    pub fn silent() -> Self {
        Self(None)
    }

    pub fn step(self, text: impl Display) {
        if let Some(start) = self.0 {
            note(format!("[{:6.1} s] {text}", start.elapsed().as_secs_f32()));
        }
    }
}
