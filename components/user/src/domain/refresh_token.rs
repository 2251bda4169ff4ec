//! Refresh tokens: 256 random bits that the shopper's browser keeps. The database keeps their SHA-256 only; since the
//! token is random and long, a fast hash is enough.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// Marks a leaked token for what it is in logs and secret scanners.
const PREFIX: &str = "souk_rt_";

/// One refresh token. Shows itself only through [`RefreshToken::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl RefreshToken {
    /// A new token from the operating system's randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Reads what a client presents; `None` for anything that was never given out.
    pub fn parse(raw: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(raw.strip_prefix(PREFIX)?).ok()?;
        (bytes.len() == 32).then(|| Self(raw.to_owned()))
    }

    /// What the database stores: SHA-256 in lower-case hex.
    pub fn hash_hex(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The token itself, for the answer to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(***)")
    }
}

/// What became of a presented token, as `rotate_refresh_token` in the database decided it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Rotation<A> {
    /// Exchanged; the account that it belongs to.
    Rotated {
        /// The account as it is now.
        account: A,
    },
    /// It had been exchanged before: its session has just been revoked.
    Reused,
    /// Not exchanged in time.
    Expired,
    /// Its session was signed out or revoked.
    Revoked,
    /// Never given out, or cleaned up since.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (a, b) = (RefreshToken::generate().unwrap(), RefreshToken::generate().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.reveal().len(), PREFIX.len() + 43);
        assert_eq!(RefreshToken::parse(a.reveal()), Some(a));
    }

    #[test]
    fn what_was_never_given_out_is_not_a_token() {
        let short = format!("{PREFIX}AAAA");
        let padded = format!("{}=", RefreshToken::generate().unwrap().reveal());
        for bad in ["", PREFIX, "abc", &short, &padded, "\0", "souk_rt_\u{e9}"] {
            assert_eq!(RefreshToken::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_stored_hash_is_sha256_and_not_the_token() {
        let token = RefreshToken("abc".to_owned());
        assert_eq!(token.hash_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!format!("{token:?}").contains("abc"));
    }

    #[test]
    fn every_outcome_of_the_database_is_understood() {
        let read = |json: &str| serde_json::from_str::<Rotation<u8>>(json).unwrap();
        assert_eq!(read(r#"{"outcome":"rotated","account":7}"#), Rotation::Rotated { account: 7 });
        assert_eq!(read(r#"{"outcome":"reused"}"#), Rotation::Reused);
        assert_eq!(read(r#"{"outcome":"expired"}"#), Rotation::Expired);
        assert_eq!(read(r#"{"outcome":"revoked"}"#), Rotation::Revoked);
        assert_eq!(read(r#"{"outcome":"unknown"}"#), Rotation::Unknown);
    }
}
