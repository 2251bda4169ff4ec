//! What a caller decides about an environment: where it lives, which ports it takes, what it runs on.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{LocalError, Result};
use crate::ports::Ports;
use crate::server_url::{PostgresServer, RedisServer};
use crate::state;

/// Which host runs the components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuntimeKind {
    /// `souk-runtime`, the one in this workspace.
    #[default]
    Souk,
    /// A `spin` 4.x binary on PATH.
    Spin,
}

/// An environment's settings. [`Settings::new`] gives the ordinary ones; fields are changed before
/// [`Environment::open`](crate::Environment::open).
#[derive(Clone, Debug)]
pub struct Settings {
    /// Holds everything the environment makes: data, secrets, pid files, logs.
    pub root: PathBuf,
    /// The folder with spin.toml and streams.toml.
    pub project: PathBuf,
    /// The folder with souk-runtime, souk-relay and souk-mailer.
    pub bin_dir: PathBuf,
    /// Where the runtime keeps compiled components; may be shared by several environments.
    pub cache_dir: PathBuf,
    /// Where each process listens.
    pub ports: Ports,
    /// Which host runs the components.
    pub runtime: RuntimeKind,
    /// An existing Postgres to use in place of a private one.
    pub postgres: Option<PostgresServer>,
    /// An existing Redis to use in place of a private one.
    pub redis: Option<RedisServer>,
    /// Services whose database is on a server of its own, with the login for it: a cluster that somebody else runs.
    pub databases: BTreeMap<String, PostgresServer>,
    /// Application variables (spin.toml names, lower case) that differ from the ordinary ones.
    pub variables: BTreeMap<String, String>,
    /// Environment variables added for relay, mailer and runtime, such as RUST_LOG.
    pub process_env: BTreeMap<String, String>,
}

impl Settings {
    /// Settings for an environment in `root`, for the checkout in `project`, on the default ports.
    pub fn new(root: impl Into<PathBuf>, project: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            cache_dir: root.join("cache"),
            root,
            project: project.into(),
            bin_dir: bin_dir(),
            ports: Ports::default(),
            runtime: RuntimeKind::default(),
            postgres: None,
            redis: None,
            databases: BTreeMap::new(),
            variables: BTreeMap::new(),
            process_env: BTreeMap::new(),
        }
    }

    /// Brings back what the environment in `root` was last started with: ports, runtime and given servers. False when
    /// nothing was started there yet.
    pub fn recall(&mut self) -> Result<bool> {
        state::recall(self)
    }

    /// The nearest folder at or above `from` that holds a spin.toml.
    pub fn find_project(from: &Path) -> Result<PathBuf> {
        from.ancestors().find(|folder| folder.join("spin.toml").is_file()).map(Path::to_owned).ok_or_else(|| {
            LocalError::Setting(format!(
                "no spin.toml in {} or above it: run this inside the Souk checkout, or name it with --project",
                from.display()
            ))
        })
    }
}

/// Where this program's siblings are: beside it, or one up when it is a test binary in `deps`. SOUK_BIN_DIR overrides.
fn bin_dir() -> PathBuf {
    if let Some(dir) = env::var_os("SOUK_BIN_DIR") {
        return dir.into();
    }
    let exe = env::current_exe().unwrap_or_default();
    let dir = exe.parent().unwrap_or(Path::new("."));
    match dir.parent() {
        Some(up) if dir.ends_with("deps") => up.to_owned(),
        _ => dir.to_owned(),
    }
}
