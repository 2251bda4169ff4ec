//! Stock keeping units: the name under which a sellable thing is priced, stocked and ordered.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::fmt;
use utoipa::ToSchema;

/// 1 to 64 characters of `A-Z a-z 0-9 . _ -`, as it stands in URLs, CSV files and labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, example = "TEA-0012-250G", pattern = "^[A-Za-z0-9._-]{1,64}$")]
pub struct Sku(String);

/// The text is not a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SKU has 1 to 64 characters: letters, digits, dot, dash and underscore")]
pub struct InvalidSku;

impl Sku {
    /// Parses a SKU exactly as written; nothing is trimmed or folded.
    pub fn parse(raw: &str) -> Result<Self, InvalidSku> {
        let fits = (1..=64).contains(&raw.len());
        let clean = raw.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if fits && clean { Ok(Self(raw.to_owned())) } else { Err(InvalidSku) }
    }

    /// The SKU as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sku {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_skus() {
        assert!(Sku::parse("TEA-0012-250G").is_ok());
        for bad in ["", "a b", "ü", "a/b", "a\0", "'; --", &"x".repeat(65)] {
            assert_eq!(Sku::parse(bad), Err(InvalidSku), "{bad:?}");
        }
    }
}
