//! What merchants send, as the OpenAPI document shows it. Fields that do not exist are refused rather than ignored: a
//! misspelt one would otherwise look like a change that was made.

use super::variant::VariantInput;
use serde::{Deserialize, Deserializer, Serialize};
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
    /// The slug: words of `a-z 0-9` joined by dashes or underscores, at most 128 characters, and not a UUID.
    #[schema(example = "copper-kettle", min_length = 1, max_length = 128, pattern = "^[a-z0-9]+([_-][a-z0-9]+)*$")]
    pub handle: String,
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// At most 50,000 characters; everything but plain structure is removed.
    #[serde(default)]
    #[schema(max_length = 50000)]
    pub description_html: Option<String>,
    /// Maker or brand, at most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub vendor: Option<String>,
    /// Title or slug of the category, or a path of titles from the top of the tree down, joined by ` > `; "Other" when
    /// empty. What is missing of a path is made.
    #[serde(default)]
    #[schema(example = "Kitchen & Table > Tea & Coffee", max_length = 700)]
    pub category: Option<String>,
    /// Kind of product, at most 100 characters.
    #[serde(default)]
    #[schema(example = "Kettle", max_length = 100)]
    pub product_type: Option<String>,
    /// At most 50 of at most 60 characters, without commas.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// Draft unless given.
    #[serde(default)]
    pub status: Status,
    /// `https://`, `http://` or a path of this shop; without any picture the shop draws one.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub image_url: Option<String>,
    /// What the picture shows, at most 300 characters.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub image_alt: Option<String>,
    /// All pictures in order, when there are several; the first one is what `image_url` and `image_alt` say.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub media: Vec<MediaInput>,
    /// Names of what the variants differ in, at most 3; none for a single variant.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub options: Vec<String>,
    /// 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    pub variants: Vec<VariantInput>,
}

/// A picture as a merchant writes it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaInput {
    /// `https://`, `http://` or a path of this shop.
    #[schema(min_length = 1, max_length = 2000)]
    pub url: String,
    /// What it shows, at most 300 characters.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub alt: String,
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
    /// See the product's fields.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// See the product's fields.
    #[schema(max_length = 50000)]
    pub description_html: Option<String>,
    /// See the product's fields.
    #[schema(max_length = 100)]
    pub vendor: Option<String>,
    /// See the product's fields.
    #[schema(max_length = 700)]
    pub category: Option<String>,
    /// See the product's fields.
    #[schema(max_length = 100)]
    pub product_type: Option<String>,
    /// See the product's fields.
    #[schema(max_items = 50)]
    pub tags: Option<Vec<String>>,
    /// See the product's fields.
    pub status: Option<Status>,
    /// The first picture; the others stay.
    #[schema(min_length = 1, max_length = 2000)]
    pub image_url: Option<String>,
    /// What the first picture shows.
    #[schema(max_length = 300)]
    pub image_alt: Option<String>,
    /// All pictures anew.
    #[schema(min_items = 1, max_items = 50)]
    pub media: Option<Vec<MediaInput>>,
    /// See the product's fields.
    #[schema(max_items = 3)]
    pub options: Option<Vec<String>>,
    /// All variants anew.
    #[schema(min_items = 1, max_items = 100)]
    pub variants: Option<Vec<VariantInput>>,
}

/// A category as a merchant writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    /// Its name in addresses, for good; made of the title unless given.
    #[serde(default)]
    #[schema(example = "tea-coffee", min_length = 1, max_length = 80, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: Option<String>,
    /// 1 to 80 characters, without ` > `.
    #[schema(example = "Tea & Coffee", min_length = 1, max_length = 80)]
    pub title: String,
    /// Slug of the category that it is within; without it, it stands at the top.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub parent: Option<String>,
    /// Place among its siblings; equal places sort by title.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000000)]
    pub position: i64,
}

/// What is to be changed of a category; what is absent stays. What is below it moves with it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryPatch {
    /// Its new name for people; its slug stays, so that links to it stay good.
    #[schema(min_length = 1, max_length = 80)]
    pub title: Option<String>,
    /// Where it moves; null: to the top.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 80)]
    pub parent: Option<Option<String>>,
    /// Place among its siblings.
    #[schema(minimum = 0, maximum = 1000000)]
    pub position: Option<i64>,
}

/// Tells null, which means something, from absence.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A collection as a merchant writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionInput {
    /// Its name in addresses, for good; made of the title unless given.
    #[serde(default)]
    #[schema(example = "winter-evenings", min_length = 1, max_length = 80, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    pub slug: Option<String>,
    /// 1 to 200 characters.
    #[schema(example = "Winter evenings", min_length = 1, max_length = 200)]
    pub title: String,
    /// At most 50,000 characters; everything but plain structure is removed.
    #[serde(default)]
    #[schema(max_length = 50000)]
    pub description_html: String,
    /// `https://`, `http://` or a path of this shop.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub image_url: String,
    /// What the picture shows.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub image_alt: String,
    /// Place among the collections; equal places sort by title.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000000)]
    pub position: i64,
    /// Slugs of its products in order, at most 1,000; each once.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub products: Vec<String>,
}

/// What is to be changed of a collection; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionPatch {
    /// See the collection's fields.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// See the collection's fields.
    #[schema(max_length = 50000)]
    pub description_html: Option<String>,
    /// See the collection's fields.
    #[schema(max_length = 2000)]
    pub image_url: Option<String>,
    /// See the collection's fields.
    #[schema(max_length = 300)]
    pub image_alt: Option<String>,
    /// See the collection's fields.
    #[schema(minimum = 0, maximum = 1000000)]
    pub position: Option<i64>,
    /// All products anew, in order.
    #[schema(max_items = 1000)]
    pub products: Option<Vec<String>>,
}
