//! Sends products and stock to the shop in batches. Everything sent is idempotent, so an import that was interrupted is
//! simply run again.

use std::fmt;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};
use souk_shopify_csv::{Import, Product};

use crate::output::Progress;
use crate::shop::Shop;

/// The routes' limits: products and stock lines in one request, and (well below 2 MiB) its size.
const PRODUCTS_AT_ONCE: usize = 200;
const LINES_AT_ONCE: usize = 500;
const BYTES_AT_ONCE: usize = 1_500_000;

/// What the shop did with an import.
#[derive(Debug, Default, Serialize)]
pub struct Sent {
    created: i64,
    updated: i64,
    unchanged: i64,
    stock_opened: i64,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, updated, unchanged, stock_opened } = self;
        write!(
            f,
            "products: {created} created, {updated} updated, {unchanged} unchanged; stock opened for {stock_opened} SKUs"
        )
    }
}

impl std::ops::AddAssign for Sent {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.stock_opened += other.stock_opened;
    }
}

/// Sends the stock first: a product that comes into the shop is then in stock at once.
pub async fn all(shop: &Shop, import: &Import, reason: &str, progress: Progress) -> Result<Sent> {
    let mut sent = Sent::default();
    let stock: Vec<(&str, u32)> = import.stock().collect();
    for lines in stock.chunks(LINES_AT_ONCE) {
        let lines: Vec<Value> = lines.iter().map(|(sku, received)| json!({"sku": sku, "received": received})).collect();
        let answer = shop.post("/api/inventory/stock/batch", &json!({"lines": lines, "reason": reason})).await?;
        sent.stock_opened += number(&answer, "changed");
    }
    let (total, mut done) = (import.products.len(), 0);
    for products in batches(&import.products) {
        done += products.len();
        let answer = shop.post("/api/catalog/products/batch", &json!({"products": products})).await?;
        sent.created += number(&answer, "created");
        sent.updated += number(&answer, "updated");
        sent.unchanged += number(&answer, "unchanged");
        if total > PRODUCTS_AT_ONCE {
            progress.step(format!("{done} of {total} products sent"));
        }
    }
    Ok(sent)
}

/// Runs of products that fit one request each.
fn batches(products: &[Product]) -> Vec<Vec<Value>> {
    let mut batches: Vec<Vec<Value>> = Vec::new();
    let mut bytes = 0;
    for product in products {
        let value = json!(product);
        let size = value.to_string().len();
        match batches.last_mut() {
            Some(batch) if batch.len() < PRODUCTS_AT_ONCE && bytes + size <= BYTES_AT_ONCE => {
                bytes += size;
                batch.push(value);
            }
            _ => {
                bytes = size;
                batches.push(vec![value]);
            }
        }
    }
    batches
}

fn number(answer: &Value, name: &str) -> i64 {
    answer.get(name).and_then(Value::as_i64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use souk_core::money::Currency;

    use super::*;

    #[test]
    fn batches_keep_to_the_limits_and_lose_nothing() {
        let body = "x".repeat(40_000);
        let rows: String =
            (0..450).map(|n| format!("p{n},P,{},S{n},1\n", if n < 100 { body.as_str() } else { "short" })).collect();
        let file = format!("Handle,Title,Body (HTML),Variant SKU,Variant Price\n{rows}");
        let import = souk_shopify_csv::parse(file.as_bytes(), Currency::EUR).unwrap();
        let batches = batches(&import.products);
        assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), 450);
        for batch in &batches {
            assert!(batch.len() <= PRODUCTS_AT_ONCE);
            assert!(json!({"products": batch}).to_string().len() < 2 * 1024 * 1024);
        }
        assert!(batches.len() > 3, "large descriptions make smaller batches");
    }
}
