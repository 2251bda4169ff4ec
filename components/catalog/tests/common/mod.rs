//! A database of its own for each test, and products to put into it.

#![allow(dead_code)] // each test binary uses a part of it

use anyhow::Result;
use serde_json::{Value, json};
use souk_catalog::views::ProductDetail;
use souk_testkit::{Postgres, events::EventSchemas};
use tokio_postgres::Client;

/// A connection to a new, empty catalogue.
pub async fn catalogue() -> Result<Client> {
    Postgres::shared().migrated("catalog").await?.connect().await
}

/// A product's content as the service passes it on, with one variant for each `(sku, price)`.
pub fn product(slug: &str, variants: &[(&str, i64)]) -> Value {
    let several = variants.len() > 1;
    json!({
        "slug": slug, "title": slug.replace('-', " "), "description_html": "<p>Made by hand.</p>", "vendor": "Atelier",
        "category": "tea-coffee", "category_title": "Tea & Coffee", "product_type": "Kettle", "tags": ["copper"],
        "status": "active", "image_url": "/x.svg", "image_alt": "", "media": [], "options": if several { json!(["Size"]) } else { json!([]) },
        "variants": variants.iter().map(|(sku, price)| json!({
            "sku": sku, "options": if several { json!([sku]) } else { json!([]) }, "price_minor": price, "currency": "EUR",
            "compare_at_minor": null, "grams": 100, "barcode": null,
        })).collect::<Vec<_>>(),
    })
}

/// Calls `sql`, which returns one JSON value.
pub async fn json_of(db: &Client, sql: &str, params: &[&(dyn tokio_postgres::types::ToSql + Sync)]) -> Result<Value> {
    Ok(db.query_one(sql, params).await?.get(0))
}

/// Upserts `products`. The events that tell of it must be what their schema says.
pub async fn write(db: &Client, products: &[Value]) -> Result<Value> {
    let written = json_of(db, "SELECT write_products($1, 'trace')", &[&json!(products)]).await?;
    EventSchemas::load()?.check_outbox(db).await?;
    Ok(written)
}

/// Applies `events`.
pub async fn apply(db: &Client, events: &[Value]) -> Result<Vec<String>> {
    let changed = json_of(db, "SELECT apply_events($1)", &[&json!(events)]).await?;
    let mut slugs: Vec<String> = changed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some(one.get("slug")?.as_str()?.to_owned()))
        .collect();
    slugs.sort();
    Ok(slugs)
}

/// A stock.changed that happened `ms` milliseconds into the year.
pub fn stock(sku: &str, available: i64, ms: u32) -> Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "type": "stock.changed", "version": 1, "key": sku,
        "occurred_at": format!("2026-01-01T00:00:{:02}.{:03}Z", ms / 1000, ms % 1000),
        "traceparent": null, "data": {"sku": sku, "available": available},
    })
}

/// Takes all events out of the outbox: type, slug and version of each. Each must be what its schema says.
pub async fn events(db: &Client) -> Result<Vec<(String, String, i64)>> {
    EventSchemas::load()?.check_outbox(db).await?;
    let rows = db
        .query("WITH taken AS (DELETE FROM outbox RETURNING id, event) SELECT event FROM taken ORDER BY id", &[])
        .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let event: Value = row.get(0);
            let text = |path: &str| event.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let version = event.pointer("/data/version").and_then(Value::as_i64).unwrap_or_default();
            (text("/type"), text("/data/slug"), version)
        })
        .collect())
}

/// The product of that slug in full, which must have the shape that the OpenAPI document shows.
pub async fn detail(db: &Client, slug: &str) -> Result<Value> {
    let detail = json_of(db, "SELECT product_detail(p) FROM products p WHERE slug = $1", &[&slug]).await?;
    serde_json::from_value::<ProductDetail>(detail.clone())?;
    Ok(detail)
}
