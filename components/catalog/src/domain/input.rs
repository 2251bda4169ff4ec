//! What merchants send, as the OpenAPI document shows it. Fields that do not exist are refused rather than ignored: a
//! misspelt one would otherwise look like a change that was made.

use super::variant::VariantInput;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether and where a product is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Only merchants see it.
    #[default]
    Draft,
    /// Everybody sees it and can buy it.
    Active,
    /// Out of the shop; its SKUs stay taken.
    Archived,
}

/// A product as a merchant writes it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    /// The slug: words of `a-z 0-9` joined by dashes or underscores, at most 128 characters.
    #[schema(example = "copper-kettle")]
    pub handle: String,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 50,000 characters; everything but plain structure is removed.
    #[serde(default)]
    pub description_html: Option<String>,
    /// Maker or brand, at most 100 characters.
    #[serde(default)]
    pub vendor: Option<String>,
    /// Title or slug of the category; "Other" when empty.
    #[serde(default)]
    #[schema(example = "Tea & Coffee")]
    pub category: Option<String>,
    /// Kind of product, at most 100 characters.
    #[serde(default)]
    #[schema(example = "Kettle")]
    pub product_type: Option<String>,
    /// At most 50 of at most 60 characters.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Draft unless given.
    #[serde(default)]
    pub status: Status,
    /// `https://`, `http://` or a path of this shop; without one the shop draws a picture.
    #[serde(default)]
    pub image_url: Option<String>,
    /// What the picture shows, at most 300 characters.
    #[serde(default)]
    pub image_alt: Option<String>,
    /// Names of what the variants differ in, at most 3; none for a single variant.
    #[serde(default)]
    pub options: Vec<String>,
    /// 1 to 100.
    pub variants: Vec<VariantInput>,
}

/// Up to 200 products.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchInput {
    /// Created or updated by handle, in one go: all of them or none.
    #[schema(min_items = 1, max_items = 200)]
    pub products: Vec<ProductInput>,
}

/// What is to be changed of a product; what is absent stays. `options` and `variants` depend on each other and change together.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    /// The version that the change was made for; 409 when the product has another by now.
    pub version: Option<i64>,
    /// See the product's fields.
    pub title: Option<String>,
    /// See the product's fields.
    pub description_html: Option<String>,
    /// See the product's fields.
    pub vendor: Option<String>,
    /// See the product's fields.
    pub category: Option<String>,
    /// See the product's fields.
    pub product_type: Option<String>,
    /// See the product's fields.
    pub tags: Option<Vec<String>>,
    /// See the product's fields.
    pub status: Option<Status>,
    /// See the product's fields.
    pub image_url: Option<String>,
    /// See the product's fields.
    pub image_alt: Option<String>,
    /// See the product's fields.
    pub options: Option<Vec<String>>,
    /// All variants anew.
    pub variants: Option<Vec<VariantInput>>,
}
