//! A payment database of its own, and the words for what happens to it.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(dead_code)] // each test file uses a part of it

use serde_json::{Value, json};
use souk_testkit::{Database, Postgres, events::EventSchemas};
use std::sync::LazyLock;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

static SCHEMAS: LazyLock<EventSchemas> = LazyLock::new(|| EventSchemas::load().unwrap());

pub const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

pub struct Payments {
    pub database: Database,
    pub client: Client,
}

impl Payments {
    pub async fn new() -> Self {
        let database = Postgres::shared().migrated("payment").await.unwrap();
        let client = database.connect().await.unwrap();
        Self { database, client }
    }

    pub async fn apply(&self, events: &[Value]) -> Result<i64, Error> {
        apply(&self.client, events).await
    }

    pub async fn claim(&self) -> Vec<Value> {
        claim(&self.client, 100).await
    }

    pub async fn record(&self, outcomes: &[Value]) -> i64 {
        record(&self.client, outcomes).await.unwrap()
    }

    /// Requests, claims and captures the payment of a new order.
    pub async fn captured_order(&self, amount: i64) -> Uuid {
        let order = Uuid::new_v4();
        self.apply(&[requested(order, amount)]).await.unwrap();
        assert_eq!(self.claim().await.len(), 1);
        self.record(&[captured(order, amount)]).await;
        self.told().await;
        order
    }

    /// Requests and claims the payment of a new order whose capture is manual, and holds the money.
    pub async fn held_order(&self, amount: i64) -> Uuid {
        let order = Uuid::new_v4();
        self.apply(&[requested(order, amount)]).await.unwrap();
        assert_eq!(self.claim_manual().await.len(), 1);
        self.record(&[held(order)]).await;
        assert_eq!(self.types_told().await, ["payment.authorized"]);
        order
    }

    /// A claim where capture is manual.
    pub async fn claim_manual(&self) -> Vec<Value> {
        let claimed: Value = self.client.query_one("SELECT claim_work(100, true)", &[]).await.unwrap().get(0);
        claimed.as_array().unwrap().clone()
    }

    /// What staff decides about a hold.
    pub async fn settle(&self, order: Uuid, wish: &str) -> String {
        self.client.query_one("SELECT settle_hold($1, $2)", &[&order, &wish]).await.unwrap().get(0)
    }

    /// The hold of the order, if it has one, is past its time and somebody notices.
    pub async fn hold_expires(&self, order: Uuid) -> Vec<Value> {
        let sql = "UPDATE intents SET due_at = now() WHERE order_id = $1 AND status = 'authorized'";
        if self.client.execute(sql, &[&order]).await.unwrap() == 0 {
            return vec![];
        }
        self.claim().await
    }

    /// The payment as callers see it.
    pub async fn shown(&self, order: Uuid) -> Option<Value> {
        let sql = "SELECT payment FROM payment_view WHERE order_id = $1";
        self.client.query_opt(sql, &[&order]).await.unwrap().map(|row| row.get(0))
    }

    /// Lets every lease and every pause run out.
    pub async fn time_passes(&self) {
        let sql = "UPDATE intents SET due_at = now() WHERE due_at IS NOT NULL; \
                   UPDATE refunds SET due_at = now() WHERE due_at IS NOT NULL";
        self.client.batch_execute(sql).await.unwrap();
    }

    /// The events told since the last call: (type, data), in order.
    pub async fn told(&self) -> Vec<(String, Value)> {
        let sql =
            "WITH gone AS (DELETE FROM outbox RETURNING id, stream, event) SELECT stream, event FROM gone ORDER BY id";
        let rows = self.client.query(sql, &[]).await.unwrap();
        let event = |row: &tokio_postgres::Row| {
            let (stream, event): (String, Value) = (row.get(0), row.get(1));
            SCHEMAS.check(&event).unwrap();
            assert_eq!(stream, "souk:payment");
            assert_eq!(event["traceparent"], TRACE);
            assert_eq!(event["key"], event["data"]["order_id"]);
            (event["type"].as_str().unwrap().to_owned(), event["data"].clone())
        };
        rows.iter().map(event).collect()
    }

    pub async fn types_told(&self) -> Vec<String> {
        self.told().await.into_iter().map(|(kind, _)| kind).collect()
    }

    pub async fn status(&self, order: Uuid) -> String {
        let row = self.client.query_one("SELECT status FROM intents WHERE order_id = $1", &[&order]).await.unwrap();
        row.get(0)
    }

    /// The balance of the account `gateway`, after checking that the ledger sums to zero.
    pub async fn balance(&self) -> i64 {
        let sql = "SELECT coalesce(sum(amount_minor), 0)::int8, \
                   coalesce(sum(amount_minor) FILTER (WHERE account = 'gateway'), 0)::int8 FROM ledger_entries";
        let row = self.client.query_one(sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 0, "the ledger sums to zero");
        row.get(1)
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap().get(0)
    }
}

pub async fn apply(client: &Client, events: &[Value]) -> Result<i64, Error> {
    Ok(client.query_one("SELECT apply_events($1)", &[&json!(events)]).await?.get(0))
}

pub async fn claim(client: &Client, at_most: i32) -> Vec<Value> {
    let claimed: Value = client.query_one("SELECT claim_work($1)", &[&at_most]).await.unwrap().get(0);
    claimed.as_array().unwrap().clone()
}

pub async fn record(client: &Client, outcomes: &[Value]) -> Result<i64, Error> {
    Ok(client.query_one("SELECT record_outcomes($1)", &[&json!(outcomes)]).await?.get(0))
}

fn event(kind: &str, order: Uuid, mut data: Value) -> Value {
    data["order_id"] = json!(order);
    json!({"id": Uuid::new_v4(), "type": kind, "version": 1, "key": order, "occurred_at": "2026-01-01T00:00:00.000Z",
        "traceparent": TRACE, "data": data})
}

pub fn requested(order: Uuid, amount: i64) -> Value {
    requested_again(order, amount, 1)
}

pub fn requested_again(order: Uuid, amount: i64, attempt: u32) -> Value {
    event(
        "order.payment_requested",
        order,
        json!({"number": "S-1", "user_id": order, "attempt": attempt, "payment_token": "tok_success",
            "amount": {"amount_minor": amount, "currency": "EUR"}}),
    )
}

pub fn cancelled(order: Uuid) -> Value {
    event("order.cancelled", order, json!({"reason": "by_shopper"}))
}

pub fn refund_requested(order: Uuid, amount: i64) -> Value {
    event(
        "order.refund_requested",
        order,
        json!({"amount": {"amount_minor": amount, "currency": "EUR"}, "reason": "by_shopper"}),
    )
}

/// A refund with an id of its own.
pub fn part_requested(order: Uuid, refund: Uuid, amount: i64) -> Value {
    let mut event = refund_requested(order, amount);
    event["data"]["refund_id"] = json!(refund);
    event
}

/// An answer about the current attempt, with the reference of its hold.
pub fn charge(order: Uuid, result: &str) -> Value {
    json!({"kind": "charge", "order_id": order, "result": result, "authorization": format!("au_{order}")})
}

pub fn held(order: Uuid) -> Value {
    charge(order, "authorized")
}

pub fn capture_refused(order: Uuid) -> Value {
    let mut outcome = charge(order, "capture_refused");
    outcome["code"] = "authorization_expired".into();
    outcome["message"] = "Too late.".into();
    outcome
}

pub fn captured(order: Uuid, amount: i64) -> Value {
    json!({"kind": "charge", "order_id": order, "result": "captured", "reference": format!("ch_{order}"),
        "amount_minor": amount, "currency": "EUR"})
}

pub fn declined(order: Uuid) -> Value {
    json!({"kind": "charge", "order_id": order, "result": "declined", "code": "card_declined", "message": "No."})
}

pub fn not_found(order: Uuid) -> Value {
    json!({"kind": "lookup", "order_id": order, "result": "not_found"})
}

pub fn timeout(order: Uuid) -> Value {
    json!({"kind": "charge", "order_id": order, "result": "timeout"})
}

/// Without a key, of the order's refund that has no id of its own.
pub fn refunded(order: Uuid) -> Value {
    json!({"kind": "refund", "order_id": order, "result": "refunded", "reference": format!("re_{order}")})
}

pub fn refund_declined(order: Uuid) -> Value {
    json!({"kind": "refund", "order_id": order, "result": "declined", "code": "account_closed", "message": "No."})
}

pub fn refund_timeout(order: Uuid) -> Value {
    json!({"kind": "refund", "order_id": order, "result": "timeout"})
}

/// The gateway's key of a refund.
pub fn refund_key(order: Uuid, refund: Uuid) -> String {
    if refund == order { format!("{order}:refund") } else { format!("{order}:refund:{refund}") }
}

fn of_part(mut outcome: Value, order: Uuid, refund: Uuid) -> Value {
    outcome["key"] = refund_key(order, refund).into();
    outcome
}

pub fn part_refunded(order: Uuid, refund: Uuid) -> Value {
    let mut outcome = of_part(refunded(order), order, refund);
    outcome["reference"] = format!("re_{refund}").into();
    outcome
}

pub fn part_declined(order: Uuid, refund: Uuid) -> Value {
    of_part(refund_declined(order), order, refund)
}

pub fn part_timeout(order: Uuid, refund: Uuid) -> Value {
    of_part(refund_timeout(order), order, refund)
}
