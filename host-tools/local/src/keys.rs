//! Rotation of the token signing key while the shop runs: publish the next key, let it sign, and drop keys whose last
//! token has run out. The runtime is told after each step, and the next step waits until it has taken the one before.

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::process::Signal;
use serde::Serialize;

use crate::environment::Environment;
use crate::error::{FileContext, LocalError, Result};
use crate::http;
use crate::process::Process;
use crate::settings::RuntimeKind;
use crate::signing::{KeyRing, kid, public, write_private};

/// The variables that the runtime reads again on SIGHUP.
pub(crate) const RELOADED: [&str; 2] = ["jwks", "signing_key"];
/// How long the runtime may take to read them.
const RELOAD_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
/// Shown by the runtime: when the variables that new requests see were read.
const READ_METRIC: &str = "souk_runtime_variables_read_timestamp_seconds";

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Signs new tokens.
    Signing,
    /// Is published and will sign next: a rotation was interrupted, and the next one goes on with it.
    Next,
    /// Verifies the tokens that it signed before.
    Retired,
}

/// One key of an environment.
#[derive(Clone, Debug, Serialize)]
pub struct Key {
    /// Its name in tokens and in the JWKS.
    pub kid: String,
    /// What it does.
    pub state: KeyState,
    /// Since when, Unix seconds; unknown for an environment's first key.
    pub since: Option<u64>,
}

/// What a rotation did.
#[derive(Clone, Debug, Serialize)]
pub struct Rotated {
    /// The key that signs now.
    pub signing: String,
    /// The key that signed before.
    pub retired: String,
    /// Keys that verify nothing any more.
    pub dropped: Vec<String>,
    /// Whether the running shop uses the new key. False when nothing runs, and on Spin, which reads variables at its
    /// start alone.
    pub in_use: bool,
}

impl Environment {
    /// The signing keys, newest first.
    pub fn keys(&self) -> Result<Vec<Key>> {
        let ring = self.key_ring()?;
        let next = ring.next.as_deref().map(public).transpose()?;
        let mut keys: Vec<Key> = next.iter().map(|x| Key { kid: kid(x), state: KeyState::Next, since: None }).collect();
        keys.push(Key { kid: kid(&public(&ring.signing)?), state: KeyState::Signing, since: ring.since });
        keys.extend(ring.retired.iter().map(|key| Key {
            kid: kid(&key.x),
            state: KeyState::Retired,
            since: Some(key.retired_at),
        }));
        Ok(keys)
    }

    /// Has a new key sign from now on, without a pause. Retired keys stay for `keep` after they signed last: as long as the
    /// longest-lived token. Interrupted, it can be called again.
    pub async fn rotate_keys(&self, keep: Duration) -> Result<Rotated> {
        let path = self.settings().root.join("run/rotate.lock");
        let rotating = File::create(&path).file("create", &path)?;
        rotating.try_lock().map_err(|_| LocalError::Busy(self.settings().root.clone()))?;
        let mut dropped = Vec::new();
        let retired = self.change_keys(|ring| {
            dropped = ring.prepare(now().saturating_sub(keep.as_secs()))?;
            public(&ring.signing)
        })?;
        self.apply_keys().await?;
        let signing = self.change_keys(|ring| {
            ring.promote(now())?;
            public(&ring.signing)
        })?;
        let in_use = self.apply_keys().await?;
        Ok(Rotated { signing: kid(&signing), retired: kid(&retired), dropped, in_use })
    }

    pub(crate) fn key_ring(&self) -> Result<KeyRing> {
        KeyRing::load(&self.key_file(), &self.secrets().signing_key)
    }

    /// Writes what the runtime reads, and returns where. Called before each start, too.
    pub(crate) fn write_variables_file(&self) -> Result<PathBuf> {
        let _guard = self.lock_keys()?;
        self.write_variables()
    }

    /// Changes the keys and what the runtime reads, in one go: a runtime that is being started right now reads either
    /// what was before or what is after.
    fn change_keys<T>(&self, change: impl FnOnce(&mut KeyRing) -> Result<T>) -> Result<T> {
        let _guard = self.lock_keys()?;
        let mut ring = self.key_ring()?;
        let outcome = change(&mut ring)?;
        ring.save(&self.key_file())?;
        self.write_variables()?;
        Ok(outcome)
    }

    fn write_variables(&self) -> Result<PathBuf> {
        let all = self.variables()?;
        let some: toml::Table = RELOADED
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), toml::Value::String(all.get(name)?.clone()))))
            .collect();
        let path = self.settings().root.join("run/variables.toml");
        write_private(&path, &some.to_string())?;
        Ok(path)
    }

    fn lock_keys(&self) -> Result<File> {
        let path = self.settings().root.join("run/keys.lock");
        let file = File::create(&path).file("create", &path)?;
        file.lock().file("lock", &path)?;
        Ok(file)
    }

    fn key_file(&self) -> PathBuf {
        self.settings().root.join("keys.toml")
    }

    /// Waits until every new request sees the present keys. False when nothing runs that could be told.
    async fn apply_keys(&self) -> Result<bool> {
        if self.settings().runtime == RuntimeKind::Spin || !self.is_running(Process::Runtime) {
            return Ok(false);
        }
        let written = now_seconds();
        let url = format!("http://127.0.0.1:{}/metrics", self.settings().ports.runtime_metrics);
        let client = http::Client::new(Duration::from_secs(2));
        let (deadline, mut told) = (Instant::now() + RELOAD_WITHIN, false);
        while Instant::now() < deadline {
            // One that does not answer yet is starting. It reads the file anyway, and SIGHUP would end it.
            let read = match client.get(&url, &[]).await {
                Ok(answer) => read_at(&String::from_utf8_lossy(&answer.body)),
                Err(_) => None,
            };
            match read {
                Some(read) if read >= written => return Ok(true),
                Some(_) if !told => told = self.pid_file(Process::Runtime).signal(Signal::HUP),
                _ => {}
            }
            tokio::time::sleep(POLL).await;
        }
        Err(LocalError::Process {
            process: Process::Runtime.to_string(),
            reason: format!("did not take the new keys within {} s; rotate again", RELOAD_WITHIN.as_secs()),
            log: self.log_file(Process::Runtime),
        })
    }
}

fn read_at(metrics: &str) -> Option<f64> {
    metrics.lines().find_map(|line| line.strip_prefix(READ_METRIC)?.trim().parse().ok())
}

fn now_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_found_among_the_metrics() {
        let text = format!("# HELP {READ_METRIC} When\n# TYPE {READ_METRIC} gauge\n{READ_METRIC} 1795638000.25\nx 1\n");
        assert_eq!(read_at(&text), Some(1_795_638_000.25));
        assert_eq!(read_at("x 1\n"), None);
    }

    #[tokio::test]
    async fn a_shop_at_rest_starts_with_the_new_key() {
        let dir = crate::temporary::directory().unwrap();
        let environment = Environment::open(crate::Settings::new(&dir, &dir)).unwrap();
        let before = environment.variables().unwrap();
        let rotated = environment.rotate_keys(Duration::from_secs(60)).await.unwrap();
        assert!(!rotated.in_use && rotated.dropped.is_empty());
        // Another process has another view of the same files.
        let later = Environment::open(crate::Settings::new(&dir, &dir)).unwrap();
        for environment in [&environment, &later] {
            let after = environment.variables().unwrap();
            assert_ne!(before["signing_key"], after["signing_key"]);
            assert!(after["jwks"].contains(&rotated.signing) && after["jwks"].contains(&rotated.retired));
        }
        let states: Vec<_> = later.keys().unwrap().iter().map(|key| key.state).collect();
        assert_eq!(states, [KeyState::Signing, KeyState::Retired]);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
