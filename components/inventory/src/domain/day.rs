//! A day of the calendar as callers write it, checked before the database sees it.

use serde::{Deserialize, Deserializer, de::Error as _};
use souk_core::calendar::days_in_month;
use utoipa::ToSchema;

/// A day that exists, as in `2027-05-12`.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = Date, example = "2027-05-12")]
pub struct Day(String);

impl Day {
    /// Checks shape and calendar; none when there is no such day.
    pub fn parse(raw: &str) -> Option<Self> {
        let [year, month, day] = raw.split('-').collect::<Vec<_>>().try_into().ok()?;
        let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
        ((1..=days_in_month(year, month)?).contains(&day) && year > 0).then(|| Self(raw.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not a day as in 2027-05-12"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_pass() {
        for good in ["2027-05-12", "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Day::parse(good).as_ref().map(Day::as_str), Some(good));
        }
        for bad in [
            "",
            "2027-02-29",
            "2100-02-29",
            "2027-04-31",
            "2027-13-01",
            "2027-00-10",
            "2027-05-00",
            "0000-01-01",
            "27-05-12",
            "2027-5-12",
            "2027-05-12T00:00:00Z",
            "2027-05-12-",
            "+027-05-12",
            "２０２７-05-12",
            "2027-05-12\0",
            "tomorrow",
            "infinity",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad:?}");
        }
    }
}
