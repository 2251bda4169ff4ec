//! Returning customers, and what is kept of those who left.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use uuid::Uuid;

const HALF_A_YEAR: &str = "report_cohorts('2026-01-01', '2026-04-01')";

async fn cohorts(db: &tokio_postgres::Client) -> Result<Value> {
    report(db, HALF_A_YEAR).await
}

/// Whether anything in the database, sums and facts alike, still names `user`.
async fn names(db: &tokio_postgres::Client, user: Uuid) -> Result<bool> {
    let tables = ["facts", "fact_lines", "customer_months", "forgotten", "hourly", "totals", "daily_products"];
    for table in tables {
        let sql = format!("SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'");
        if db.query_one(&sql, &[&user.to_string()]).await?.get::<_, i64>(0) > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[tokio::test]
async fn customers_are_counted_by_the_month_of_their_first_order() -> Result<()> {
    let (_database, db) = database().await?;
    let [ana, ben, cleo, dan] = [(); 4].map(|()| Uuid::now_v7());
    let batch = [
        order_of(ana, "2026-01-05T10:00:00Z"),
        order_of(ana, "2026-01-31T23:59:59Z"),
        order_of(ana, "2026-03-01T00:00:00Z"),
        order_of(ben, "2026-01-20T10:00:00Z"),
        order_of(cleo, "2026-02-01T10:00:00Z"),
        order_of(cleo, "2026-03-05T10:00:00Z"),
        // A customer of long ago who comes back is in none of these cohorts, nor is one who comes later.
        order_of(dan, "2025-06-01T10:00:00Z"),
        order_of(dan, "2026-02-01T10:00:00Z"),
        order_of(Uuid::now_v7(), "2026-04-01T00:00:00Z"),
        // Nobody knows whose order this was.
        order("order.confirmed", "2026-01-05T10:00:00Z"),
    ];
    apply(&db, &batch).await?;
    let later = |n: i64, customers: i64, rate: Value| json!({"months_after": n, "customers": customers, "rate": rate});
    let document = cohorts(&db).await?;
    assert_eq!(
        document,
        json!({"from": "2026-01", "to": "2026-04", "items": [
            {"month": "2026-01", "customers": 2, "ordered_again": 1,
             "later_months": [later(1, 0, json!(0.0)), later(2, 1, json!(0.5))]},
            {"month": "2026-02", "customers": 1, "ordered_again": 1, "later_months": [later(1, 1, json!(1.0))]},
            {"month": "2026-03", "customers": 0, "ordered_again": 0, "later_months": []}]})
    );
    fits("Cohorts", &document)
}

#[tokio::test]
async fn a_deleted_account_leaves_its_sums_and_not_its_id() -> Result<()> {
    let (_database, db) = database().await?;
    let (ana, ben) = (Uuid::now_v7(), Uuid::now_v7());
    let mut registered = event("user.registered", "2026-01-01T10:00:00Z", json!({"user_id": ana}));
    registered["key"] = json!(ana);
    let mut left = deleted(ana, "2026-03-02T10:00:00Z");
    left["key"] = json!(ana);
    apply(&db, &[registered, order_of(ana, "2026-01-05T10:00:00Z"), order_of(ben, "2026-01-06T10:00:00Z")]).await?;
    apply(&db, &[order_of(ana, "2026-02-05T10:00:00Z")]).await?;
    let before = cohorts(&db).await?;
    assert!(names(&db, ana).await?, "the test looks in the right places");

    // In one batch with her last order, whatever comes first.
    apply(&db, &[left, order_of(ana, "2026-03-01T10:00:00Z")]).await?;
    assert!(!names(&db, ana).await?);
    assert!(names(&db, ben).await?, "only she is forgotten");
    let after = cohorts(&db).await?;
    assert_eq!(after["items"][0]["customers"], before["items"][0]["customers"]);
    assert_eq!(after["items"][0]["later_months"][0]["customers"], 1);
    assert_eq!(after["items"][0]["later_months"][1]["customers"], 1, "the last order is hers, too");
    assert!(differences(&db).await?.is_empty());
    db.execute("SELECT recount()", &[]).await?;
    assert_eq!(cohorts(&db).await?, after);
    Ok(())
}

#[tokio::test]
async fn an_order_that_is_heard_of_after_the_deletion_brings_no_id_back() -> Result<()> {
    let (_database, db) = database().await?;
    let ana = Uuid::now_v7();
    apply(&db, &[order_of(ana, "2026-01-05T10:00:00Z"), deleted(ana, "2026-03-02T10:00:00Z")]).await?;
    apply(&db, &[order_of(ana, "2026-02-05T10:00:00Z")]).await?;
    let document = cohorts(&db).await?;
    assert_eq!(document["items"][0]["later_months"][0]["customers"], 1, "she is still one customer: {document}");
    assert!(!names(&db, ana).await?);

    // Much later not even the pseudonym is known, and her order is nobody's.
    db.execute("UPDATE forgotten SET forgotten_at = now() - interval '9 days'", &[]).await?;
    db.execute("SELECT forget_old_events(10)", &[]).await?;
    replay(&db, &[order_of(ana, "2026-03-05T10:00:00Z"), deleted(ana, "2026-03-02T10:00:00Z")]).await?;
    assert!(!names(&db, ana).await?);
    assert_eq!(cohorts(&db).await?, document);
    assert_eq!(total(&db, "orders_confirmed").await?.0, 3, "it is counted as an order");
    assert!(differences(&db).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_beside_an_order_of_the_same_account_always_wins() -> Result<()> {
    let (database, db) = database().await?;
    for _ in 0..40 {
        let ana = Uuid::now_v7();
        apply(&db, &[order_of(ana, "2026-01-05T10:00:00Z")]).await?;
        let (buying, leaving) = (database.connect().await?, database.connect().await?);
        let bought = tokio::spawn(async move { apply(&buying, &[order_of(ana, "2026-02-05T10:00:00Z")]).await });
        let left = tokio::spawn(async move { apply(&leaving, &[deleted(ana, "2026-02-05T10:00:00Z")]).await });
        bought.await??;
        left.await??;
        assert!(!names(&db, ana).await?);
    }
    let document = cohorts(&db).await?;
    assert_eq!(document["items"][0]["customers"], 40);
    assert_eq!(document["items"][0]["later_months"][0]["customers"], 40, "each stayed one customer");
    assert!(differences(&db).await?.is_empty());
    Ok(())
}
