//! What an environment was last started with, kept in it, so that later commands find the same servers without flags.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use serde::{Deserialize, Serialize};

use crate::error::{FileContext, LocalError, Result};
use crate::ports::Ports;
use crate::server_url::{PostgresServer, RedisServer};
use crate::settings::{RuntimeKind, Settings};

/// Lies beside the pid files. The addresses of given servers may hold passwords, so only the owner reads it.
const FILE: &str = "run/state.toml";

#[derive(Serialize, Deserialize)]
struct State {
    runtime: RuntimeKind,
    postgres_url: Option<String>,
    redis_url: Option<String>,
    ports: Ports,
}

/// Writes down what `settings` decide.
pub(crate) fn remember(settings: &Settings) -> Result<()> {
    let state = State {
        runtime: settings.runtime,
        postgres_url: settings.postgres.as_ref().map(PostgresServer::admin_url),
        redis_url: settings.redis.as_ref().map(RedisServer::url),
        ports: settings.ports,
    };
    let path = settings.root.join(FILE);
    let fresh = path.with_extension("new");
    let text = toml::to_string(&state).map_err(|e| LocalError::Setting(e.to_string()))?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .file("create", &fresh)?;
    file.write_all(text.as_bytes()).file("write", &fresh)?;
    fs::rename(&fresh, &path).file("write", &path)
}

/// Brings back what was remembered in `settings.root`; false when there is nothing.
pub(crate) fn recall(settings: &mut Settings) -> Result<bool> {
    let path = settings.root.join(FILE);
    let text = match fs::read_to_string(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        read => read.file("read", &path)?,
    };
    let state: State = toml::from_str(&text)
        .map_err(|e| LocalError::Setting(format!("{} cannot be read ({}): remove it", path.display(), e.message())))?;
    settings.runtime = state.runtime;
    settings.ports = state.ports;
    settings.postgres = state.postgres_url.as_deref().map(PostgresServer::parse).transpose()?;
    settings.redis = state.redis_url.as_deref().map(RedisServer::parse).transpose()?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_started_is_found_again_without_flags() {
        let root = crate::temporary::directory().unwrap();
        fs::create_dir(root.join("run")).unwrap();
        let mut settings = Settings::new(&root, &root);
        assert!(!recall(&mut settings).unwrap());

        settings.ports = Ports::based_on(9180).unwrap();
        settings.runtime = RuntimeKind::Spin;
        settings.postgres = Some(PostgresServer::parse("postgres://u:p%40ss@db.example:5433/x").unwrap());
        remember(&settings).unwrap();
        let mut later = Settings::new(&root, &root);
        assert!(recall(&mut later).unwrap());
        assert_eq!((later.ports, later.runtime), (settings.ports, RuntimeKind::Spin));
        assert_eq!((later.postgres, later.redis), (settings.postgres, None));
        fs::remove_dir_all(root).unwrap();
    }
}
