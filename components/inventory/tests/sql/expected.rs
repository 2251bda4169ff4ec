//! When more is expected: what shoppers are told, until the day has passed or the goods have come.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use souk_inventory::views::{LedgerEntry, LedgerMovement, LowStock, StockByLocation};
use tokio_postgres::Client;
use uuid::Uuid;

/// Says that more of A is expected in so many days, or (none) that nobody knows.
async fn expect(db: &Client, days: Option<i32>) -> Result<Value> {
    let sql = "SELECT expect_stock('A', current_date + $1::int, $2)";
    Ok(db.query_one(sql, &[&days, &ACTOR]).await?.get(0))
}

/// In how many days more of A is expected, as everybody is told.
async fn expected(db: &Client) -> Result<Option<i32>> {
    Ok(db.query_one("SELECT expected_on - current_date FROM on_sale WHERE sku = 'A'", &[]).await?.get(0))
}

#[tokio::test]
async fn what_is_expected_is_told_and_the_ledger_says_who_said_it() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    let day: String = db.query_one("SELECT (current_date + 12)::text", &[]).await?.get(0);
    let done = json!({"outcome": "done", "sku": "A", "available": 0, "expected_on": day});
    assert_eq!(expect(&db, Some(12)).await?, done);
    assert_eq!(expect(&db, Some(12)).await?, done, "said again");
    assert_eq!(expected(&db).await?, Some(12));
    let by_location: Value = db.query_one("SELECT stock_by_location('A', 5)", &[]).await?.get(0);
    let by_location: StockByLocation = serde_json::from_value(by_location)?;
    assert_eq!(by_location.expected_on.as_deref(), Some(day.as_str()));
    let listed: Value = db.query_one("SELECT items FROM low_stock(NULL, NULL, NULL, 10, 5)", &[]).await?.get(0);
    let listed: Vec<LowStock> = serde_json::from_value(listed)?;
    assert_eq!(listed[0].expected_on.as_deref(), Some(day.as_str()));

    assert_eq!(expect(&db, None).await?["expected_on"], Value::Null);
    assert_eq!(expected(&db).await?, None);
    let entries: Value = db.query_one("SELECT items FROM ledger_page('A', NULL, NULL, 20)", &[]).await?.get(0);
    let entries: Vec<LedgerEntry> = serde_json::from_value(entries)?;
    let said = |entry: &LedgerEntry| {
        assert_eq!((entry.movement, entry.actor, &entry.before), (LedgerMovement::Expected, Some(ACTOR), &entry.after));
        entry.expected_on.clone()
    };
    assert_eq!(entries.iter().map(said).collect::<Vec<_>>(), [None, Some(day)], "each once, newest first");
    assert_eq!(emitted(&db).await?, [], "no pieces moved");
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn days_that_have_passed_or_are_absurd_are_refused_and_nothing_is_written() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    let answer = expect(&db, Some(-1)).await?;
    assert_eq!((&answer["outcome"], answer["today"].is_string()), (&json!("past"), true));
    let answer = expect(&db, Some(800)).await?;
    assert_eq!((&answer["outcome"], answer["last"].is_string()), (&json!("too_far"), true));
    let sql = "SELECT expect_stock('NOWHERE', current_date, $1)";
    let unknown: Value = db.query_one(sql, &[&ACTOR]).await?.get(0);
    assert_eq!(unknown, json!({"outcome": "unknown_sku"}));
    assert_eq!(count(&db, "SELECT count(*) FROM stock_ledger").await?, 0);
    assert_eq!(expect(&db, Some(0)).await?["outcome"], "done", "today is not over");
    Ok(())
}

#[tokio::test]
async fn a_day_that_has_passed_is_not_told_any_more() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    expect(&db, Some(3)).await?;
    db.execute("UPDATE stock SET expected_on = current_date - 1", &[]).await?;
    assert_eq!(expected(&db).await?, None);
    let by_location: Value = db.query_one("SELECT stock_by_location('A', 5)", &[]).await?.get(0);
    assert_eq!(by_location["expected_on"], Value::Null);
    let listed: Value = db.query_one("SELECT items FROM low_stock(NULL, NULL, NULL, 10, 5)", &[]).await?.get(0);
    assert_eq!(listed[0]["expected_on"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn goods_that_come_on_sale_are_not_expected_any_more() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    locate(&db, "east", 10).await?;
    set_active(&db, "east", false).await?;
    let adjust = async |delta: i64| -> Result<Value> {
        let sql = "SELECT change_stock('A', 'main', 'adjusted', $1, 'count', $2, NULL, NULL)";
        Ok(db.query_one(sql, &[&delta, &ACTOR]).await?.get(0))
    };

    expect(&db, Some(3)).await?;
    assert_eq!(receive(&db, "A", "main", 2).await?["expected_on"], Value::Null);
    assert_eq!(expected(&db).await?, None, "received");

    expect(&db, Some(3)).await?;
    adjust(-1).await?;
    assert_eq!(expected(&db).await?, Some(3), "a correction of what is there is no delivery");
    receive(&db, "A", "main", 1).await?;
    assert_eq!(expected(&db).await?, None, "the last pieces were not sold yet when it came");

    adjust(-2).await?;
    expect(&db, Some(3)).await?;
    adjust(2).await?;
    assert_eq!(expected(&db).await?, None, "entered as a correction");

    adjust(-2).await?;
    expect(&db, Some(3)).await?;
    receive(&db, "A", "east", 2).await?;
    assert_eq!(expected(&db).await?, Some(3), "where nothing is sold from");
    transfer(&db, "A", ("east", "main"), 1, None).await?;
    assert_eq!(expected(&db).await?, None, "moved to where it is sold from");

    adjust(-1).await?;
    expect(&db, Some(3)).await?;
    set_active(&db, "east", true).await?;
    assert_eq!(expected(&db).await?, None, "sold from there now");
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_orders_give_back_is_not_the_delivery() -> Result<()> {
    let (_database, db) = shop(&[("A", 1)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 1)])]).await?;
    expect(&db, Some(3)).await?;
    apply(&db, &[cancelled(order, &[("A", 1)])]).await?;
    assert_eq!((level(&db, "A").await?, expected(&db).await?), ((1, 0, 0), Some(3)));
    Ok(())
}

#[tokio::test]
async fn a_sku_of_which_the_first_pieces_are_expected_can_still_be_opened() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    expect(&db, Some(3)).await?;
    assert_eq!(open(&db, &[("A", 7)]).await?, 1);
    assert_eq!((level(&db, "A").await?, expected(&db).await?), ((7, 0, 0), None));
    assert_eq!(open(&db, &[("A", 9)]).await?, 0, "it has a history now");
    Ok(())
}

#[tokio::test]
async fn an_entry_about_what_is_expected_cannot_move_pieces() -> Result<()> {
    let (_database, db) = shop(&[("A", 1)]).await?;
    for (movement, delta, day) in [("expected", 1, "current_date"), ("received", 1, "current_date")] {
        let sql = format!(
            "INSERT INTO stock_ledger (sku, movement, expected_on, delta_available, delta_reserved, delta_committed,
                                       available_after, reserved_after, committed_after, reason, actor)
             VALUES ('A', '{movement}', {day}, {delta}, 0, 0, 2, 0, 0, 'x', $1)"
        );
        let error = db.execute(&sql, &[&ACTOR]).await.map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains("db error")), "{movement}: {error:?}");
    }
    Ok(())
}
