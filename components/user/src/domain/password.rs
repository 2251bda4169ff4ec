//! Passwords: what may be chosen, and how it is kept (argon2id, 19 MiB, two passes, one lane: the first choice of
//! OWASP's password storage cheat sheet).
//!
//! Guarantees that verifying takes the same work whether or not there is an account to verify against.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;

/// Fewest characters of a new password.
pub const MIN_CHARS: usize = 10;
/// Most characters of a new password.
pub const MAX_CHARS: usize = 200;

/// Random bytes where a hash would be, with the parameters of every real one: no password is known to match.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$kqzo/z3mEPGS5uBlIJ+jOw$YFeg4goYhPHUpgGiwLl+N7JELRqGmIZmD6LQrsmxcjU";

/// A password that may be chosen. Shows itself nowhere, `Debug` included.
pub struct NewPassword(String);

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordError {
    /// Too short or too long.
    Length,
    /// One character over and over.
    OneCharacter,
    /// The e-mail address itself.
    SameAsEmail,
}

/// Hashing failed; only a defect or a lack of memory can cause it.
#[derive(Debug)]
pub struct HashFailed;

impl NewPassword {
    /// Checks a password for an account with this e-mail address.
    pub fn parse(raw: &str, email: &str) -> Result<Self, PasswordError> {
        if !(MIN_CHARS..=MAX_CHARS).contains(&raw.chars().count()) {
            return Err(PasswordError::Length);
        }
        let mut chars = raw.chars();
        let first = chars.next();
        if chars.all(|c| Some(c) == first) {
            return Err(PasswordError::OneCharacter);
        }
        if raw.trim().eq_ignore_ascii_case(email) {
            return Err(PasswordError::SameAsEmail);
        }
        Ok(Self(raw.to_owned()))
    }

    /// The password's hash with a fresh salt, as a PHC string.
    pub fn hash(&self) -> Result<String, HashFailed> {
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(|_| HashFailed)?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| HashFailed)?;
        let hash = argon2()?.hash_password(self.0.as_bytes(), &salt).map_err(|_| HashFailed)?;
        Ok(hash.to_string())
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(***)")
    }
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(f, "must have {MIN_CHARS} to {MAX_CHARS} characters"),
            Self::OneCharacter => f.write_str("must not be one character repeated"),
            Self::SameAsEmail => f.write_str("must not be your e-mail address"),
        }
    }
}

/// Whether `password` is the one behind `hash`. `None` (no such account) does the same work and is always false.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let matches = PasswordHash::new(hash.unwrap_or(NOBODYS))
        .is_ok_and(|parsed| argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &parsed).is_ok()));
    matches && hash.is_some()
}

fn argon2() -> Result<Argon2<'static>, HashFailed> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| HashFailed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "ana@souk.example";

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(NewPassword::parse("ninechars", EMAIL).unwrap_err(), PasswordError::Length);
        assert!(NewPassword::parse("zehnzeich€", EMAIL).is_ok());
        assert!(NewPassword::parse(&"aé".repeat(100), EMAIL).is_ok());
        assert_eq!(NewPassword::parse(&"ab".repeat(101), EMAIL).unwrap_err(), PasswordError::Length);
    }

    #[test]
    fn the_first_guesses_are_refused() {
        assert_eq!(NewPassword::parse("aaaaaaaaaaaa", EMAIL).unwrap_err(), PasswordError::OneCharacter);
        assert_eq!(NewPassword::parse("Ana@Souk.Example", EMAIL).unwrap_err(), PasswordError::SameAsEmail);
    }

    #[test]
    fn a_hash_verifies_its_own_password_only() {
        let hash = NewPassword::parse("correct horse", EMAIL).unwrap().hash().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse", Some(&hash)));
        assert!(!verify("correct horse ", Some(&hash)));
        assert!(!verify("", Some(&hash)));
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        let password = NewPassword::parse("correct horse", EMAIL).unwrap();
        assert_ne!(password.hash().unwrap(), password.hash().unwrap());
    }

    #[test]
    fn no_account_is_verified_against_a_hash_of_the_same_cost() {
        let ours = NewPassword::parse("correct horse", EMAIL).unwrap().hash().unwrap();
        let (ours, nobodys) = (PasswordHash::new(&ours).unwrap(), PasswordHash::new(NOBODYS).unwrap());
        assert_eq!(ours.algorithm, nobodys.algorithm);
        assert_eq!(ours.params, nobodys.params);
        assert_eq!(ours.salt.unwrap().len(), nobodys.salt.unwrap().len());
        assert_eq!(ours.hash.unwrap().len(), nobodys.hash.unwrap().len());
        assert!(!verify("correct horse", None));
    }

    #[test]
    fn a_broken_hash_lets_nobody_in() {
        assert!(!verify("correct horse", Some("")));
        assert!(!verify("correct horse", Some("$argon2id$x")));
    }

    #[test]
    fn a_password_never_shows_itself() {
        let password = NewPassword::parse("correct horse", EMAIL).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
    }
}
