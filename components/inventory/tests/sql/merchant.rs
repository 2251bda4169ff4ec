//! Stock changed by people: refused changes write nothing, retries change nothing.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;

async fn change(db: &Client, sku: &str, delta: i64, key: Option<&str>) -> Result<Value, tokio_postgres::Error> {
    let sql = "SELECT change_stock($1, 'main', 'adjusted', $2, 'count', $3, $4, $5)";
    Ok(db.query_one(sql, &[&sku, &delta, &ACTOR, &key, &TRACE]).await?.get(0))
}

#[tokio::test]
async fn a_correction_changes_what_can_be_sold_and_is_told_to_the_others() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    assert_eq!(
        change(&db, "A", -3, None).await?,
        json!({"outcome": "done", "sku": "A", "available": 7, "expected_on": null})
    );
    assert_eq!(change(&db, "A", 5, None).await?["available"], 12);
    let figures: Vec<Value> = emitted(&db).await?.into_iter().map(|(_, _, data)| data["available"].clone()).collect();
    assert_eq!(figures, [7, 12]);
    let row =
        db.query_one("SELECT actor, reason, delta_available FROM stock_ledger ORDER BY id DESC LIMIT 1", &[]).await?;
    assert_eq!((row.get(0), row.get(1), row.get(2)), (ACTOR, "count".to_owned(), 5_i64));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_refused_change_writes_nothing() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let ledger = count(&db, "SELECT count(*) FROM stock_ledger").await?;
    for (sku, delta, outcome) in
        [("A", -11, "not_enough"), ("A", 1_000_000_000, "too_much"), ("NOWHERE", 1, "unknown_sku")]
    {
        assert_eq!(change(&db, sku, delta, Some("key")).await?["outcome"], outcome);
    }
    assert_eq!(level(&db, "A").await?, (10, 0, 0));
    assert_eq!(count(&db, "SELECT count(*) FROM stock_ledger").await?, ledger);
    assert_eq!(count(&db, "SELECT count(*) FROM outbox").await?, 0);
    assert_eq!(change(&db, "A", -10, Some("key")).await?["outcome"], "done", "a refusal does not use the key up");
    Ok(())
}

#[tokio::test]
async fn reserved_and_sold_pieces_cannot_be_written_off() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    apply(&db, &[placed(uuid::Uuid::now_v7(), &[("A", 8)])]).await?;
    assert_eq!(change(&db, "A", -3, None).await?, json!({"outcome": "not_enough", "available": 2}));
    Ok(())
}

#[tokio::test]
async fn a_retry_with_the_same_key_gets_the_first_answer_again() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let first = change(&db, "A", 5, Some("key")).await?;
    change(&db, "A", 1, Some("another key")).await?;
    assert_eq!(change(&db, "A", 5, Some("key")).await?, first);
    assert_eq!(level(&db, "A").await?, (16, 0, 0));
    assert_eq!(change(&db, "A", 6, Some("key")).await?, json!({"outcome": "key_reused"}));
    let sql = "SELECT change_stock('A', 'main', 'adjusted', 5, 'count', $1, 'key', NULL) ->> 'available'";
    let other_person: String = db.query_one(sql, &[&uuid::Uuid::from_u128(8)]).await?.get(0);
    assert_eq!(other_person, "21", "keys belong to the one who sent them");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_sent_ten_times_at_once_changes_stock_once() -> Result<()> {
    let (database, db) = shop(&[("A", 10)]).await?;
    let mut running = Vec::new();
    for _ in 0..10 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move { change(&db, "A", 5, Some("key")).await }));
    }
    for answer in running {
        assert_eq!(answer.await??, json!({"outcome": "done", "sku": "A", "available": 15, "expected_on": null}));
    }
    assert_eq!(level(&db, "A").await?, (15, 0, 0));
    Ok(())
}

#[tokio::test]
async fn opening_figures_count_once_and_never_overwrite_history() -> Result<()> {
    let (_database, db) = shop(&[]).await?;
    assert_eq!(open(&db, &[("A", 10), ("B", 0)]).await?, 1);
    assert_eq!(open(&db, &[("A", 99), ("B", 0), ("C", 3)]).await?, 1);
    assert_eq!((level(&db, "A").await?, level(&db, "C").await?), ((10, 0, 0), (3, 0, 0)));
    assert_eq!(open(&db, &[("B", 4)]).await?, 1, "a SKU that never had any can still be opened");
    change(&db, "A", -10, None).await?;
    assert_eq!(open(&db, &[("A", 10)]).await?, 0, "sold out is history too");
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_bad_line_refuses_the_whole_batch() -> Result<()> {
    let (_database, db) = shop(&[]).await?;
    for bad in [("no good", 1), ("B", 1_000_000_001)] {
        assert!(open(&db, &[("A", 10), bad]).await.is_err());
    }
    assert_eq!(count(&db, "SELECT count(*) FROM stock").await?, 0);
    Ok(())
}

#[tokio::test]
async fn only_what_is_old_is_forgotten() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    for key in ["old", "new"] {
        change(&db, "A", 1, Some(key)).await?;
        apply(&db, &[placed(uuid::Uuid::now_v7(), &[("A", 1)])]).await?;
    }
    db.execute("UPDATE stock_requests SET created_at = now() - interval '8 days' WHERE idempotency_key = 'old'", &[])
        .await?;
    let sql = "UPDATE inbox SET received_at = now() - interval '8 days' \
               WHERE event_id = (SELECT min(event_id::text)::uuid FROM inbox)";
    db.execute(sql, &[]).await?;
    assert_eq!(db.query_one("SELECT forget_old_requests(100)", &[]).await?.get::<_, i32>(0), 2);
    assert_eq!(count(&db, "SELECT count(*) FROM inbox").await?, 1);
    assert_eq!(count(&db, "SELECT count(*) FROM stock_requests WHERE idempotency_key = 'new'").await?, 1);
    Ok(())
}
