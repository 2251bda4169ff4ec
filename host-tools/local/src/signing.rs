//! Token signing keys: which one signs, which ones verify. Services verify with all of them, so a key is published before
//! it signs and stays published after it was replaced, until the last token that it signed has run out.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{FileContext, LocalError, Result};
use crate::secrets::random;

/// The keys of one environment.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeyRing {
    /// The 32-byte Ed25519 seed that signs, base64url.
    pub signing: String,
    /// Since when it signs, Unix seconds; unknown for the first key.
    pub since: Option<u64>,
    /// A seed that is published already and signs next: a rotation was interrupted.
    pub next: Option<String>,
    /// Keys that signed before, the latest first. Their private halves are gone.
    #[serde(default)]
    pub retired: Vec<RetiredKey>,
}

/// A key that only verifies.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RetiredKey {
    /// The public key, base64url.
    pub x: String,
    /// When it signed for the last time, Unix seconds.
    pub retired_at: u64,
}

impl KeyRing {
    /// Reads the file; before the first rotation there is none, and `first` is the only key.
    pub(crate) fn load(path: &Path, first: &str) -> Result<Self> {
        match fs::read_to_string(path) {
            // Not the parser's own message: it quotes the line, and the line may be a key.
            Ok(text) => toml::from_str(&text)
                .map_err(|_| LocalError::Setting(format!("{} cannot be read: restore it", path.display()))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self { signing: first.to_owned(), since: None, next: None, retired: Vec::new() })
            }
            Err(e) => Err(e).file("read", path),
        }
    }

    /// Writes the file, for its owner alone.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        let text = toml::to_string(self).map_err(|e| LocalError::Setting(e.to_string()))?;
        write_private(path, &text)
    }

    /// Makes the next key unless a rotation that was interrupted has made one, and drops retired keys that signed for the
    /// last time at `oldest` or before (Unix seconds). Returns the kids that were dropped.
    pub(crate) fn prepare(&mut self, oldest: u64) -> Result<Vec<String>> {
        if self.next.is_none() {
            self.next = Some(random()?);
        }
        let (kept, dropped): (Vec<_>, Vec<_>) = self.retired.drain(..).partition(|key| key.retired_at > oldest);
        self.retired = kept;
        Ok(dropped.iter().map(|key| kid(&key.x)).collect())
    }

    /// Lets the next key sign from `now` on; the present one retires.
    pub(crate) fn promote(&mut self, now: u64) -> Result<()> {
        if let Some(next) = self.next.take() {
            let x = public(&self.signing)?;
            self.retired.insert(0, RetiredKey { x, retired_at: now });
            self.signing = next;
            self.since = Some(now);
        }
        Ok(())
    }

    /// The key set that services verify with.
    pub(crate) fn jwks(&self) -> Result<String> {
        let mut keys = vec![jwk(&public(&self.signing)?)];
        if let Some(next) = &self.next {
            keys.push(jwk(&public(next)?));
        }
        keys.extend(self.retired.iter().map(|key| jwk(&key.x)));
        Ok(serde_json::json!({ "keys": keys }).to_string())
    }
}

/// The name of a public key: its thumbprint (RFC 7638 with the members of RFC 8037), so a new key never goes by an old name.
pub(crate) fn kid(x: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// The public key of a seed (both base64url).
pub(crate) fn public(seed: &str) -> Result<String> {
    let unusable = || LocalError::Setting("a signing key is not 32 bytes of base64url: restore keys.toml".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(seed).map_err(|_| unusable())?;
    let seed: [u8; 32] = bytes.try_into().map_err(|_| unusable())?;
    Ok(URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&seed).verifying_key().as_bytes()))
}

fn jwk(x: &str) -> serde_json::Value {
    serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid(x), "x": x })
}

/// Replaces a file in one step, readable by its owner alone.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let fresh = path.with_extension("new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .file("create", &fresh)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).file("write", &fresh)?;
    fs::rename(&fresh, path).file("write", path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn ring() -> KeyRing {
        KeyRing::load(Path::new("/nonexistent/keys.toml"), SEED).unwrap()
    }

    fn kids(ring: &KeyRing) -> Vec<String> {
        let set: serde_json::Value = serde_json::from_str(&ring.jwks().unwrap()).unwrap();
        let keys = set["keys"].as_array().unwrap();
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    /// The key pair and thumbprint of RFC 8037, appendices A.1 to A.3.
    #[test]
    fn the_key_set_matches_the_published_example() {
        let set: serde_json::Value = serde_json::from_str(&ring().jwks().unwrap()).unwrap();
        assert_eq!(set["keys"][0]["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(set["keys"][0]["kid"], "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert!(set["keys"][0].get("d").is_none());
    }

    #[test]
    fn a_damaged_seed_is_refused() {
        assert!(public("short").is_err());
        assert!(public("!!").is_err());
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_after_it_was_replaced() {
        let mut ring = ring();
        let first = kids(&ring);
        assert_eq!(ring.prepare(0).unwrap(), Vec::<String>::new());
        let published = kids(&ring);
        assert_eq!((published.len(), ring.signing.as_str()), (2, SEED), "published, and the old one still signs");
        ring.promote(1000).unwrap();
        assert_eq!(kid(&public(&ring.signing).unwrap()), published[1]);
        assert_eq!(kids(&ring), [published[1].clone(), first[0].clone()]);
        ring.prepare(999).unwrap();
        assert!(kids(&ring).contains(&first[0]), "tokens that it signed last may still be out");
        assert_eq!(ring.prepare(1000).unwrap(), first);
        assert_eq!(kids(&ring).len(), 2);
    }

    #[test]
    fn an_interrupted_rotation_goes_on_with_the_same_key() {
        let mut ring = ring();
        ring.prepare(0).unwrap();
        let next = ring.next.clone();
        ring.prepare(0).unwrap();
        assert!(ring.next == next);
        ring.promote(1).unwrap();
        let signing = ring.signing.clone();
        ring.promote(2).unwrap();
        assert!(ring.signing == signing, "without a next key nothing changes");
        assert_eq!(ring.retired.len(), 1);
    }

    #[test]
    fn keys_are_private_and_come_back_as_they_were() {
        let dir = crate::temporary::directory().unwrap();
        let path = dir.join("keys.toml");
        let mut ring = ring();
        ring.prepare(0).unwrap();
        ring.promote(7).unwrap();
        ring.prepare(0).unwrap();
        ring.save(&path).unwrap();
        assert!(KeyRing::load(&path, "not asked").unwrap() == ring);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, format!("signing = \"{SEED}\"\nnext = {SEED}\n")).unwrap();
        let error = KeyRing::load(&path, SEED).err().unwrap().to_string();
        assert!(!error.contains(SEED), "{error}");
        fs::remove_dir_all(dir).unwrap();
    }
}
