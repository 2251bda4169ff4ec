//! Passwords and the token signing key: generated once per environment, kept in a file that only its owner reads.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::databases::SERVICES;
use crate::error::{FileContext, LocalError, Result};

/// Everything secret in one environment. Passwords are base64url, so they stand in URLs as they are.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The private Postgres' superuser.
    pub postgres: String,
    /// Role `souk_relay`.
    pub relay: String,
    /// The first key that signed access tokens: the 32-byte Ed25519 seed, base64url. Rotations keep theirs in keys.toml.
    pub signing_key: String,
    /// What the payment gateway signs its webhooks with.
    #[serde(default)]
    pub gateway_webhook: String,
    /// Role `souk_<service>`, by service.
    pub services: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads the file, or makes it. What joined later gets its secret now.
    pub(crate) fn load_or_create(path: &Path) -> Result<Self> {
        let mut secrets = match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|e| {
                LocalError::Setting(format!(
                    "{} cannot be read ({}): restore or remove it",
                    path.display(),
                    e.message()
                ))
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let (postgres, relay, signing_key) = (random()?, random()?, random()?);
                Self { postgres, relay, signing_key, gateway_webhook: String::new(), services: BTreeMap::new() }
            }
            Err(e) => return Err(e).file("read", path),
        };
        let before = secrets.clone();
        if secrets.gateway_webhook.is_empty() {
            secrets.gateway_webhook = random()?;
        }
        for service in SERVICES {
            if !secrets.services.contains_key(service) {
                secrets.services.insert(service.to_owned(), random()?);
            }
        }
        if secrets != before {
            secrets.save(path)?;
        }
        Ok(secrets)
    }

    /// The password of a service's role; empty for a name that is no service.
    pub(crate) fn service(&self, name: &str) -> &str {
        self.services.get(name).map(String::as_str).unwrap_or_default()
    }

    fn save(&self, path: &Path) -> Result<()> {
        let body = toml::to_string(self).map_err(|e| LocalError::Setting(e.to_string()))?;
        let fresh = path.with_extension("new");
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .file("create", &fresh)?;
        file.write_all(b"# Generated on first start. Keep private; removing it locks the databases beside it.\n")
            .and_then(|()| file.write_all(body.as_bytes()))
            .and_then(|()| file.sync_all())
            .file("write", &fresh)?;
        fs::rename(&fresh, path).file("write", path)
    }
}

/// 32 random bytes, base64url.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| LocalError::Setting(format!("no random numbers: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_private_and_stay_the_same() {
        let dir = crate::temporary::directory().unwrap();
        let path = dir.join("secrets.toml");
        let first = Secrets::load_or_create(&path).unwrap();
        let second = Secrets::load_or_create(&path).unwrap();
        assert!(first == second);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(first.service("user"), first.service("order"));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_joins_later_gets_a_secret_and_the_others_keep_theirs() {
        let dir = crate::temporary::directory().unwrap();
        let path = dir.join("secrets.toml");
        let mut first = Secrets::load_or_create(&path).unwrap();
        first.services.remove("payment");
        first.gateway_webhook.clear();
        first.save(&path).unwrap();
        let second = Secrets::load_or_create(&path).unwrap();
        assert!(!second.service("payment").is_empty() && !second.gateway_webhook.is_empty());
        assert_eq!(second.service("order"), first.service("order"));
        fs::remove_dir_all(dir).unwrap();
    }
}
