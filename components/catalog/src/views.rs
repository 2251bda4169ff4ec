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
    /// With `facets=true`: what the filters would find among all products of the list.
    #[serde(default)]
    pub facets: Option<Facets>,
}

/// How many products of a list have what the filters filter by. Each value passes as its filter as it stands here.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facets {
    /// How many products were counted.
    pub products: i64,
    /// False when there may be more than the 10,000 that are counted at most; without a search those are the newest.
    pub complete: bool,
    /// How many can be bought now (`in_stock`).
    pub in_stock: i64,
    /// Those that hold some of the products, the fullest first (`category`).
    pub categories: Vec<CategoryFacet>,
    /// Spans of prices, the lowest first (`min_price`, `max_price`).
    pub prices: Vec<PriceFacet>,
    /// The 20 with most products (`vendor`).
    pub vendors: Vec<ValueFacet>,
    /// The 30 with most products (`tag`).
    pub tags: Vec<ValueFacet>,
    /// The 10 with most products (`option`, as in `Colour:Indigo`).
    pub options: Vec<OptionFacet>,
}

/// A category among the products of a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryFacet {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Slug of the category that it is within.
    pub parent: Option<String>,
    /// How many of the products are in it or below it.
    pub products: i64,
}

/// A span of prices.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceFacet {
    /// Lowest price, in minor units.
    pub min: i64,
    /// Highest price, in minor units; null for the span without an end.
    pub max: Option<i64>,
    /// How many products begin in it.
    pub products: i64,
}

/// A value and how many products have it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueFacet {
    /// The value.
    pub value: String,
    /// How many products have it.
    pub products: i64,
}

/// What variants differ in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionFacet {
    /// As in `Colour`.
    pub name: String,
    /// The 30 that most products have.
    pub values: Vec<ValueFacet>,
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
    /// All its pictures in order, this first one included.
    pub media: Vec<Media>,
    /// Names of what the variants differ in.
    pub options: Vec<String>,
    /// Price of the cheapest variant.
    pub price_from: Money,
    /// Whether any variant is in stock.
    pub in_stock: bool,
    /// Grows with every change by the merchant; `If-Match` names the one that a change was made for.
    pub version: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// In the merchant's order; at least one.
    pub variants: Vec<VariantDetail>,
}

/// A picture of a product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// Its address.
    pub url: String,
    /// What it shows; may be empty.
    pub alt: String,
    /// From 1.
    pub position: i64,
}

/// A category and how many active products it has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in addresses and in `category=`.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Slug of the category that it is within; null at the top.
    pub parent: Option<String>,
    /// How many categories it is within.
    pub depth: i64,
    /// Place among its siblings; equal places sort by title.
    pub position: i64,
    /// How many active products are in it or below it.
    pub products: i64,
}

/// The tree of categories.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryList {
    /// As the tree is read: each category before those within it, siblings in their order.
    pub items: Vec<Category>,
}

/// A collection without its products.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Plain structure only, safe to show as it is.
    pub description_html: String,
    /// Address of its picture; may be empty.
    pub image_url: String,
    /// What the picture shows.
    pub image_alt: String,
    /// Place among the collections; equal places sort by title.
    pub position: i64,
    /// Grows with every change; `If-Match` names the one that a change was made for.
    pub version: i64,
    /// How many active products it has.
    pub products: i64,
}

/// All collections.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionList {
    /// In their order.
    pub items: Vec<Collection>,
}

/// A collection and one page of its products.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionPage {
    /// The collection.
    pub collection: Collection,
    /// Its products, in the merchant's order.
    pub items: Vec<ProductCard>,
    /// Pass it as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// What a shopper may mean who has typed something so far.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestions {
    /// Products whose titles have words that begin so; when there are none, those spelled alike.
    pub products: Vec<SuggestedProduct>,
    /// At most three categories with products in them.
    pub categories: Vec<SuggestedCategory>,
}

/// A product that may be meant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestedProduct {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Price of the cheapest variant.
    pub price_from: Money,
    /// Whether any variant is in stock.
    pub in_stock: bool,
    /// Address of its picture.
    pub image_url: String,
    /// What the picture shows.
    pub image_alt: String,
}

/// A category that may be meant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestedCategory {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
}

/// What became of a file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportOutcome {
    /// Rows read, blank ones not counted.
    pub rows: i64,
    /// Products that are new.
    pub created: i64,
    /// Products that differed and are now as given.
    pub updated: i64,
    /// Products that already were as given.
    pub unchanged: i64,
    /// Products left out because of an error.
    pub left_out: i64,
    /// What is wrong with them, by line; the first 1,000.
    pub errors: Vec<ImportError>,
    /// What was ignored, in words for a person.
    pub warnings: Vec<String>,
}

/// Why a row of a file cannot be used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportError {
    /// The line on which the row begins; the header is line 1.
    pub line: i64,
    /// The column's name; null when the row as a whole is wrong.
    pub column: Option<String>,
    /// What is wrong, with the offending text.
    pub reason: String,
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
