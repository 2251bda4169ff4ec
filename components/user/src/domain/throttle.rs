//! Sign-in throttling: how many wrong passwords an account may see before it rests for a while.

use sha2::{Digest, Sha256};
use souk_core::email::Email;

/// Wrong passwords within [`WINDOW_S`] after which sign-in to the account rests.
pub const MAX_FAILURES: i64 = 10;
/// Seconds from the first wrong password until the count starts again.
pub const WINDOW_S: i64 = 900;

/// The Redis key that counts wrong passwords for an address. The address itself does not appear in Redis, and an
/// address without an account is counted like any other, so that throttling tells nobody which accounts exist.
pub fn key(email: &Email) -> String {
    let digest = Sha256::digest(email.as_str().as_bytes());
    let short: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("souk:user:sign-in-failures:{short}")
}

/// Seconds to wait, given the count of failures and the milliseconds that the count still lives; `None` when another
/// try is fine.
pub fn wait_s(failures: i64, ttl_ms: i64) -> Option<u32> {
    if failures < MAX_FAILURES {
        return None;
    }
    let seconds = ttl_ms.max(0).div_euclid(1000).saturating_add(1).min(WINDOW_S);
    Some(u32::try_from(seconds).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_failure_closes_the_door_until_the_window_ends() {
        assert_eq!(wait_s(9, 500_000), None);
        assert_eq!(wait_s(10, 500_000), Some(501));
        assert_eq!(wait_s(10, 1), Some(1));
        assert_eq!(wait_s(1000, -2), Some(1));
        assert_eq!(wait_s(10, i64::MAX), Some(900));
    }

    #[test]
    fn one_account_has_one_count_and_redis_learns_no_address() {
        let key_of = |raw| key(&Email::parse(raw).unwrap());
        assert_eq!(key_of("Ana@Souk.Example"), key_of("ana@souk.example"));
        assert_ne!(key_of("ana@souk.example"), key_of("bea@souk.example"));
        assert!(!key_of("ana@souk.example").contains("ana"));
    }
}
