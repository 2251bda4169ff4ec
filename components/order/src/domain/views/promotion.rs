//! Promotion codes, as merchants see them.

use crate::domain::promotion_request::Offer;
use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;

/// A promotion code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Promotion)]
pub struct PromotionView {
    /// The code.
    #[schema(example = "WELCOME10")]
    pub code: String,
    /// What shoppers read.
    pub label: String,
    /// What it gives.
    pub benefit: Offer,
    /// What the goods that it counts for must cost at least; null: anything.
    pub min_subtotal: Option<Money>,
    /// With `categories`, the goods that it counts for; both empty: all.
    pub skus: Vec<String>,
    /// Categories of the catalogue.
    pub categories: Vec<String>,
    /// Whether it may be used beside other discounts that allow it, too.
    pub combinable: bool,
    /// RFC 3339; null: since ever.
    pub valid_from: Option<String>,
    /// RFC 3339; null: for ever.
    pub valid_until: Option<String>,
    /// Whether it can be used.
    pub active: bool,
    /// How many orders may use it; null: as many as like.
    pub max_uses: Option<u32>,
    /// How many orders of one shopper may use it; null: as many as like.
    pub max_uses_per_shopper: Option<u32>,
    /// How many orders use it. One that ended before anything was paid does not count.
    pub used: u64,
    /// RFC 3339.
    pub created_at: String,
}

/// A page of promotion codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PromotionPage {
    /// Newest first.
    pub items: Vec<PromotionView>,
    /// Send it back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}
