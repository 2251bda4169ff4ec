//! What an exchange of refresh tokens came to.

use serde::Deserialize;

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
    fn every_outcome_of_the_database_is_understood() {
        let read = |json: &str| serde_json::from_str::<Rotation<u8>>(json).unwrap();
        assert_eq!(read(r#"{"outcome":"rotated","account":7}"#), Rotation::Rotated { account: 7 });
        assert_eq!(read(r#"{"outcome":"reused"}"#), Rotation::Reused);
        assert_eq!(read(r#"{"outcome":"expired"}"#), Rotation::Expired);
        assert_eq!(read(r#"{"outcome":"revoked"}"#), Rotation::Revoked);
        assert_eq!(read(r#"{"outcome":"unknown"}"#), Rotation::Unknown);
    }
}
