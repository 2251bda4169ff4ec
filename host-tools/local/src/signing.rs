//! The JWKS that services verify access tokens with, derived from the signing key's seed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use crate::error::{LocalError, Result};

/// A key set with the one public key that belongs to `seed` (base64url). Its `kid` is the key's thumbprint
/// (RFC 7638 with the members of RFC 8037), so a new key never goes by an old name.
pub(crate) fn jwks(seed: &str) -> Result<String> {
    let unusable =
        || LocalError::Setting("the signing key is not 32 bytes of base64url: remove secrets.toml".to_owned());
    let bytes = URL_SAFE_NO_PAD.decode(seed).map_err(|_| unusable())?;
    let seed: [u8; 32] = bytes.try_into().map_err(|_| unusable())?;
    let x = URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&seed).verifying_key().as_bytes());
    let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)));
    let key = serde_json::json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x,
    });
    Ok(serde_json::json!({ "keys": [key] }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair and thumbprint of RFC 8037, appendices A.1 to A.3.
    #[test]
    fn the_key_set_matches_the_published_example() {
        let set = jwks("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let set: serde_json::Value = serde_json::from_str(&set).unwrap();
        assert_eq!(set["keys"][0]["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(set["keys"][0]["kid"], "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_damaged_seed_is_refused() {
        assert!(jwks("short").is_err());
        assert!(jwks("!!").is_err());
    }
}
