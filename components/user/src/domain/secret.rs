//! Secrets that are given out once and kept by whoever they were given to: refresh tokens, and the tokens in mails.
//! 256 random bits each; the database keeps their SHA-256 only. Since a token is random and long, a fast hash is enough.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{fmt, marker::PhantomData};

/// Characters of every token: the prefix and 32 bytes in base64url.
pub const TOKEN_CHARS: usize = PREFIX_CHARS + 43;
const PREFIX_CHARS: usize = 8;

/// What a secret is for.
pub trait Kind {
    /// Marks a leaked token for what it is in logs and secret scanners; a token of one kind is never one of another.
    const PREFIX: &'static str;
}

/// A secret of one kind. Shows itself only through [`Secret::reveal`].
pub struct Secret<K>(String, PhantomData<K>);

/// Keeps somebody signed in; exchanged for the next one with every use.
pub struct Refresh;
/// Mailed to prove who reads an address.
pub struct Verification;
/// Mailed to somebody who forgot the password.
pub struct Reset;

impl Kind for Refresh {
    const PREFIX: &'static str = "souk_rt_";
}
impl Kind for Verification {
    const PREFIX: &'static str = "souk_ev_";
}
impl Kind for Reset {
    const PREFIX: &'static str = "souk_pr_";
}

/// A refresh token.
pub type RefreshToken = Secret<Refresh>;
/// The token of a verification mail.
pub type VerificationToken = Secret<Verification>;
/// The token of a password mail.
pub type ResetToken = Secret<Reset>;

impl<K: Kind> Secret<K> {
    /// A new secret from the operating system's randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{}{}", K::PREFIX, URL_SAFE_NO_PAD.encode(bytes)), PhantomData))
    }

    /// Reads what a client presents; `None` for anything that was never given out.
    pub fn parse(raw: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(raw.strip_prefix(K::PREFIX)?).ok()?;
        (bytes.len() == 32).then(|| Self(raw.to_owned(), PhantomData))
    }

    /// What the database stores: SHA-256 in lower-case hex.
    pub fn hash_hex(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The secret itself, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<K> fmt::Debug for Secret<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (a, b) = (RefreshToken::generate().unwrap(), RefreshToken::generate().unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), TOKEN_CHARS);
        assert_eq!(RefreshToken::parse(a.reveal()).unwrap().reveal(), a.reveal());
    }

    #[test]
    fn a_secret_of_one_kind_is_none_of_another() {
        let verification = VerificationToken::generate().unwrap();
        assert_eq!(verification.reveal().len(), TOKEN_CHARS);
        assert!(ResetToken::parse(verification.reveal()).is_none());
        assert!(RefreshToken::parse(ResetToken::generate().unwrap().reveal()).is_none());
    }

    #[test]
    fn what_was_never_given_out_is_not_a_secret() {
        let short = format!("{}AAAA", Refresh::PREFIX);
        let padded = format!("{}=", RefreshToken::generate().unwrap().reveal());
        for bad in ["", Refresh::PREFIX, "abc", &short, &padded, "\0", "souk_rt_\u{e9}"] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn the_stored_hash_is_sha256_and_not_the_secret() {
        let token = RefreshToken::parse(&format!("{}{}", Refresh::PREFIX, "A".repeat(43))).unwrap();
        assert_eq!(token.hash_hex(), "e4c5852d14eaa223524f870b813544d949a83d09312ad85a6705b052ae74bd77");
        assert!(!format!("{token:?}").contains("AAAA"));
    }
}
