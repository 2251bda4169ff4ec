//! Every event that matters is counted once, whatever order and however often it comes.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use souk_analytics::events::COUNTED;
use uuid::Uuid;

const AT: &str = "2026-03-01T10:20:30.000Z";

#[tokio::test]
async fn the_consumer_wants_exactly_what_the_database_counts() -> Result<()> {
    let (_database, db) = database().await?;
    let rows = db.query("SELECT event_type FROM metrics ORDER BY event_type COLLATE \"C\"", &[]).await?;
    assert_eq!(rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), COUNTED);
    Ok(())
}

#[tokio::test]
async fn every_kind_of_event_becomes_a_fact() -> Result<()> {
    let (_database, db) = database().await?;
    let batch: Vec<Value> = COUNTED.iter().map(|event_type| of_kind(event_type, AT)).collect();
    assert_eq!(apply(&db, &batch).await?, 23);
    let sql = "SELECT count(*) FROM totals JOIN metrics USING (metric) WHERE events = 1";
    assert_eq!(db.query_one(sql, &[]).await?.get::<_, i64>(0), 23);
    Ok(())
}

#[tokio::test]
async fn orders_money_and_products_are_added_up() -> Result<()> {
    let (_database, db) = database().await?;
    let batch = [
        order("order.placed", AT),
        order("order.confirmed", AT),
        order("order.confirmed", AT),
        payment("payment.captured", AT, 2400),
        payment("payment.refunded", AT, 400),
        event("user.registered", AT, json!({"user_id": Uuid::now_v7(), "email": "ana@souk.example", "name": "Ana"})),
        event("notification.queued", AT, json!({"to": "ana@souk.example", "html": "<p>", "template": "welcome"})),
    ];
    assert_eq!(apply(&db, &batch).await?, 7);
    assert_eq!(total(&db, "orders_placed").await?, (1, 3, 2400));
    assert_eq!(total(&db, "orders_confirmed").await?, (2, 6, 4800));
    assert_eq!(total(&db, "payments_captured").await?, (1, 0, 2400));
    assert_eq!(total(&db, "payments_refunded").await?, (1, 0, 400));
    assert_eq!(total(&db, "sign_ups").await?, (1, 0, 0));
    assert_eq!(total(&db, "mails_queued").await?, (1, 0, 0));
    let sold = db.query("SELECT sku, units, amount_minor FROM daily_products ORDER BY sku", &[]).await?;
    let sold: Vec<(String, i64, i64)> = sold.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!(sold, [("CUP".to_owned(), 2, 1800), ("TEA".to_owned(), 4, 2000)]);
    Ok(())
}

#[tokio::test]
async fn facts_hold_no_personal_data() -> Result<()> {
    let (_database, db) = database().await?;
    let data = json!({"user_id": Uuid::now_v7(), "email": "ana@souk.example", "name": "Ana Example",
                      "to": "ana@souk.example", "reason": "Ana changed her mind", "is_guest": false});
    let events = COUNTED.iter().filter(|kind| !kind.starts_with("stock."));
    let batch: Vec<Value> = events.map(|kind| event(kind, AT, data.clone())).collect();
    apply(&db, &batch).await?;
    let facts: String = db.query_one("SELECT jsonb_agg(facts)::text FROM facts", &[]).await?.get(0);
    assert!(!facts.to_lowercase().contains("ana"), "{facts}");
    Ok(())
}

#[tokio::test]
async fn a_duplicate_counts_once_even_when_the_inbox_has_forgotten_it() -> Result<()> {
    let (_database, db) = database().await?;
    let event = order("order.confirmed", AT);
    assert_eq!(apply(&db, &[event.clone(), event.clone()]).await?, 1);
    assert_eq!(apply(&db, std::slice::from_ref(&event)).await?, 0);
    db.execute("UPDATE inbox SET received_at = now() - interval '8 days'", &[]).await?;
    assert_eq!(db.query_one("SELECT forget_old_events(10)", &[]).await?.get::<_, i32>(0), 1);
    assert_eq!(apply(&db, std::slice::from_ref(&event)).await?, 0);
    assert_eq!(total(&db, "orders_confirmed").await?, (1, 3, 2400));
    assert!(differences(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn events_of_no_interest_are_passed_over() -> Result<()> {
    let (_database, db) = database().await?;
    let batch = [event("product.changed", AT, json!({"slug": "tea"})), order("order.placed", AT)];
    assert_eq!(apply(&db, &batch).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_malformed_event_leaves_the_whole_batch_uncounted() -> Result<()> {
    let (_database, db) = database().await?;
    let with = |pointer: &str, value: Value| {
        let mut event = order("order.confirmed", AT);
        if let Some(place) = event.pointer_mut(pointer) {
            *place = value;
        }
        event
    };
    let bad = [
        with("/occurred_at", json!("yesterday-ish")),
        with("/data/total", json!({"amount_minor": "a lot", "currency": "EUR"})),
        with("/data/total", json!({"amount_minor": 5})),
        with("/data/total/currency", json!("euro")),
        with("/data/lines", json!("none")),
        with("/data/lines/0/quantity", json!(0)),
        with("/data/lines/0/quantity", json!(i64::MAX)),
        with("/data/lines/0/sku", Value::Null),
        with("/data/lines/0/unit_price", Value::Null),
    ];
    let bad = bad.into_iter().chain([
        event("order.confirmed", AT, json!({"user_id": "ana", "total": money(1), "lines": []})),
        event("user.deleted", AT, json!({"user_id": "ana"})),
        event("stock.changed", AT, json!({"available": 1})),
        event("stock.changed", AT, json!({"sku": "TEA"})),
        event("stock.changed", AT, json!({"sku": "TEA", "available": "some"})),
        event("cart.started", AT, json!({"is_guest": "perhaps"})),
    ]);
    for event in bad {
        assert!(apply(&db, &[order("order.placed", AT), event.clone()]).await.is_err(), "{event}");
    }
    assert_eq!(total(&db, "orders_placed").await?, (0, 0, 0));
    Ok(())
}

#[tokio::test]
async fn a_producer_with_a_broken_clock_opens_no_bucket_far_away() -> Result<()> {
    let (_database, db) = database().await?;
    apply(&db, &[order("order.placed", "0001-01-01T00:00:00Z"), order("order.placed", "9999-01-01T00:00:00Z")]).await?;
    let sql = "SELECT min(hour) = '2020-01-01T00:00:00Z' AND max(hour) <= now() + interval '1 day' FROM hourly";
    assert!(db.query_one(sql, &[]).await?.get::<_, bool>(0));
    Ok(())
}
