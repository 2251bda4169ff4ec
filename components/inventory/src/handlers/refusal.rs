//! Why stock was not changed, in words for the one who asked.

use super::unknown_sku;
use crate::domain::location::LocationCode;
use serde::Deserialize;
use souk_core::{problem::Problem, sku::Sku};
use souk_host::ApiError;

/// What `change_stock` and `transfer_stock` answer when they refuse; the migration says what each means.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Refusal {
    UnknownSku,
    UnknownLocation { location: Option<String> },
    NotEnough { available: i64 },
    TooMuch { received: i64 },
    KeyReused,
}

impl Refusal {
    /// The problem to answer with. `from` is where pieces were to go from, `to` where they were to go.
    pub fn problem(self, sku: &Sku, from: &LocationCode, to: &LocationCode) -> ApiError {
        match self {
            Self::UnknownSku => unknown_sku(sku.as_str()),
            Self::UnknownLocation { location } => {
                let code = location.unwrap_or_else(|| to.as_str().to_owned());
                Problem::unprocessable(
                    "unknown-location",
                    format!("There is no location {code}. GET /api/inventory/locations lists them."),
                )
                .with("location", code)
                .into()
            }
            Self::NotEnough { available } => Problem::conflict(
                "not-enough-stock",
                format!(
                    "Only {available} of {sku} at {} can be taken away; the rest is reserved or sold. Nothing was changed.",
                    from.as_str()
                ),
            )
            .with("sku", sku)
            .with("location", from.as_str())
            .with("available", available)
            .into(),
            Self::TooMuch { received } => Problem::conflict(
                "too-much-stock",
                format!(
                    "{sku} at {} would pass the most that can be stocked, 1,000,000,000. Nothing was changed.",
                    to.as_str()
                ),
            )
            .with("sku", sku)
            .with("location", to.as_str())
            .with("received", received)
            .into(),
            Self::KeyReused => Problem::unprocessable(
                "idempotency-key-reused",
                "This Idempotency-Key was used for another request. Use a new key for a new change.",
            )
            .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_the_database_is_understood() {
        let parse = |json| serde_json::from_str::<Refusal>(json).unwrap();
        assert_eq!(parse(r#"{"outcome": "unknown_sku"}"#), Refusal::UnknownSku);
        assert_eq!(parse(r#"{"outcome": "unknown_location"}"#), Refusal::UnknownLocation { location: None });
        let named = Refusal::UnknownLocation { location: Some("x".into()) };
        assert_eq!(parse(r#"{"outcome": "unknown_location", "location": "x"}"#), named);
        assert_eq!(parse(r#"{"outcome": "not_enough", "available": 3}"#), Refusal::NotEnough { available: 3 });
        assert_eq!(parse(r#"{"outcome": "too_much", "received": 3}"#), Refusal::TooMuch { received: 3 });
        assert_eq!(parse(r#"{"outcome": "key_reused"}"#), Refusal::KeyReused);
    }
}
