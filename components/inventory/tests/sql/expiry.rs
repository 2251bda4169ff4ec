//! Reservations end by themselves, unless they are being committed, and a payment that comes late gets what is left.

use crate::support::*;
use anyhow::Result;
use serde_json::json;
use souk_testkit::eventually;
use tokio_postgres::Client;
use uuid::Uuid;

/// A time to live that has passed when the reservation is made.
const OVER: i32 = -1;

#[tokio::test]
async fn a_reservation_whose_time_is_over_is_released_once() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let (over, live) = (Uuid::now_v7(), Uuid::now_v7());
    apply_for(&db, &[placed(over, &[("A", 4)])], OVER).await?;
    apply(&db, &[placed(live, &[("A", 1)])]).await?;
    emitted(&db).await?;
    assert_eq!(expire(&db).await?, 2);
    assert_eq!(level(&db, "A").await?, (9, 1, 0));
    let data = json!({"order_id": over, "lines": [{"sku": "A", "quantity": 4}], "reason": "expired"});
    assert_eq!(emitted(&db).await?[0], ("stock.released".into(), over.to_string(), data));
    assert_eq!(expire(&db).await?, 0);
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn one_call_releases_no_more_than_it_was_asked_to() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let batch: Vec<_> = (0..5).map(|_| placed(Uuid::now_v7(), &[("A", 1)])).collect();
    apply_for(&db, &batch, OVER).await?;
    db.query_one("SELECT expire_reservations(2)", &[]).await?;
    assert_eq!(level(&db, "A").await?, (7, 3, 0));
    Ok(())
}

#[tokio::test]
async fn a_payment_after_expiry_takes_the_stock_again() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    apply_for(&db, &[placed(order, &[("A", 4)])], OVER).await?;
    expire(&db).await?;
    apply(&db, &[confirmed(order, &[("A", 4)])]).await?;
    assert_eq!(level(&db, "A").await?, (6, 0, 4));
    assert_eq!(outcomes(&db).await?, ["stock.reserved", "stock.released", "stock.committed"]);
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_payment_after_expiry_fails_when_the_stock_is_gone() -> Result<()> {
    let (_database, db) = shop(&[("A", 4)]).await?;
    let (order, other) = (Uuid::now_v7(), Uuid::now_v7());
    apply_for(&db, &[placed(order, &[("A", 4)])], OVER).await?;
    expire(&db).await?;
    apply(&db, &[placed(other, &[("A", 1)])]).await?;
    emitted(&db).await?;
    apply(&db, &[confirmed(order, &[("A", 4)])]).await?;
    let data = json!({"order_id": order, "reason": "insufficient_stock"});
    assert_eq!(emitted(&db).await?, [("stock.commit_failed".into(), order.to_string(), data)]);
    assert_eq!(level(&db, "A").await?, (3, 1, 0));
    // The order is then cancelled, and nothing is given back twice.
    assert_eq!(apply(&db, &[cancelled(order, &[("A", 4)])]).await?, 0);
    assert_eq!(level(&db, "A").await?, (3, 1, 0));
    Ok(())
}

#[tokio::test]
async fn a_reservation_that_is_being_committed_does_not_expire() -> Result<()> {
    let (database, committing) = shop(&[("A", 10)]).await?;
    let expiring = database.connect().await?;
    expiring.batch_execute("SET lock_timeout = '10s'").await?;
    let order = Uuid::now_v7();
    apply_for(&committing, &[placed(order, &[("A", 4)])], OVER).await?;
    committing.batch_execute("BEGIN").await?;
    apply(&committing, &[confirmed(order, &[("A", 4)])]).await?;
    assert_eq!(expire(&expiring).await?, 0, "it is passed over, not waited for");
    committing.batch_execute("COMMIT").await?;
    assert_eq!(expire(&expiring).await?, 0);
    assert_eq!(level(&expiring, "A").await?, (6, 0, 4));
    Ok(())
}

#[tokio::test]
async fn a_commit_that_waited_for_the_expiry_takes_the_stock_again() -> Result<()> {
    let (database, expiring) = shop(&[("A", 10)]).await?;
    let committing = database.connect().await?;
    let order = Uuid::now_v7();
    apply_for(&expiring, &[placed(order, &[("A", 4)])], OVER).await?;
    expiring.batch_execute("BEGIN").await?;
    assert_eq!(expire(&expiring).await?, 2);
    let pid: i32 = committing.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    let commit = tokio::spawn(async move { apply(&committing, &[confirmed(order, &[("A", 4)])]).await });
    let watching = database.connect().await?;
    eventually("the commit waits for the expiry", || waits_for_a_lock(&watching, pid)).await;
    expiring.batch_execute("COMMIT").await?;
    commit.await??;
    assert_eq!(level(&expiring, "A").await?, (6, 0, 4));
    assert!(violations(&expiring).await?.is_empty());
    Ok(())
}

async fn waits_for_a_lock(db: &Client, pid: i32) -> Option<()> {
    let sql = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1";
    let waits: Option<bool> = db.query_one(sql, &[&pid]).await.ok()?.get(0);
    waits.filter(|waits| *waits).map(|_| ())
}
