//! The code of a location, as it stands in addresses, ledgers and labels.

use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

/// 1 to 32 characters of `a-z 0-9 -`.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "lisbon", pattern = "^[a-z0-9-]{1,32}$")]
pub struct LocationCode(String);

impl LocationCode {
    /// The location that every shop has.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// Parses a code exactly as written; none when it cannot be one.
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = (1..=32).contains(&raw.len());
        let clean = raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (fits && clean).then(|| Self(raw.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for LocationCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw)
            .ok_or_else(|| D::Error::custom("a location has 1 to 32 characters: small letters, digits and dashes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_codes() {
        assert_eq!(LocationCode::parse("lisbon-2").as_ref().map(LocationCode::as_str), Some("lisbon-2"));
        for bad in ["", "Main", "a b", "é", "a\0", "a/b", &"x".repeat(33)] {
            assert_eq!(LocationCode::parse(bad), None, "{bad:?}");
        }
    }
}
