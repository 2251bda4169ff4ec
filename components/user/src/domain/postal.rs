//! An address that an account keeps: what the shopper typed, checked by the rules that checkout has, and trimmed.

use serde::{Deserialize, Serialize};
use souk_core::address::{Address, FieldError};
use utoipa::ToSchema;
use uuid::Uuid;

/// Addresses that one account can keep.
pub const MOST_ADDRESSES: usize = 20;

/// An address to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    /// Who receives parcels there.
    #[schema(example = "Ana Souk", min_length = 1, max_length = 100)]
    name: String,
    /// Street and number.
    #[schema(example = "Rua das Flores 7", min_length = 1, max_length = 200)]
    line1: String,
    /// Flat, floor, company.
    #[schema(max_length = 200)]
    line2: Option<String>,
    /// City.
    #[schema(example = "Lisboa", min_length = 1, max_length = 100)]
    city: String,
    /// Postal code.
    #[schema(example = "1200-192", min_length = 1, max_length = 20)]
    postal_code: String,
    /// State or province where the country has them.
    #[schema(max_length = 100)]
    region: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "PT", pattern = "^[A-Z]{2}$")]
    country: String,
    /// True makes it the default. False changes nothing: an account with addresses always has one default.
    #[serde(default)]
    is_default: bool,
}

/// An address that the account keeps.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedAddress)]
pub struct SavedAddress {
    /// UUIDv7.
    pub id: Uuid,
    /// Who receives parcels there.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Flat, floor, company.
    #[schema(required)]
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// State or province.
    #[schema(required)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether it is the one to suggest.
    pub is_default: bool,
}

/// All addresses of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedAddresses {
    /// The default one first, then by age.
    pub items: Vec<SavedAddress>,
}

impl AddressInput {
    /// The checked address, and whether it is to be the default.
    pub fn check(self) -> Result<(Address, bool), Vec<FieldError>> {
        let address = Address {
            name: self.name,
            line1: self.line1,
            line2: self.line2,
            city: self.city,
            postal_code: self.postal_code,
            region: self.region,
            country: self.country,
        };
        address.validate("")?;
        let trimmed = |text: String| text.trim().to_owned();
        let optional = |text: Option<String>| text.map(trimmed).filter(|text| !text.is_empty());
        let address = Address {
            name: trimmed(address.name),
            line1: trimmed(address.line1),
            line2: optional(address.line2),
            city: trimmed(address.city),
            postal_code: trimmed(address.postal_code),
            region: optional(address.region),
            country: address.country,
        };
        Ok((address, self.is_default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_trimmed_and_empty_lines_are_none() {
        let json =
            r#"{"name":" Ana ","line1":"Rua 7 ","line2":"  ","city":"Lisboa","postal_code":" 1200 ","country":"PT"}"#;
        let (address, is_default) = serde_json::from_str::<AddressInput>(json).unwrap().check().unwrap();
        assert_eq!(
            (address.name.as_str(), address.line1.as_str(), address.postal_code.as_str()),
            ("Ana", "Rua 7", "1200")
        );
        assert_eq!((address.line2, address.region, is_default), (None, None, false));
    }

    #[test]
    fn every_bad_field_is_named() {
        let json = r#"{"name":"","line1":"a\u0000","city":"x","postal_code":"1","country":"pt","is_default":true}"#;
        let errors = serde_json::from_str::<AddressInput>(json).unwrap().check().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "line1", "country"]);
    }

    #[test]
    fn an_unknown_member_is_refused() {
        let json = r#"{"name":"A","line1":"B","city":"C","postal_code":"1","country":"PT","vat":"1"}"#;
        assert!(serde_json::from_str::<AddressInput>(json).is_err());
    }
}
