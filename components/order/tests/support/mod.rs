//! A shop of one service: a migrated database with offers in it, and the calls that the component makes, as it makes
//! them.

#![allow(dead_code)] // each test binary uses its part

use anyhow::{Context, Result};
use serde_json::{Value, json};
use souk_testkit::{Database, Postgres, events::EventSchemas};
use std::sync::OnceLock;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

/// A database with the products tea (SKU TEA, 5.00 EUR, 100 g) and cup (SKU CUP, 19.99 EUR, 400 g).
pub struct Shop {
    pub database: Database,
    pub db: Client,
    pub tea: Uuid,
    pub cup: Uuid,
}

/// What place_order answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub outcome: String,
    pub order: Option<Uuid>,
    pub number: Option<String>,
    pub placed_at: Option<String>,
}

impl Shop {
    pub async fn open() -> Result<Self> {
        let database = Postgres::shared().migrated("order").await?;
        let db = database.connect().await?;
        let shop = Self { database, db, tea: Uuid::now_v7(), cup: Uuid::now_v7() };
        shop.apply(&[
            product(shop.tea, 1, "active", &[("TEA", 500, 100)]),
            product(shop.cup, 1, "active", &[("CUP", 1999, 400)]),
        ])
        .await?;
        Ok(shop)
    }

    pub async fn apply(&self, events: &[Value]) -> Result<i64> {
        Ok(apply(&self.db, events).await?)
    }

    pub async fn put(&self, user: Uuid, sku: &str, quantity: i32) -> Result<(String, Option<Value>)> {
        let row =
            self.db.query_one("SELECT outcome, body FROM cart_put($1, $2, $3)", &[&user, &sku, &quantity]).await?;
        Ok((row.get(0), row.get(1)))
    }

    pub async fn load(&self, user: Uuid, key: Option<&str>) -> Result<Value> {
        Ok(self.db.query_one("SELECT checkout_load($1, $2)", &[&user, &key]).await?.get(0))
    }

    /// Puts one tea into a new shopper's cart and orders it.
    pub async fn ordered(&self) -> Result<(Uuid, Uuid)> {
        let user = Uuid::now_v7();
        self.put(user, "TEA", 1).await?;
        let loaded = self.load(user, Some("key")).await?;
        let cart = loaded.get("cart").context("no cart")?;
        let placed = place(&self.db, user, cart, "key", "hash", 500).await?;
        Ok((user, placed.order.context("no order")?))
    }

    /// An order of three teas and two cups (5498, with shipping 5988) that was paid and went as far as `status`.
    pub async fn paid(&self, status: &str) -> Result<(Uuid, Uuid)> {
        let user = Uuid::now_v7();
        self.put(user, "TEA", 3).await?;
        self.put(user, "CUP", 2).await?;
        let loaded = self.load(user, None).await?;
        let placed = place(&self.db, user, loaded.get("cart").context("no cart")?, "key", "hash", 5498).await?;
        let order = placed.order.context("no order")?;
        self.apply(&[about("stock.reserved", order, json!({})), captured(order, 5988)]).await?;
        for next in ["shipped", "delivered"] {
            if self.status(order).await? != status {
                self.db.query_one("SELECT move_parcel($1, $2, NULL)", &[&order, &next]).await?;
            }
        }
        anyhow::ensure!(self.status(order).await? == status);
        self.told(order).await?;
        Ok((user, order))
    }

    /// An answer of one of the service's functions: its outcome and its document.
    pub async fn ask(
        &self,
        call: &str,
        params: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    ) -> Result<(String, Option<Value>)> {
        let row = self.db.query_one(&format!("SELECT outcome, body FROM {call}"), params).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// What an order's history says, oldest first.
    pub async fn history(&self, order: Uuid) -> Result<Vec<String>> {
        let view = self.view(order).await?;
        let entries = view.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(entries.iter().filter_map(|entry| entry.get("status").and_then(Value::as_str).map(str::to_owned)).collect())
    }

    pub async fn view(&self, order: Uuid) -> Result<Value> {
        Ok(self.db.query_one("SELECT order_view(o) FROM orders o WHERE id = $1", &[&order]).await?.get(0))
    }

    pub async fn status(&self, order: Uuid) -> Result<String> {
        Ok(self.db.query_one("SELECT status::text FROM orders WHERE id = $1", &[&order]).await?.get(0))
    }

    pub async fn count(&self, sql: &str) -> Result<i64> {
        Ok(self.db.query_one(sql, &[]).await?.get(0))
    }

    /// The events in the outbox about one aggregate, oldest first, and takes them away, as the relay does. Each is what
    /// its schema in docs/events says.
    pub async fn told(&self, key: Uuid) -> Result<Vec<Value>> {
        let sql = "WITH gone AS (DELETE FROM outbox WHERE event ->> 'key' = $1 RETURNING id, event)
                   SELECT event FROM gone ORDER BY id";
        let events: Vec<Value> = self.db.query(sql, &[&key.to_string()]).await?.iter().map(|row| row.get(0)).collect();
        events.iter().try_for_each(check)?;
        Ok(events)
    }

    pub async fn told_types(&self, key: Uuid) -> Result<Vec<String>> {
        Ok(self
            .told(key)
            .await?
            .iter()
            .map(|event| event.get("type").and_then(Value::as_str).unwrap_or_default().to_owned())
            .collect())
    }
}

/// Checks an event against its schema.
pub fn check(event: &Value) -> Result<()> {
    static SCHEMAS: OnceLock<EventSchemas> = OnceLock::new();
    if SCHEMAS.get().is_none() {
        // Two that load at once load the same.
        let _ = SCHEMAS.set(EventSchemas::load()?);
    }
    SCHEMAS.get().context("no schemas")?.check(event)
}

/// Calls place_order for a cart from checkout_load, with `subtotal` as the goods' sum, shipping 4.90 and no tax.
pub async fn place(
    db: &Client,
    user: Uuid,
    cart: &Value,
    key: &str,
    hash: &str,
    subtotal: i64,
) -> Result<Placed, Error> {
    place_with(db, user, cart, key, hash, subtotal, &[]).await
}

/// [`place`] with promotion codes that earn nothing.
pub async fn place_with(
    db: &Client,
    user: Uuid,
    cart: &Value,
    key: &str,
    hash: &str,
    subtotal: i64,
    codes: &[&str],
) -> Result<Placed, Error> {
    let email = format!("{}@souk.example", if codes.is_empty() { "ana".to_owned() } else { user.to_string() });
    let id: Uuid = cart.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or_default();
    let fingerprint = cart.get("fingerprint").and_then(Value::as_str);
    let order = json!({
        "email": email, "name": "Ana", "discount_minor": 0, "shipping_minor": 490, "tax_minor": 0,
        "total_minor": subtotal + 490, "discounts": [], "promotion_codes": codes, "shipping_method": "standard",
        "shipping_label": "Standard", "tax_label": "VAT 0 %", "payment_token": "tok_success",
        "shipping_address": {"name": "Ana", "line1": "Rua 7", "city": "Lisboa", "postal_code": "1200", "country": "PT"}
    });
    let sql = "SELECT outcome, order_id, number, placed_at FROM place_order($1, $2, $3, $4, $5, $6, 'trace')";
    let row = db.query_one(sql, &[&user, &id, &fingerprint, &key, &hash, &order]).await?;
    Ok(Placed { outcome: row.get(0), order: row.get(1), number: row.get(2), placed_at: row.get(3) })
}

pub async fn apply(db: &Client, events: &[Value]) -> Result<i64, Error> {
    Ok(db.query_one("SELECT apply_events($1)", &[&json!(events)]).await?.get(0))
}

/// An envelope with a new id.
pub fn event(type_: &str, key: Uuid, data: Value) -> Value {
    json!({
        "id": Uuid::now_v7(), "type": type_, "version": 1, "key": key, "occurred_at": "2026-01-01T00:00:00.000Z",
        "traceparent": "trace-of-event", "data": data
    })
}

/// An event about an order; `more` is added to its data.
pub fn about(type_: &str, order: Uuid, more: Value) -> Value {
    let mut data = json!({"order_id": order});
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    event(type_, order, data)
}

/// payment.captured of so many cents.
pub fn captured(order: Uuid, amount_minor: i64) -> Value {
    let amount = json!({"amount_minor": amount_minor, "currency": "EUR"});
    let more = json!({"payment_id": Uuid::now_v7(), "attempt": 1, "amount": amount, "gateway_reference": "r"});
    about("payment.captured", order, more)
}

/// product.changed with variants (SKU, price, grams).
pub fn product(id: Uuid, version: i64, status: &str, variants: &[(&str, i64, i32)]) -> Value {
    let variants: Vec<Value> = variants
        .iter()
        .map(|(sku, price, grams)| {
            json!({"sku": sku, "title": "", "price": {"amount_minor": price, "currency": "EUR"}, "grams": grams})
        })
        .collect();
    let data = json!({
        "product_id": id, "slug": "slug", "title": "Title", "status": status, "category": "c", "image_url": null,
        "version": version, "variants": variants
    });
    event("product.changed", id, data)
}
