//! The shapes that leave the service, for the OpenAPI document. Postgres makes the JSON and nothing reads it again on its
//! way out; the tests read it as these types, so that neither can change without the other.

use crate::domain::input::Status;
use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;
use uuid::Uuid;

/// A product in a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductCard {
    /// The product's id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Maker or brand; may be empty.
    pub vendor: String,
    /// Slug of its category.
    pub category: String,
    /// Price of the cheapest variant.
    pub price_from: Money,
    /// Whether any variant is in stock.
    pub in_stock: bool,
    /// Address of its picture.
    pub image_url: String,
    /// What the picture shows.
    pub image_alt: String,
    /// Whether it is shown to everybody.
    pub status: Status,
}

/// One page of a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPage {
    /// The products, in the list's order.
    pub items: Vec<ProductCard>,
    /// Pass it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// True when no product has the words searched for, and these are spelled like them instead.
    pub approximate: bool,
}

/// One sellable form of a product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantDetail {
    /// Unique in the whole shop.
    pub sku: String,
    /// What tells it from its siblings, as in `1 l / Copper`; empty for a single variant.
    pub title: String,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    /// What it costs.
    pub price: Money,
    /// What it used to cost.
    pub compare_at: Option<Money>,
    /// Weight of one piece.
    pub grams: i64,
    /// GTIN, EAN or the like.
    pub barcode: Option<String>,
    /// Whether it can be bought now.
    pub in_stock: bool,
}

/// A product in full.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductDetail {
    /// The product's id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Plain structure only, safe to show as it is.
    pub description_html: String,
    /// Maker or brand; may be empty.
    pub vendor: String,
    /// Slug of its category.
    pub category: String,
    /// Kind of product; may be empty.
    pub product_type: String,
    /// Words that it is found by.
    pub tags: Vec<String>,
    /// Whether it is shown to everybody.
    pub status: Status,
    /// Address of its picture.
    pub image_url: String,
    /// What the picture shows.
    pub image_alt: String,
    /// Names of what the variants differ in.
    pub options: Vec<String>,
    /// Price of the cheapest variant.
    pub price_from: Money,
    /// Whether any variant is in stock.
    pub in_stock: bool,
    /// Grows with every change by the merchant; a PATCH may name the one it was made for.
    pub version: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// In the merchant's order; at least one.
    pub variants: Vec<VariantDetail>,
}

/// A category and how many active products it has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryCount {
    /// Its name in addresses and in `category=`.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// How many active products it has.
    pub products: i64,
}

/// All categories that have active products.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryList {
    /// By title.
    pub items: Vec<CategoryCount>,
}

/// What a batch did.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchOutcome {
    /// Products that are new.
    pub created: i64,
    /// Products that differed and are now as given.
    pub updated: i64,
    /// Products that already were as given.
    pub unchanged: i64,
}

/// A SKU that another product has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkuConflict {
    /// The SKU.
    pub sku: String,
    /// The product that it was given for.
    pub slug: String,
    /// The product that has it.
    pub owner: String,
}
