//! What comes out: the shape of `POST /api/catalog/products/batch`, and the stock beside it.

use serde::Serialize;
use souk_core::money::Money;
use souk_core::sku::Sku;

/// A product with at least one variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Product {
    /// The product's name in addresses; unique in the shop.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// Description as HTML, as the file has it; the catalog cleans it.
    pub description_html: String,
    /// Who makes it.
    pub vendor: String,
    /// Where it stands in the shop: names from the top of the tree down, joined by " > ".
    pub category: String,
    /// What kind of thing it is.
    pub product_type: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whether shoppers see it.
    pub status: Status,
    /// Address of its first picture; empty when it has none.
    pub image_url: String,
    /// The picture in words.
    pub image_alt: String,
    /// What its variants differ in, as in `["Size", "Colour"]`; empty for a single variant.
    pub options: Vec<String>,
    /// Its variants, in the file's order.
    pub variants: Vec<Variant>,
    /// All its pictures in order, the first one included.
    #[serde(skip_serializing_if = "says_no_more")]
    pub media: Vec<Picture>,
    /// The line of its first row. Not part of the catalog's shape.
    #[serde(skip)]
    pub line: u64,
}

/// A single picture is `image_url` already.
fn says_no_more(media: &[Picture]) -> bool {
    media.len() < 2
}

/// A picture of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its address.
    pub url: String,
    /// What it shows, in words; may be empty.
    pub alt: String,
}

/// One thing that can be bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Unique in the shop.
    pub sku: Sku,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    /// The price.
    pub price: Money,
    /// The former or recommended price.
    pub compare_at: Option<Money>,
    /// Weight in grams.
    pub grams: u32,
    /// Barcode (EAN, UPC, ISBN).
    pub barcode: Option<String>,
    /// Pieces in stock; `None` when the file does not say. Not part of the catalog's shape.
    #[serde(skip)]
    pub stock: Option<u32>,
    /// The line of its row. Not part of the catalog's shape.
    #[serde(skip)]
    pub line: u64,
}

/// Who sees a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// On sale.
    Active,
    /// Not yet.
    Draft,
    /// No longer.
    Archived,
}
