//! A database with the service's migrations, and short words for the events that the tests count.

use anyhow::Result;
use serde_json::{Value, json};
use souk_testkit::{Database, Postgres};
use tokio_postgres::Client;
use uuid::Uuid;

pub async fn database() -> Result<(Database, Client)> {
    let database = Postgres::shared().migrated("analytics").await?;
    let client = database.connect().await?;
    Ok((database, client))
}

pub fn event(event_type: &str, at: &str, data: Value) -> Value {
    json!({"id": Uuid::now_v7(), "type": event_type, "version": 1, "key": Uuid::now_v7(), "occurred_at": at,
           "traceparent": null, "data": data})
}

pub fn money(amount_minor: i64) -> Value {
    json!({"amount_minor": amount_minor, "currency": "EUR"})
}

/// An order event with two pieces of TEA at 5.00 and one CUP at 9.00.
pub fn order(event_type: &str, at: &str) -> Value {
    let lines = json!([{"sku": "TEA", "title": "Green tea", "quantity": 2, "unit_price": money(500)},
                       {"sku": "CUP", "title": "Cup", "quantity": 1, "unit_price": money(900)}]);
    event(event_type, at, json!({"order_id": Uuid::now_v7(), "lines": lines, "total": money(2400)}))
}

pub fn payment(event_type: &str, at: &str, amount_minor: i64) -> Value {
    event(event_type, at, json!({"order_id": Uuid::now_v7(), "amount": money(amount_minor)}))
}

pub async fn apply(db: &Client, batch: &[Value]) -> Result<i32, tokio_postgres::Error> {
    Ok(db.query_one("SELECT apply_events($1)", &[&Value::from(batch.to_vec())]).await?.get(0))
}

/// A report function's document, given its call.
pub async fn report(db: &Client, call: &str) -> Result<Value> {
    Ok(db.query_one(&format!("SELECT {call}"), &[]).await?.get(0))
}

/// Events, units and amount of a metric since the beginning, over all labels and currencies.
pub async fn total(db: &Client, metric: &str) -> Result<(i64, i64, i64)> {
    let sql = "SELECT coalesce(sum(events), 0)::bigint, coalesce(sum(units), 0)::bigint, \
                      coalesce(sum(amount_minor), 0)::bigint FROM totals WHERE metric = $1";
    let row = db.query_one(sql, &[&metric]).await?;
    Ok((row.get(0), row.get(1), row.get(2)))
}

/// What a recount finds: nothing, when every sum equals its facts.
pub async fn differences(db: &Client) -> Result<Vec<String>> {
    let sql = "SELECT concat_ws(' ', aggregate, bucket, live, 'but', recounted) FROM recount_differences()";
    Ok(db.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}
