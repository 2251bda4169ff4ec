//! A migrated database of the service, and the calls that the component makes, as it makes them.

// Each test binary uses its part, and panicking is how a test fails.
#![allow(dead_code, clippy::unwrap_used)]

use anyhow::Result;
use serde_json::{Value, json};
use souk_testkit::Postgres;
use souk_testkit::events::EventSchemas;
use tokio_postgres::Client;
use uuid::Uuid;

pub const ANA: &str = "ana@souk.example";

pub async fn database() -> Result<Client> {
    Postgres::shared().migrated("notification").await?.connect().await
}

/// A confirmation for somebody new, as it is planned.
pub fn message(id: Uuid) -> Value {
    json!({
        "id": id, "template": "order_confirmed", "category": "orders", "locale": "en", "user_id": Uuid::now_v7(),
        "order_id": Uuid::now_v7(), "to": ANA, "subject": "Your order", "html": "<p>Hello</p>", "text": "Hello",
        "traceparent": "00-aa-bb-01", "asked_for": false
    })
}

/// A mail of this kind to `user`, in an effect with an event of its own; returns its id too.
pub fn mail_to(user: Uuid, template: &str, category: &str) -> (Uuid, Value) {
    let id = Uuid::now_v7();
    let mut mail = message(id);
    merge(&mut mail, json!({"user_id": user, "template": template, "category": category}));
    (id, effect(json!({"message": mail})))
}

/// An effect of an event of its own that happened now.
pub fn effect(parts: Value) -> Value {
    let mut effect = json!({"id": Uuid::now_v7(), "occurred_at": "2026-01-01T00:00:00.000Z"});
    merge(&mut effect, parts);
    effect
}

/// What the mailer reports.
pub fn report(id: Uuid, status: &str, error: Value) -> Value {
    effect(json!({"report": {"message_id": id, "status": status, "error": error}}))
}

/// What an account says of itself at a time of day.
pub fn person(user: Uuid, at: &str, email: &str, locale: &str) -> Value {
    let person = json!({"user_id": user, "email": email, "name": "Ana", "locale": locale});
    effect(json!({"occurred_at": format!("2026-01-01T{at}.000Z"), "person": person}))
}

pub fn merge(value: &mut Value, more: Value) {
    let (Value::Object(members), Value::Object(more)) = (value, more) else { unreachable!("not objects") };
    members.extend(more);
}

/// Applies effects; whatever they emit must be what its schema says.
pub async fn apply(db: &Client, effects: Value) -> Result<i64> {
    let queued = db.query_one("SELECT apply_effects($1)", &[&effects]).await?.get(0);
    EventSchemas::load()?.check_outbox(db).await?;
    Ok(queued)
}

/// Sends one effect's mail, which must be queued, and reports about it.
pub async fn settle(db: &Client, (id, effect): (Uuid, Value), status: &str, error: Value) -> Result<()> {
    assert_eq!(apply(db, json!([effect])).await?, 1);
    apply(db, json!([report(id, status, error)])).await?;
    Ok(())
}

pub async fn events(db: &Client) -> Result<Vec<Value>> {
    let rows = db.query("SELECT event FROM outbox WHERE stream = 'souk:notification' ORDER BY id", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

pub async fn status(db: &Client, id: Uuid) -> Result<(String, Option<String>)> {
    let row = db.query_one("SELECT status, error FROM messages WHERE id = $1", &[&id]).await?;
    Ok((row.get(0), row.get(1)))
}

pub async fn number(db: &Client, sql: &str) -> Result<i64> {
    Ok(db.query_one(sql, &[]).await?.get(0))
}
