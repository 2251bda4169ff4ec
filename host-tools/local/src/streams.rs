//! streams.toml: which service publishes on which stream, and which consumer groups read it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::{FileContext, LocalError, Result};

/// All streams by name, as in `souk:order`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topology {
    /// The streams.
    pub streams: BTreeMap<String, Stream>,
}

/// One stream's publisher and readers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The service (or `mailer`) that writes it.
    pub publisher: String,
    /// The consumer groups.
    pub groups: Vec<String>,
}

impl Topology {
    /// Reads `streams.toml` in the project's folder.
    pub fn load(project: &Path) -> Result<Self> {
        let path = project.join("streams.toml");
        let text = fs::read_to_string(&path).file("read", &path)?;
        toml::from_str(&text).map_err(|e| LocalError::Setting(format!("{}: {}", path.display(), e.message())))
    }

    /// The stream that holds what could not be applied from `stream`.
    pub fn dead_letters(stream: &str) -> String {
        format!("{stream}:dead")
    }
}
