//! What a merchant says about a promotion code, checked field by field.

use super::moment::Moment;
use serde::{Deserialize, Deserializer, Serialize};
use souk_core::{address::FieldError, money::Money, sku::Sku, text};
use utoipa::ToSchema;

/// What a code gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Offer {
    /// A part of what the goods cost.
    Percentage {
        /// Hundredths of a percent: 1000 is 10 %.
        #[schema(minimum = 1, maximum = 10_000)]
        basis_points: u32,
    },
    /// A fixed amount off.
    FixedAmount {
        /// More than nothing; carts of another currency cannot use the code.
        amount: Money,
    },
    /// Of every `buy + get` pieces, the `get` cheapest are free.
    BuyXGetY {
        /// Pieces to pay.
        #[schema(minimum = 1, maximum = 100)]
        buy: u32,
        /// Pieces on top.
        #[schema(minimum = 1, maximum = 100)]
        get: u32,
    },
    /// Shipping costs nothing.
    FreeShipping,
}

/// A new code.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromotion {
    /// Upper-case letters, digits, `-` and `_`; shoppers may type it in any case.
    #[schema(pattern = "^[A-Z0-9_-]{1,40}$", example = "WELCOME10")]
    pub code: String,
    /// What shoppers read.
    #[schema(min_length = 1, max_length = 120, example = "Welcome: 10 % off")]
    pub label: String,
    /// What it gives.
    pub benefit: Offer,
    /// What the goods that it counts for must cost at least.
    #[serde(default)]
    pub min_subtotal: Option<Money>,
    /// Together with `categories`: the goods that it counts for. All, when both are empty.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub skus: Vec<Sku>,
    /// Categories of the catalogue.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub categories: Vec<String>,
    /// Whether it may be used beside other discounts that allow it, too. Free shipping always may.
    #[serde(default)]
    pub combinable: bool,
    /// From when on.
    #[serde(default)]
    pub valid_from: Option<Moment>,
    /// Until when.
    #[serde(default)]
    pub valid_until: Option<Moment>,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub active: bool,
    /// How many orders may use it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub max_uses: Option<i32>,
    /// How many orders of one shopper may use it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub max_uses_per_shopper: Option<i32>,
}

/// What is to be changed about a code; what is left out stays, null takes a limit away.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromotionChange {
    /// What shoppers read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120)]
    pub label: Option<String>,
    /// Whether it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// From when on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Moment>)]
    pub valid_from: Option<Option<Moment>>,
    /// Until when.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Moment>)]
    pub valid_until: Option<Option<Moment>>,
    /// How many orders may use it; no less than did.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    pub max_uses: Option<Option<i32>>,
    /// How many orders of one shopper may use it, from now on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 100)]
    pub max_uses_per_shopper: Option<Option<i32>>,
}

fn yes() -> bool {
    true
}

/// Tells null from left out.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl NewPromotion {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = common(Some(&self.label), self.max_uses, self.max_uses_per_shopper);
        let mut refuse = |field: &str, message: &str| errors.push(error(field, message));
        if !is_code(&self.code) {
            refuse("code", "must have 1 to 40 upper-case letters, digits, - and _");
        }
        let amount = match self.benefit {
            Offer::Percentage { basis_points } if !(1..=10_000).contains(&basis_points) => {
                refuse("benefit.basis_points", "must be from 1 to 10000");
                None
            }
            Offer::BuyXGetY { buy, get } if !(1..=100).contains(&buy) || !(1..=100).contains(&get) => {
                refuse("benefit", "buy and get must be from 1 to 100");
                None
            }
            Offer::FixedAmount { amount } if amount.amount_minor <= 0 => {
                refuse("benefit.amount.amount_minor", "must be more than nothing");
                None
            }
            Offer::FixedAmount { amount } => Some(amount),
            _ => None,
        };
        if let Some(minimum) = self.min_subtotal {
            if minimum.amount_minor < 0 {
                refuse("min_subtotal.amount_minor", "must be zero or more");
            } else if amount.is_some_and(|amount| amount.currency != minimum.currency) {
                refuse("min_subtotal.currency", "must be that of the amount");
            }
        }
        if self.skus.len() > 100 {
            refuse("skus", "must be at most 100");
        }
        if self.categories.len() > 100 || self.categories.iter().any(|name| text::line(name, 1, 100).is_err()) {
            refuse("categories", "must be at most 100, each of 1 to 100 characters");
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl PromotionChange {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let errors = common(self.label.as_deref(), self.max_uses.flatten(), self.max_uses_per_shopper.flatten());
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Whether the text can be a code.
pub fn is_code(code: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (1..=40).contains(&code.len()) && code.bytes().all(fits)
}

fn common(label: Option<&str>, uses: Option<i32>, per_shopper: Option<i32>) -> Vec<FieldError> {
    let label = label.and_then(|label| text::line(label, 1, 120).err());
    let uses = uses.filter(|uses| !(1..=1_000_000).contains(uses));
    let per_shopper = per_shopper.filter(|uses| !(1..=100).contains(uses));
    [
        label.map(|why| error("label", &why.to_string())),
        uses.map(|_| error("max_uses", "must be from 1 to 1000000")),
        per_shopper.map(|_| error("max_uses_per_shopper", "must be from 1 to 100")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn error(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    fn faults(more: Value) -> Vec<String> {
        let mut body =
            json!({"code": "TEN", "label": "10 % off", "benefit": {"kind": "percentage", "basis_points": 1000}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let new: NewPromotion = serde_json::from_value(body).unwrap();
        new.validate().err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_bad_field_of_a_new_code_is_named() {
        assert_eq!(faults(json!({})), [""; 0]);
        let eur = |amount: i64| json!({"amount_minor": amount, "currency": "EUR"});
        for (more, field) in [
            (json!({"code": "ten"}), "code"),
            (json!({"code": "Ü"}), "code"),
            (json!({"label": "\u{0}"}), "label"),
            (json!({"benefit": {"kind": "percentage", "basis_points": 0}}), "benefit.basis_points"),
            (json!({"benefit": {"kind": "buy_x_get_y", "buy": 0, "get": 1}}), "benefit"),
            (json!({"benefit": {"kind": "fixed_amount", "amount": eur(0)}}), "benefit.amount.amount_minor"),
            (json!({"min_subtotal": eur(-1)}), "min_subtotal.amount_minor"),
            (json!({"max_uses": 0}), "max_uses"),
            (json!({"max_uses_per_shopper": 101}), "max_uses_per_shopper"),
            (json!({"categories": [""]}), "categories"),
        ] {
            assert_eq!(faults(more), [field]);
        }
    }

    #[test]
    fn the_demo_shop_has_codes_of_every_kind_and_no_bad_one() {
        let demo: Vec<NewPromotion> = serde_json::from_str(include_str!("../../../../demo/promotions.json")).unwrap();
        let kinds: BTreeSet<_> = demo.iter().map(|new| json!(new.benefit)["kind"].to_string()).collect();
        assert_eq!(kinds.len(), 4);
        for new in demo {
            assert_eq!(new.validate(), Ok(()), "{}", new.code);
        }
    }

    #[test]
    fn a_change_tells_null_from_left_out() {
        let change: PromotionChange = serde_json::from_value(json!({"max_uses": null, "active": false})).unwrap();
        assert_eq!(serde_json::to_value(&change).unwrap(), json!({"max_uses": null, "active": false}));
        assert!(serde_json::from_value::<PromotionChange>(json!({"code": "X"})).is_err(), "a code keeps its name");
    }
}
