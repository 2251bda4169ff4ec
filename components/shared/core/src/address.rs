//! Where an order goes.

use crate::text::{self, TextError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A shipping address as the shopper typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Who receives the parcel, 1 to 100 characters.
    #[schema(example = "Ana Souk")]
    pub name: String,
    /// Street and number, 1 to 200 characters.
    #[schema(example = "Rua das Flores 7")]
    pub line1: String,
    /// Further line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// City, 1 to 100 characters.
    #[schema(example = "Lisboa")]
    pub city: String,
    /// Postal code, 1 to 20 characters.
    #[schema(example = "1200-192")]
    pub postal_code: String,
    /// State or province where the country has them, at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    #[schema(example = "PT", pattern = "^[A-Z]{2}$")]
    pub country: String,
}

/// One field that does not pass, as shown in a problem's `errors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field in the request, as in `shipping_address.city`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl Address {
    /// Checks every field; `prefix` is put before each field's name in the errors.
    pub fn validate(&self, prefix: &str) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut check = |field: &str, outcome: Result<(), TextError>| {
            if let Err(error) = outcome {
                errors.push(FieldError { field: format!("{prefix}{field}"), message: error.to_string() });
            }
        };
        check("name", text::line(&self.name, 1, 100).map(drop));
        check("line1", text::line(&self.line1, 1, 200).map(drop));
        check("line2", text::line(self.line2.as_deref().unwrap_or(""), 0, 200).map(drop));
        check("city", text::line(&self.city, 1, 100).map(drop));
        check("postal_code", text::line(&self.postal_code, 1, 20).map(drop));
        check("region", text::line(self.region.as_deref().unwrap_or(""), 0, 100).map(drop));
        if self.country.len() != 2 || !self.country.bytes().all(|b| b.is_ascii_uppercase()) {
            errors.push(FieldError {
                field: format!("{prefix}country"),
                message: "must be a two-letter country code in upper case, as in PT".to_owned(),
            });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_field_is_named_once() {
        let address = Address {
            name: " ".into(),
            line1: "x".repeat(201),
            line2: Some("a\0".into()),
            city: "Lisboa".into(),
            postal_code: "1".into(),
            region: None,
            country: "pt".into(),
        };
        let errors = address.validate("shipping_address.").unwrap_err();
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            fields,
            ["shipping_address.name", "shipping_address.line1", "shipping_address.line2", "shipping_address.country"]
        );
    }
}
