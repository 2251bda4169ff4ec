//! Products as a file shows them, a page at a time.

use super::defect;
use crate::domain::input::Status;
use crate::domain::pictures::Picture;
use crate::domain::shelving::written_path;
use serde::Deserialize;
use souk_core::money::{Currency, Money};
use souk_core::sku::Sku;
use souk_host::db::{Db, DbError, p};
use souk_shopify_csv as csv;

/// Products in one page.
pub const EXPORTED_AT_ONCE: usize = 200;

#[derive(Deserialize)]
struct Level {
    slug: String,
    title: String,
}

#[derive(Deserialize)]
struct Variant {
    sku: Sku,
    options: Vec<String>,
    price_minor: i64,
    currency: Currency,
    compare_at_minor: Option<i64>,
    grams: u32,
    barcode: Option<String>,
}

#[derive(Deserialize)]
struct Exported {
    slug: String,
    title: String,
    description_html: String,
    vendor: String,
    product_type: String,
    tags: Vec<String>,
    status: Status,
    image_url: String,
    image_alt: String,
    media: Vec<Picture>,
    options: Vec<String>,
    variants: Vec<Variant>,
    category_path: Vec<Level>,
}

/// The products behind the slug `after`, by slug, whatever their status.
pub async fn export(after: &str) -> Result<Vec<csv::Product>, DbError> {
    let most = i32::try_from(EXPORTED_AT_ONCE).unwrap_or_default();
    let json = Db::connect().await?.json("SELECT export_products($1, $2)", vec![p::text(after), p::int4(most)]).await?;
    understand(json.as_deref().unwrap_or("[]")).map_err(|error| defect(&error.to_string()))
}

fn understand(json: &str) -> serde_json::Result<Vec<csv::Product>> {
    let exported: Vec<Exported> = serde_json::from_slice(json.as_bytes())?;
    Ok(exported.into_iter().map(csv::Product::from).collect())
}

impl From<Exported> for csv::Product {
    fn from(it: Exported) -> Self {
        let first = Picture { url: it.image_url, alt: it.image_alt };
        let pictures = std::iter::once(first.clone()).chain(it.media).filter(|picture| !picture.url.is_empty());
        Self {
            handle: it.slug,
            title: it.title,
            description_html: it.description_html,
            vendor: it.vendor,
            category: written_path(it.category_path.iter().map(|level| (level.slug.as_str(), level.title.as_str()))),
            product_type: it.product_type,
            tags: it.tags,
            status: match it.status {
                Status::Draft => csv::Status::Draft,
                Status::Active => csv::Status::Active,
                Status::Archived => csv::Status::Archived,
            },
            image_url: first.url,
            image_alt: first.alt,
            options: it.options,
            media: pictures.map(|picture| csv::Picture { url: picture.url, alt: picture.alt }).collect(),
            variants: it.variants.into_iter().map(csv::Variant::from).collect(),
            line: 0,
        }
    }
}

impl From<Variant> for csv::Variant {
    fn from(it: Variant) -> Self {
        Self {
            sku: it.sku,
            options: it.options,
            price: Money::new(it.price_minor, it.currency),
            compare_at: it.compare_at_minor.map(|amount| Money::new(amount, it.currency)),
            grams: it.grams,
            barcode: it.barcode,
            stock: None,
            line: 0,
        }
    }
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
