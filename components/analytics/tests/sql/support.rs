//! A database with the service's migrations, and short words for the events that the tests count.

use anyhow::{Context, Result, ensure};
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
    event(event_type, at, json!({"order_id": Uuid::now_v7(), "lines": tea_and_a_cup(), "total": money(2400)}))
}

/// A confirmed order of somebody.
pub fn order_of(user: Uuid, at: &str) -> Value {
    let data = json!({"order_id": Uuid::now_v7(), "user_id": user, "lines": tea_and_a_cup(), "total": money(2400)});
    event("order.confirmed", at, data)
}

pub fn payment(event_type: &str, at: &str, amount_minor: i64) -> Value {
    event(event_type, at, json!({"order_id": Uuid::now_v7(), "amount": money(amount_minor)}))
}

pub fn stock(sku: &str, at: &str, available: i64) -> Value {
    event("stock.changed", at, json!({"sku": sku, "available": available}))
}

pub fn deleted(user: Uuid, at: &str) -> Value {
    event("user.deleted", at, json!({"user_id": user}))
}

/// An event of any kind, with all that the service reads in it.
pub fn of_kind(event_type: &str, at: &str) -> Value {
    event(
        event_type,
        at,
        json!({"user_id": Uuid::now_v7(), "is_guest": false, "sku": "TEA", "available": 0,
                                 "lines": tea_and_a_cup(), "total": money(2400)}),
    )
}

fn tea_and_a_cup() -> Value {
    json!([{"sku": "TEA", "title": "Green tea", "quantity": 2, "unit_price": money(500)},
           {"sku": "CUP", "title": "Cup", "quantity": 1, "unit_price": money(900)}])
}

pub async fn apply(db: &Client, batch: &[Value]) -> Result<i32, tokio_postgres::Error> {
    Ok(db.query_one("SELECT apply_events($1)", &[&Value::from(batch.to_vec())]).await?.get(0))
}

/// As `souk analytics replay` does it: whatever the inbox says.
pub async fn replay(db: &Client, batch: &[Value]) -> Result<i32, tokio_postgres::Error> {
    Ok(db.query_one("SELECT apply_events($1, true)", &[&Value::from(batch.to_vec())]).await?.get(0))
}

/// A report function's document, given its call.
pub async fn report(db: &Client, call: &str) -> Result<Value> {
    Ok(db.query_one(&format!("SELECT {call}"), &[]).await?.get(0))
}

/// Every report, over a period in which all that [`crate::history`] tells of happens, and every sum there is.
pub async fn everything(db: &Client) -> Result<Vec<Value>> {
    let period = "'2026-01-01T00:00:00Z', '2026-07-01T00:00:00Z'";
    let mut all = Vec::new();
    for call in [
        format!("report_figures({period}) || report_summary('2026-03-31T17:20:00Z')"),
        "report_sales('hour', '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z')".to_owned(),
        format!("report_sales('day', {period})"),
        format!("report_sales('month', {period})"),
        format!("report_payments('day', {period})"),
        format!("report_returns('month', {period}, 20)"),
        "report_top_products('2026-01-01', '2026-07-01', 'units', NULL, 100)".to_owned(),
        "report_top_products('2026-01-01', '2026-07-01', 'revenue', 'EUR', 100)".to_owned(),
        format!("report_funnel({period})"),
        format!("report_stock_outs({period}, '2026-08-01T00:00:00Z', 100)"),
        "report_cohorts('2026-01-01', '2026-07-01')".to_owned(),
        "(SELECT coalesce(jsonb_agg(t ORDER BY metric, label, currency), '[]') FROM totals t \
          WHERE (events, units, amount_minor) <> (0, 0, 0))"
            .to_owned(),
    ] {
        all.push(report(db, &call).await.with_context(|| call)?);
    }
    Ok(all)
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

/// Checks that a report has exactly the members that the OpenAPI document promises, of the promised types.
pub fn fits(schema_name: &str, value: &Value) -> Result<()> {
    let document = souk_host::documents::inflate(souk_analytics::SERVICE.document).context("no document")?;
    let document: Value = serde_json::from_str(&document)?;
    let schema = &document["components"]["schemas"][schema_name];
    check(&document, schema, value).with_context(|| format!("{schema_name}: {value}"))
}

fn check(document: &Value, schema: &Value, value: &Value) -> Result<()> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).context("a reference to nothing")?;
        return check(document, target, value);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        ensure!(choices.iter().any(|choice| check(document, choice, value).is_ok()), "{value} fits none of {schema}");
        return Ok(());
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return check(document, &merged(document, parts)?, value);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed =
        |name: &str| schema["type"] == name || schema["type"].as_array().is_some_and(|t| t.contains(&name.into()));
    ensure!(allowed(kind) || kind == "integer" && allowed("number"), "{value} is no {}", schema["type"]);
    if let Some(items) = value.as_array() {
        return items.iter().try_for_each(|item| check(document, &schema["items"], item));
    }
    let (Some(members), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else {
        return Ok(());
    };
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    ensure!(required.len() == properties.len(), "each member of an answer is always there: {schema}");
    ensure!(members.keys().eq(properties.keys()), "{:?} are not {:?}", members.keys(), properties.keys());
    members
        .iter()
        .try_for_each(|(name, member)| check(document, &properties[name], member).with_context(|| format!("at {name}")))
}

/// One schema of all the members that several have.
fn merged(document: &Value, parts: &[Value]) -> Result<Value> {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for part in parts {
        let reference = part["$ref"].as_str().map(|reference| document.pointer(reference.trim_start_matches('#')));
        let part = reference.unwrap_or(Some(part)).context("a reference to nothing")?;
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    Ok(json!({"type": "object", "properties": properties, "required": required}))
}
