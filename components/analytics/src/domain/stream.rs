//! The shop's event streams as operators name them, and the entries of their dead letters.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An event stream, by who publishes on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// `souk:user`
    User,
    /// `souk:catalog`
    Catalog,
    /// `souk:inventory`
    Inventory,
    /// `souk:order`
    Order,
    /// `souk:payment`
    Payment,
    /// `souk:notification`
    Notification,
    /// `souk:mailer`
    Mailer,
}

impl Stream {
    /// Every stream that streams.toml names.
    pub const ALL: [Self; 7] =
        [Self::User, Self::Catalog, Self::Inventory, Self::Order, Self::Payment, Self::Notification, Self::Mailer];

    /// The key of the stream in Redis.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "souk:user",
            Self::Catalog => "souk:catalog",
            Self::Inventory => "souk:inventory",
            Self::Order => "souk:order",
            Self::Payment => "souk:payment",
            Self::Notification => "souk:notification",
            Self::Mailer => "souk:mailer",
        }
    }

    /// The key of its dead letters.
    pub fn dead_key(self) -> String {
        format!("{}:dead", self.key())
    }

    /// The stream with this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.key() == key)
    }
}

/// The id of an entry, as in `1732270000000-0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EntryId(String);

/// The text is not the id of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry's id is two numbers, as in 1732270000000-0")]
pub struct InvalidEntryId;

impl TryFrom<String> for EntryId {
    type Error = InvalidEntryId;

    fn try_from(text: String) -> Result<Self, InvalidEntryId> {
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u64>().ok()).flatten();
        let parts = text.split_once('-').and_then(|(ms, seq)| Some((number(ms)?, number(seq)?)));
        // Redis gives 0-0 to no entry and refuses it as a bound.
        if parts.is_some_and(|parts| parts != (0, 0)) { Ok(Self(text)) } else { Err(InvalidEntryId) }
    }
}

impl EntryId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When the entry was added, RFC 3339 in UTC.
    pub fn time(&self) -> String {
        let ms = self.0.split_once('-').and_then(|(ms, _)| ms.parse::<i64>().ok()).unwrap_or_default();
        rfc3339(ms)
    }
}

/// Howard Hinnant's `civil_from_days`, for years 0 to 9999; what is beyond them is told as their end.
fn rfc3339(unix_ms: i64) -> String {
    let unix_ms = unix_ms.clamp(0, 253_402_300_799_999);
    let (days, ms) = (unix_ms.div_euclid(86_400_000), unix_ms.rem_euclid(86_400_000));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stream_of_the_shop_is_known() {
        let topology = include_str!("../../../../streams.toml");
        let mut named: Vec<&str> = topology
            .lines()
            .filter_map(|line| line.strip_prefix("[streams.\"").and_then(|rest| rest.strip_suffix("\"]")))
            .collect();
        let mut known: Vec<&str> = Stream::ALL.into_iter().map(Stream::key).collect();
        named.sort_unstable();
        known.sort_unstable();
        assert_eq!(named, known);
    }

    #[test]
    fn only_what_redis_takes_is_an_entrys_id() {
        assert!(EntryId::try_from("1732270000000-0".to_owned()).is_ok());
        for bad in ["", "-", "1", "1-", "-1", "0-0", "+1-1", "1-1-1", "a-0", "18446744073709551616-0", "1-0\0"] {
            assert_eq!(EntryId::try_from(bad.to_owned()), Err(InvalidEntryId), "{bad:?}");
        }
    }

    #[test]
    fn an_entry_tells_its_time() {
        let time = |id: &str| EntryId::try_from(id.to_owned()).map(|id| id.time());
        assert_eq!(time("1732270000000-0"), Ok("2024-11-22T10:06:40.000Z".to_owned()));
        assert_eq!(time("951782400123-7"), Ok("2000-02-29T00:00:00.123Z".to_owned()));
        assert_eq!(time("18446744073709551615-1"), Ok("1970-01-01T00:00:00.000Z".to_owned()));
    }
}
