//! How many pieces of one SKU a shopper may ask for.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// 1 to 1,000 pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Quantity(u32);

/// The number is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quantity is a whole number from 1 to {max}", max = Quantity::MAX)]
pub struct InvalidQuantity;

impl Quantity {
    /// The most pieces of one SKU in one cart.
    pub const MAX: u32 = 1000;

    /// Checks the bounds.
    pub fn new(pieces: i64) -> Result<Self, InvalidQuantity> {
        u32::try_from(pieces).ok().filter(|n| (1..=Self::MAX).contains(n)).map(Self).ok_or(InvalidQuantity)
    }

    /// The count.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(Self::MAX)).build().into()
    }
}

impl ToSchema for Quantity {}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_counts_are_refused() {
        assert_eq!(Quantity::new(1).map(Quantity::get), Ok(1));
        assert_eq!(Quantity::new(1000).map(Quantity::get), Ok(1000));
        for bad in [0, -1, 1001, i64::MAX, i64::MIN] {
            assert_eq!(Quantity::new(bad), Err(InvalidQuantity));
        }
        assert!(serde_json::from_str::<Quantity>("1.5").is_err());
    }
}
