//! When a SKU was out of stock, whatever order its changes are heard of in.

use crate::support::*;
use anyhow::Result;
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

const DAY: &str = "'2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'";

#[tokio::test]
async fn a_sku_is_out_from_zero_until_there_is_some_again() -> Result<()> {
    let (_database, db) = database().await?;
    let batch = [
        stock("TEA", "2026-03-01T08:00:00Z", 5),
        stock("TEA", "2026-03-01T10:00:00Z", 0),
        stock("TEA", "2026-03-01T10:20:00Z", 0),
        stock("TEA", "2026-03-01T11:00:00Z", 3),
        stock("TEA", "2026-03-01T12:00:00Z", 0),
        stock("TEA", "2026-03-01T12:00:30Z", 1),
        // Out since before the period, and out for good.
        stock("CUP", "2026-02-28T22:00:00Z", 0),
        stock("POT", "2026-03-01T23:00:00Z", 0),
        // Never out within it.
        stock("JAR", "2026-02-27T00:00:00Z", 0),
        stock("JAR", "2026-02-27T09:00:00Z", 9),
        stock("LID", "2026-03-02T00:00:00Z", 0),
        event("stock.low", "2026-03-01T09:00:00Z", json!({"sku": "TEA", "available": 2, "threshold": 3})),
    ];
    apply(&db, &batch).await?;
    let document = report(&db, &format!("report_stock_outs({DAY}, '2026-03-05T00:00:00Z', 2)")).await?;
    let sku = |sku: &str, times: i64, seconds: i64, longest: i64, since: Value| json!({"sku": sku, "stock_outs": times, "seconds_out": seconds, "longest_seconds": longest, "out_since": since});
    assert_eq!(
        document,
        json!({
            "from": "2026-03-01T00:00:00.000Z", "to": "2026-03-02T00:00:00.000Z",
            "stock_outs": 3, "skus": 3, "skus_out": 2, "seconds_out": 86_400 + 3630 + 3600, "low_warnings": 1,
            "items": [sku("CUP", 0, 86_400, 86_400, json!("2026-02-28T22:00:00.000Z")), sku("TEA", 2, 3630, 3600, Value::Null)]
        })
    );
    fits("StockOuts", &document)?;
    assert_eq!((total(&db, "stock_outs").await?.0, total(&db, "stock_restocks").await?.0), (6, 3));
    Ok(())
}

#[tokio::test]
async fn what_has_not_passed_yet_is_not_counted() -> Result<()> {
    let (_database, db) = database().await?;
    apply(&db, &[stock("TEA", "2026-03-01T10:00:00Z", 0)]).await?;
    let document = report(&db, &format!("report_stock_outs({DAY}, '2026-03-01T10:01:00Z', 5)")).await?;
    assert_eq!((&document["seconds_out"], &document["skus_out"]), (&json!(60), &json!(1)));
    Ok(())
}

#[tokio::test]
async fn observations_that_say_nothing_new_are_forgotten_and_change_no_report() -> Result<()> {
    let (_database, db) = database().await?;
    let batch: Vec<Value> =
        (0..24).map(|hour| stock("TEA", &format!("2026-03-01T{hour:02}:00:00Z"), i64::from(hour % 8 < 5))).collect();
    apply(&db, &batch).await?;
    let before = everything(&db).await?;
    assert_eq!(db.query_one("SELECT forget_old_events(100)", &[]).await?.get::<_, i32>(0), 0, "it is too early");
    for table in ["inbox", "stock_facts"] {
        db.execute(&format!("UPDATE {table} SET received_at = now() - interval '9 days'"), &[]).await?;
    }
    // Of 24, five begin or end a stock-out.
    assert_eq!(db.query_one("SELECT forget_old_events(100)", &[]).await?.get::<_, i32>(0), 24 + 19);
    assert_eq!(everything(&db).await?, before);
    assert_eq!(replay(&db, &batch).await?, 19, "a replay brings them back");
    assert_eq!(everything(&db).await?, before);
    assert!(differences(&db).await?.is_empty());
    Ok(())
}

#[test]
fn edges_are_those_of_the_whole_story_however_it_is_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_database, db) = runtime.block_on(database()).unwrap();
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let story = prop::collection::vec((0..30u32, any::<bool>()), 1..25);
    proptest!(config, |(story in story, size in 1..6usize, sku in "[A-Z]{12}")| {
        let events: Vec<Value> = story
            .iter()
            .map(|(minute, is_there)| stock(&sku, &format!("2026-03-01T10:{minute:02}:00Z"), i64::from(*is_there)))
            .collect();
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

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_hear_of_one_sku_at_once_agree_about_it() -> Result<()> {
    let (database, db) = database().await?;
    let mut running = Vec::new();
    for replica in 0..4 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for minute in 0..60 {
                let at = format!("2026-03-01T{:02}:{minute:02}:0{replica}Z", 10 + minute % 3);
                apply(&db, &[stock("TEA", &at, (minute + replica) % 2), stock("CUP", &at, replica % 2)]).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for task in running {
        task.await??;
    }
    assert!(differences(&db).await?.is_empty());
    Ok(())
}
