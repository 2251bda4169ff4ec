//! Three ways to the same numbers: counting live, counting again from the facts, and replaying the streams.

use crate::{history::any_history, support::*};
use anyhow::Result;
use proptest::{prelude::*, test_runner::Config};
use serde_json::Value;
use std::collections::BTreeMap;

/// The streams as the relay filled them: one for each publisher, each event once, in the order of happening.
fn streams(history: &[Value]) -> BTreeMap<String, Vec<Value>> {
    let mut streams: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in history {
        let publisher = event["type"].as_str().unwrap().split('.').next().unwrap();
        let stream = streams.entry(publisher.to_owned()).or_default();
        if !stream.contains(event) {
            stream.push(event.clone());
        }
    }
    for stream in streams.values_mut() {
        stream.sort_by_key(|event| event["occurred_at"].to_string());
    }
    streams
}

#[test]
fn live_counting_a_recount_and_a_replay_give_every_report_alike() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_database, db) = runtime.block_on(database()).unwrap();
    let (_elsewhere, empty) = runtime.block_on(database()).unwrap();
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let order = any_history().prop_flat_map(|history| (Just(history.clone()), Just(history).prop_shuffle()));
    proptest!(config, |((history, shuffled) in order, size in 1..25usize, page in 1..25usize)| {
        let outcome: Result<()> = runtime.block_on(async {
            clear(&db).await?;
            clear(&empty).await?;
            for batch in shuffled.chunks(size) {
                apply(&db, batch).await?;
                db.execute("SELECT forget_old_events(10)", &[]).await?;
            }
            let live = everything(&db).await?;
            assert_eq!(differences(&db).await?, Vec::<String>::new());

            // Live again: a replay into a database that has counted everything changes nothing.
            for stream in streams(&history).values() {
                assert_eq!(replay(&db, stream).await?, 0);
            }
            assert_eq!(everything(&db).await?, live, "a replay counted twice");

            db.batch_execute("DELETE FROM hourly; DELETE FROM totals; DELETE FROM daily_products;
                              DELETE FROM customer_months; UPDATE stock_facts SET is_edge = NOT is_edge;").await?;
            db.execute("SELECT recount()", &[]).await?;
            assert_eq!(everything(&db).await?, live, "counted again");

            for stream in streams(&history).values() {
                for batch in stream.chunks(page) {
                    replay(&empty, batch).await?;
                }
            }
            assert_eq!(everything(&empty).await?, live, "replayed");
            Ok(())
        });
        prop_assert!(outcome.is_ok(), "{:#}", outcome.unwrap_err());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_beside_live_consumers_counts_nothing_twice() -> Result<()> {
    let (database, db) = database().await?;
    let events: Vec<Value> = (0..300)
        .map(|n| {
            let at = format!("2026-03-01T{:02}:{:02}:00Z", n / 60, n % 60);
            match n % 3 {
                0 => order("order.confirmed", &at),
                1 => stock("TEA", &at, i64::from(n % 2)),
                _ => payment("payment.captured", &at, 2400),
            }
        })
        .collect();
    let mut running = Vec::new();
    for (replayed, size) in [(false, 17), (true, 23), (false, 31), (true, 50)] {
        let (db, events) = (database.connect().await?, events.clone());
        running.push(tokio::spawn(async move {
            for batch in events.chunks(size) {
                if replayed {
                    replay(&db, batch).await?
                } else {
                    apply(&db, batch).await?
                };
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for task in running {
        task.await??;
    }
    assert_eq!(total(&db, "orders_confirmed").await?, (100, 300, 240_000));
    assert_eq!(total(&db, "stock_outs").await?.0, 50);
    assert!(differences(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_replay_brings_back_what_only_the_inbox_remembers() -> Result<()> {
    let (_database, db) = database().await?;
    let event = order("order.confirmed", "2026-03-01T10:00:00Z");
    apply(&db, std::slice::from_ref(&event)).await?;
    clear_facts(&db).await?;
    assert_eq!(apply(&db, std::slice::from_ref(&event)).await?, 0, "the inbox has it");
    assert_eq!(replay(&db, &[event.clone(), event]).await?, 1);
    assert_eq!(total(&db, "orders_confirmed").await?, (1, 3, 2400));
    Ok(())
}

async fn clear_facts(db: &tokio_postgres::Client) -> Result<()> {
    let tables = "facts, fact_lines, stock_facts, hourly, totals, daily_products, customer_months, forgotten";
    Ok(db.batch_execute(&format!("TRUNCATE {tables}")).await?)
}

async fn clear(db: &tokio_postgres::Client) -> Result<()> {
    clear_facts(db).await?;
    Ok(db.batch_execute("TRUNCATE inbox").await?)
}
