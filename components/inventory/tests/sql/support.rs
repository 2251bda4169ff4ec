//! A database with the service's migrations, and short words for what the tests do with it.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use souk_testkit::{Database, Postgres, events::EventSchemas};
use std::sync::LazyLock;
use tokio_postgres::Client;
use uuid::Uuid;

pub const ACTOR: Uuid = Uuid::from_u128(7);
pub const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

static SCHEMAS: LazyLock<EventSchemas> = LazyLock::new(|| EventSchemas::load().unwrap());

pub async fn database() -> Result<Database> {
    Postgres::shared().migrated("inventory").await
}

/// A new database with these opening figures, and nothing in the outbox.
pub async fn shop(stock: &[(&str, i64)]) -> Result<(Database, Client)> {
    let database = database().await?;
    let client = database.connect().await?;
    open(&client, stock).await?;
    client.execute("DELETE FROM outbox", &[]).await?;
    Ok((database, client))
}

pub async fn open(db: &Client, stock: &[(&str, i64)]) -> Result<i32> {
    let lines: Vec<Value> = stock.iter().map(|(sku, received)| json!({"sku": sku, "received": received})).collect();
    let sql = "SELECT open_stock($1, 'first delivery', $2, $3)";
    Ok(db.query_one(sql, &[&Value::from(lines), &ACTOR, &TRACE]).await?.get(0))
}

pub fn envelope(event_type: &str, key: &str, data: Value) -> Value {
    json!({"id": Uuid::now_v7(), "type": event_type, "version": 1, "key": key,
           "occurred_at": "2026-01-01T00:00:00.000Z", "traceparent": TRACE, "data": data})
}

/// An event of an order with lines.
pub fn order_event(event_type: &str, order: Uuid, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity, "title": "Thing"})).collect();
    let data = json!({"order_id": order, "number": "S-1", "email": "ana@souk.example", "lines": lines});
    envelope(event_type, &order.to_string(), data)
}

pub fn placed(order: Uuid, lines: &[(&str, i64)]) -> Value {
    order_event("order.placed", order, lines)
}

pub fn confirmed(order: Uuid, lines: &[(&str, i64)]) -> Value {
    order_event("order.confirmed", order, lines)
}

pub fn cancelled(order: Uuid, lines: &[(&str, i64)]) -> Value {
    order_event("order.cancelled", order, lines)
}

/// Applies a batch, with reservations that last `ttl_s`, and returns how many events it emitted.
pub async fn apply_for(db: &Client, batch: &[Value], ttl_s: i32) -> Result<i32, tokio_postgres::Error> {
    let batch = Value::from(batch.to_vec());
    Ok(db.query_one("SELECT apply_events($1, $2)", &[&batch, &ttl_s]).await?.get(0))
}

pub async fn apply(db: &Client, batch: &[Value]) -> Result<i32, tokio_postgres::Error> {
    apply_for(db, batch, 900).await
}

pub async fn expire(db: &Client) -> Result<i32> {
    Ok(db.query_one("SELECT expire_reservations(1000)", &[]).await?.get(0))
}

/// The outbox in order, emptied: type, key and data of each event, which are what its schema says.
pub async fn emitted(db: &Client) -> Result<Vec<(String, String, Value)>> {
    let sql = "WITH gone AS (DELETE FROM outbox RETURNING id, event) SELECT event FROM gone ORDER BY id";
    let mut events = Vec::new();
    for row in db.query(sql, &[]).await? {
        let event: Value = row.get(0);
        SCHEMAS.check(&event)?;
        let text = |field: &str| event[field].as_str().map(str::to_owned).context("an event without type or key");
        events.push((text("type")?, text("key")?, event["data"].clone()));
    }
    Ok(events)
}

/// The types of the events in the outbox, in order, without `stock.changed`.
pub async fn outcomes(db: &Client) -> Result<Vec<String>> {
    let events = emitted(db).await?;
    Ok(events.into_iter().map(|(kind, _, _)| kind).filter(|kind| kind != "stock.changed").collect())
}

/// Available, reserved and committed pieces of a SKU, over all locations.
pub async fn level(db: &Client, sku: &str) -> Result<(i64, i64, i64)> {
    let sql = "SELECT sum(available)::bigint, sum(reserved)::bigint, sum(committed)::bigint FROM stock WHERE sku = $1";
    let row = db.query_one(sql, &[&sku]).await?;
    Ok((row.get(0), row.get(1), row.get(2)))
}

/// The same at one location; zeros when it never had any.
pub async fn level_at(db: &Client, sku: &str, location: &str) -> Result<(i64, i64, i64)> {
    let sql = "SELECT available, reserved, committed FROM stock WHERE sku = $1 AND location = $2";
    let row = db.query_opt(sql, &[&sku, &location]).await?;
    Ok(row.map_or((0, 0, 0), |row| (row.get(0), row.get(1), row.get(2))))
}

/// Adds a location that ships.
pub async fn locate(db: &Client, code: &str, priority: i32) -> Result<Value> {
    Ok(db.query_one("SELECT add_location($1, initcap($1), $2, true)", &[&code, &priority]).await?.get(0))
}

/// Lets a location ship, or not.
pub async fn set_active(db: &Client, code: &str, active: bool) -> Result<Value> {
    let sql = "SELECT change_location($1, NULL, NULL, $2, $3)";
    Ok(db.query_one(sql, &[&code, &active, &TRACE]).await?.get(0))
}

/// Goods that come in at a location.
pub async fn receive(db: &Client, sku: &str, location: &str, pieces: i64) -> Result<Value> {
    let sql = "SELECT change_stock($1, $2, 'received', $3, 'delivery', $4, NULL, $5)";
    Ok(db.query_one(sql, &[&sku, &location, &pieces, &ACTOR, &TRACE]).await?.get(0))
}

pub async fn transfer(
    db: &Client,
    sku: &str,
    (from, to): (&str, &str),
    pieces: i64,
    key: Option<&str>,
) -> Result<Value, tokio_postgres::Error> {
    let sql = "SELECT transfer_stock($1, $2, $3, $4, 'nearer to the shoppers', $5, $6, $7)";
    Ok(db.query_one(sql, &[&sku, &from, &to, &pieces, &ACTOR, &key, &TRACE]).await?.get(0))
}

/// Pieces of an order that came back: SKU, pieces, and whether they can be sold again.
pub fn returned(return_id: Uuid, order: Uuid, lines: &[(&str, i64, bool)]) -> Value {
    let line = |(sku, quantity, restock): &(&str, i64, bool)| json!({"sku": sku, "title": "Thing", "quantity": quantity, "restock": restock});
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let data = json!({"return_id": return_id, "order_id": order, "number": "S-1", "lines": lines});
    envelope("order.returned", &order.to_string(), data)
}

/// What `stock_violations` finds: nothing, in a sound database.
pub async fn violations(db: &Client) -> Result<Vec<String>> {
    let rows = db.query("SELECT invariant || ' ' || sku || ': ' || detail FROM stock_violations()", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

pub async fn count(db: &Client, sql: &str) -> Result<i64> {
    Ok(db.query_one(sql, &[]).await?.get(0))
}
