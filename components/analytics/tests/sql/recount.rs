//! The sums equal their facts, after any events in any order on any number of replicas.

use crate::support::*;
use anyhow::Result;
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};
use souk_analytics::events::COUNTED;

/// An event of some kind, hour, product and reason.
fn any_event() -> impl Strategy<Value = Value> {
    (0..COUNTED.len(), 0..30u32, 1..5i64, 0..3usize).prop_map(|(kind, hour, quantity, pick)| {
        let at = format!("2026-03-{:02}T{:02}:30:00Z", 1 + hour / 24, hour % 24);
        let currency = ["EUR", "USD", "JPY"][pick];
        let price = json!({"amount_minor": 100 * quantity, "currency": currency});
        let sku = ["TEA", "CUP", "POT"][pick];
        let reason = ["by_shopper", "payment_declined", "payment_timeout"][pick];
        let template = ["welcome", "order_confirmed", ""][pick];
        let data = match COUNTED[kind] {
            name if name.starts_with("order.") => json!({
                "lines": [{"sku": sku, "title": "T", "quantity": quantity, "unit_price": price},
                          {"sku": "TEA", "title": "T", "quantity": 1, "unit_price": price}],
                "total": price, "reason": reason}),
            name if name.starts_with("payment.") => json!({"amount": price}),
            _ => json!({"template": template}),
        };
        event(COUNTED[kind], &at, data)
    })
}

#[test]
fn numbers_from_facts_equal_the_live_sums() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_database, db) = runtime.block_on(database()).unwrap();
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    proptest!(config, |(mut events in prop::collection::vec(any_event(), 1..40), again in 0..40usize, size in 1..20usize)| {
        let duplicate = events[again % events.len()].clone();
        events.push(duplicate);
        let outcome: Result<()> = runtime.block_on(async {
            for batch in events.chunks(size) {
                apply(&db, batch).await?;
            }
            assert_eq!(differences(&db).await?, Vec::<String>::new());
            Ok(())
        });
        prop_assert!(outcome.is_ok(), "{:#}", outcome.unwrap_err());
    });
}

#[tokio::test]
async fn a_wrong_sum_is_found_and_made_right() -> Result<()> {
    let (_database, db) = database().await?;
    apply(&db, &[order("order.confirmed", "2026-03-01T10:00:00Z"), order("order.placed", "2026-03-01T10:00:00Z")])
        .await?;
    assert!(differences(&db).await?.is_empty());
    db.batch_execute(
        "UPDATE hourly SET events = events + 1 WHERE metric = 'orders_placed';
         DELETE FROM totals WHERE metric = 'orders_confirmed';
         UPDATE daily_products SET units = 0 WHERE sku = 'TEA';",
    )
    .await?;
    assert_eq!(differences(&db).await?.len(), 3);
    db.execute("SELECT recount()", &[]).await?;
    assert!(differences(&db).await?.is_empty());
    assert_eq!(total(&db, "orders_confirmed").await?, (1, 3, 2400));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_count_the_same_sums_do_not_deadlock_and_miss_nothing() -> Result<()> {
    let (database, db) = database().await?;
    let mut running = Vec::new();
    for replica in 0..4 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for round in 0..30 {
                let mut batch: Vec<Value> = COUNTED
                    .iter()
                    .flat_map(|kind| {
                        [0, 1].map(|hour| order(kind, &format!("2026-03-01T{:02}:00:00Z", (round + hour) % 24)))
                    })
                    .collect();
                if replica % 2 == 1 {
                    batch.reverse();
                }
                apply(&db, &batch).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for task in running {
        task.await??;
    }
    assert_eq!(total(&db, "orders_confirmed").await?, (240, 720, 576_000));
    assert!(differences(&db).await?.is_empty());
    Ok(())
}
