//! The sums equal their facts, after any events in any order on any number of replicas.

use crate::{history::any_history, support::*};
use anyhow::Result;
use proptest::{prelude::*, test_runner::Config};
use serde_json::Value;
use souk_analytics::events::COUNTED;
use uuid::Uuid;

#[test]
fn numbers_from_facts_equal_the_live_sums() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_database, db) = runtime.block_on(database()).unwrap();
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    // Histories pile up, so that later ones meet what earlier ones left.
    proptest!(config, |(events in any_history().prop_shuffle(), size in 1..20usize)| {
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
    let at = "2026-03-01T10:00:00Z";
    let batch =
        [order("order.confirmed", at), order_of(Uuid::now_v7(), at), order("order.placed", at), stock("TEA", at, 0)];
    apply(&db, &batch).await?;
    assert!(differences(&db).await?.is_empty());
    db.batch_execute(
        "UPDATE hourly SET events = events + 1 WHERE metric = 'orders_placed';
         DELETE FROM totals WHERE metric = 'orders_confirmed';
         UPDATE daily_products SET units = 0 WHERE sku = 'TEA';
         UPDATE customer_months SET orders = 0;
         UPDATE stock_facts SET is_edge = false;",
    )
    .await?;
    assert_eq!(differences(&db).await?.len(), 5);
    db.execute("SELECT recount()", &[]).await?;
    assert!(differences(&db).await?.is_empty());
    assert_eq!(total(&db, "orders_confirmed").await?, (2, 6, 4800));
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
                        [0, 1].map(|hour| of_kind(kind, &format!("2026-03-01T{:02}:00:00Z", (round + hour) % 24)))
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
