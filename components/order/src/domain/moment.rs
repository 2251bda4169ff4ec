//! A moment as callers write it, checked before the database sees it.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use souk_core::calendar::days_in_month;
use utoipa::ToSchema;

/// RFC 3339 with a zone, from 1971 to 9998.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-01-31T12:00:00Z")]
pub struct Moment(String);

/// The text is not a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a moment as in 2026-01-31T12:00:00Z, from 1971 to 9998")]
pub struct InvalidMoment;

impl Moment {
    /// Checks shape and calendar.
    pub fn parse(raw: &str) -> Result<Self, InvalidMoment> {
        is_moment(raw).then(|| Self(raw.to_owned())).ok_or(InvalidMoment)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_moment(raw: &str) -> bool {
    let Some((date, rest)) = raw.split_once(['T', 't']) else { return false };
    let Some(zone_at) = rest.find(['Z', 'z', '+', '-']) else { return false };
    let (time, zone) = rest.split_at(zone_at);
    let date_fits = match parts(date, '-').as_slice() {
        [year @ 1971..=9998, month, day] => {
            days_in_month(*year, *month).is_some_and(|last| (1..=last).contains(day)) && date.len() == 10
        }
        _ => false,
    };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let time_fits = matches!(parts(whole, ':').as_slice(), [0..=23, 0..=59, 0..=59]) && whole.len() == 8;
    let fraction_fits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let zone_fits = match zone.strip_prefix(['+', '-']) {
        Some(offset) => matches!(parts(offset, ':').as_slice(), [0..=14, 0..=59]) && offset.len() == 5,
        None => zone.eq_ignore_ascii_case("z"),
    };
    date_fits && time_fits && fraction_fits && zone_fits
}

/// The numbers between separators; empty when one is none.
fn parts(text: &str, separator: char) -> Vec<u32> {
    let number = |part: &str| match part.bytes().all(|byte| byte.is_ascii_digit()) {
        true => part.parse().ok(),
        false => None,
    };
    text.split(separator).map(number).collect::<Option<_>>().unwrap_or_default()
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_moments_that_exist_pass() {
        for good in ["2026-01-31T12:00:00Z", "2024-02-29t23:59:59.123456z", "2026-12-01T00:00:00+05:30"] {
            assert!(Moment::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "2026-01-31",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "now",
            "2026-01-01T00:00:00",
            "1969-12-31T23:59:59Z",
            "9999-01-01T00:00:00Z",
            "2026-1-1T0:0:0Z",
            "2026-01-01T00:00:00+99:00",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Z'",
            "２026-01-01T00:00:00Z",
            "2026-01-01T00:00:00ZZ",
            "2026-01-01T00:00:00+05:30:00",
            "+026-01-01T00:00:00Z",
        ] {
            assert_eq!(Moment::parse(bad), Err(InvalidMoment), "{bad}");
        }
    }
}
