//! Reads a spin.toml (manifest version 2) into an [`App`] in which everything is checked and every template resolved.
//! Refuses what Spin refuses (unknown keys, missing variables, triggers without a component, service chaining beside a
//! Redis trigger) and what Spin knows but this runtime does not offer, each with one line that names the place.

mod check;
mod dependencies;
pub mod hosts;
mod ids;
#[allow(dead_code, missing_docs, reason = "some keys are read only so that mistakes in them are found")]
mod raw;
pub mod variables;

use crate::error::{Error, Result};
use hosts::AllowedHosts;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A checked application.
#[derive(Debug)]
pub struct App {
    /// `[application] name`
    pub name: String,
    /// `[application] version`
    pub version: String,
    /// The components, by id.
    pub components: BTreeMap<String, Component>,
    /// The public routes with their components' ids, in the manifest's order.
    pub routes: Vec<(String, String)>,
    /// The Redis triggers.
    pub redis: Vec<RedisTrigger>,
}

/// One component with everything it is given.
#[derive(Debug)]
pub struct Component {
    /// The component's wasm file.
    pub source: PathBuf,
    /// Environment variables of the guest.
    pub environment: BTreeMap<String, String>,
    /// What `spin:variables` answers, templates resolved.
    pub variables: HashMap<String, String>,
    /// What it may connect to.
    pub allowed_hosts: AllowedHosts,
    /// Components that satisfy its imports.
    pub dependencies: Vec<Dependency>,
    /// Whether its dependencies may use what it may use.
    pub dependencies_inherit: bool,
}

/// A component that satisfies an import of another one.
#[derive(Debug)]
pub struct Dependency {
    /// The import: `package:name/interface@version`, a package, or a plain name.
    pub name: String,
    /// The wasm file of the component that satisfies it.
    pub path: PathBuf,
    /// Its export that is used instead of the one named like the import.
    pub export: Option<String>,
}

/// `[[trigger.redis]]`, resolved.
#[derive(Debug, Clone)]
pub struct RedisTrigger {
    /// The Redis URL; may hold a password.
    pub address: String,
    /// The pub/sub channel.
    pub channel: String,
    /// The component that handles its messages.
    pub component: String,
}

impl App {
    /// Reads and checks the manifest at `path`; `env` answers for environment variables.
    pub fn load(path: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::ManifestUnreadable { path: path.to_path_buf(), error })?;
        let base = path.parent().unwrap_or(Path::new("."));
        Self::parse(&text, base, env).map_err(|error| match error {
            Error::Manifest(message) => Error::Manifest(format!("{}: {message}", path.display())),
            other => other,
        })
    }

    /// Checks the manifest's text; relative paths in it start at `base`.
    pub fn parse(text: &str, base: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let raw: raw::Manifest = toml::from_str(text).map_err(|e| Error::Manifest(one_line(text, &e)))?;
        check::resolve(raw, base, env)
    }
}

/// A TOML error as one line that starts with the line number.
fn one_line(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', " ");
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

#[cfg(test)]
mod tests;
