//! How often something may be tried: by whom it is counted, for how long, and what a caller who was too eager is told.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Wrong passwords within [`WINDOW_S`] after which sign-in to an account rests.
pub const MAX_FAILURES: i64 = 10;
/// Seconds from the first attempt that is counted until the count starts again.
pub const WINDOW_S: i64 = 900;
/// Mails of one kind that an account can be sent within [`MAIL_WINDOW_S`].
pub const MAX_MAILS: i64 = 3;
/// The same for mails.
pub const MAIL_WINDOW_S: i64 = 3600;

/// What is counted. What each client address may do is the variable `address_limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Wrong passwords.
    SignIn,
    /// New accounts.
    Register,
    /// New guests.
    Guest,
    /// Mails with a reset token.
    Forgot,
    /// Mails with a verification token.
    Verify,
}

impl Counted {
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Register => "register",
            Self::Guest => "guest",
            Self::Forgot => "forgot",
            Self::Verify => "verify",
        }
    }

    /// The Redis key that counts for an e-mail address. The address itself does not appear in Redis, and one without an
    /// account is counted like any other, so that throttling tells nobody which accounts exist.
    pub fn of_email(self, email: &str) -> String {
        let digest = Sha256::digest(email.as_bytes());
        let short: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("souk:user:throttle:{}:email:{short}", self.word())
    }

    /// The key that counts for an account.
    pub fn of_account(self, id: Uuid) -> String {
        format!("souk:user:throttle:{}:account:{id}", self.word())
    }

    /// The key that counts for a client address; callers whose address is unknown are counted together.
    pub fn of_address(self, address: Option<&str>) -> String {
        format!("souk:user:throttle:{}:from:{}", self.word(), address.unwrap_or("unknown"))
    }
}

/// Seconds to wait before another attempt, given how many there were before this one and the milliseconds that the count
/// still lives; `None` when this one is fine.
pub fn wait_s(before: i64, most: i64, ttl_ms: i64) -> Option<u32> {
    if before < most {
        return None;
    }
    let seconds = ttl_ms.max(0).div_euclid(1000).saturating_add(1).min(MAIL_WINDOW_S);
    Some(u32::try_from(seconds).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_core::email::Email;

    #[test]
    fn the_tenth_failure_closes_the_door_until_the_window_ends() {
        assert_eq!(wait_s(9, MAX_FAILURES, 500_000), None);
        assert_eq!(wait_s(10, MAX_FAILURES, 500_000), Some(501));
        assert_eq!(wait_s(10, MAX_FAILURES, 1), Some(1));
        assert_eq!(wait_s(1000, MAX_FAILURES, -2), Some(1));
        assert_eq!(wait_s(10, MAX_FAILURES, i64::MAX), Some(3600));
    }

    #[test]
    fn one_account_has_one_count_and_redis_learns_no_email() {
        let key_of = |raw| Counted::SignIn.of_email(Email::parse(raw).unwrap().as_str());
        assert_eq!(key_of("Ana@Souk.Example"), key_of("ana@souk.example"));
        assert_ne!(key_of("ana@souk.example"), key_of("bea@souk.example"));
        assert!(!key_of("ana@souk.example").contains("ana"));
    }

    #[test]
    fn what_is_counted_for_one_purpose_does_not_count_for_another() {
        let all = [Counted::SignIn, Counted::Register, Counted::Guest, Counted::Forgot, Counted::Verify];
        let keys: std::collections::BTreeSet<_> = all.iter().map(|kind| kind.of_address(Some("203.0.113.7"))).collect();
        assert_eq!(keys.len(), all.len());
        assert_ne!(Counted::Guest.of_address(None), Counted::Guest.of_address(Some("203.0.113.7")));
    }
}
