//! What those who keep the stock look at: the JSON that Postgres makes is what the OpenAPI document says.

use crate::support::*;
use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use souk_inventory::views::{
    LedgerEntry, LedgerMovement, Level, Location, LowStock, Reservation, ReservationLine, StockByLocation, Threshold,
    Wish,
};
use tokio_postgres::Client;
use uuid::Uuid;

/// The one value of `sql`, as the type that the document shows.
async fn shown<T: DeserializeOwned>(db: &Client, sql: &str) -> Result<T> {
    let json: Value = db.query_one(sql, &[]).await?.get(0);
    serde_json::from_value(json.clone()).with_context(|| json.to_string())
}

#[tokio::test]
async fn the_ledger_says_who_why_before_and_after_newest_first() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    locate(&db, "east", 10).await?;
    transfer(&db, "A", ("main", "east"), 4, None).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 3)])]).await?;
    let entries: Vec<LedgerEntry> = shown(&db, "SELECT items FROM ledger_page('A', NULL, NULL, 20)").await?;
    let movements: Vec<_> = entries.iter().map(|entry| (entry.movement, entry.location.as_str())).collect();
    use LedgerMovement::{Opened, Reserved, Transferred};
    assert_eq!(movements, [(Reserved, "east"), (Transferred, "east"), (Transferred, "main"), (Opened, "main")]);
    let level = |available, reserved| Level { available, reserved, committed: 0 };
    let [newest, arrived, _, first] = entries.try_into().map_err(|_| anyhow::anyhow!("four entries"))?;
    assert_eq!((newest.before, newest.after), (level(4, 0), level(1, 3)));
    assert_eq!((newest.order_id, newest.actor, newest.reason.as_str()), (Some(order), None, "order"));
    assert_eq!(
        (arrived.before, arrived.after, arrived.counterpart.as_deref()),
        (level(0, 0), level(4, 0), Some("main"))
    );
    assert_eq!((first.order_id, first.actor, first.reason.as_str()), (None, Some(ACTOR), "first delivery"));
    Ok(())
}

#[tokio::test]
async fn pages_of_the_ledger_neither_repeat_nor_skip() -> Result<()> {
    let (_database, db) = shop(&[("A", 100), ("B", 100)]).await?;
    for n in 0..6 {
        receive(&db, ["A", "B"][n % 2], "main", 1).await?;
    }
    let all: Vec<LedgerEntry> = shown(&db, "SELECT items FROM ledger_page('A', NULL, NULL, 20)").await?;
    assert_eq!(all.len(), 4);
    let (mut before, mut seen) = (None::<i64>, Vec::new());
    loop {
        let row = db.query_one("SELECT items, next FROM ledger_page('A', 'main', $1, 3)", &[&before]).await?;
        seen.extend(serde_json::from_value::<Vec<LedgerEntry>>(row.get(0))?);
        before = row.get(1);
        if before.is_none() {
            break;
        }
    }
    let ids = |entries: &[LedgerEntry]| entries.iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(ids(&seen), ids(&all));
    assert!(db.query_opt("SELECT items FROM ledger_page('NOWHERE', NULL, NULL, 3)", &[]).await?.is_none());
    let empty: Vec<LedgerEntry> = shown(&db, "SELECT items FROM ledger_page('A', 'east', NULL, 3)").await?;
    assert!(empty.is_empty());
    Ok(())
}

#[tokio::test]
async fn stock_is_shown_location_by_location() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    locate(&db, "east", 10).await?;
    locate(&db, "north", 1).await?;
    for location in ["east", "north"] {
        receive(&db, "A", location, 2).await?;
    }
    set_active(&db, "north", false).await?;
    let stock: StockByLocation = shown(&db, "SELECT stock_by_location('A', 5)").await?;
    assert_eq!((stock.sku.as_str(), stock.available, stock.threshold), ("A", 12, 5));
    let places: Vec<_> = stock.locations.iter().map(|place| (place.location.as_str(), place.received)).collect();
    assert_eq!(places, [("east", 2), ("main", 10), ("north", 2)], "as they ship, those that do not last");
    let unknown: Option<Value> = db.query_one("SELECT stock_by_location('NOWHERE', 5)", &[]).await?.get(0);
    assert!(unknown.is_none());
    let locations: Vec<Location> = shown(&db, "SELECT jsonb_agg(location_json(l)) FROM locations l").await?;
    assert_eq!(locations.len(), 3);
    Ok(())
}

#[tokio::test]
async fn reservations_are_shown_with_where_they_ship_from() -> Result<()> {
    let (_database, db) = shop(&[("A", 2)]).await?;
    locate(&db, "west", 200).await?;
    receive(&db, "A", "west", 2).await?;
    let [sold, refused, ended] = [(); 3].map(|()| Uuid::now_v7());
    apply(&db, &[placed(sold, &[("A", 3)]), confirmed(sold, &[("A", 3)]), placed(refused, &[("A", 9)])]).await?;
    apply(&db, &[returned(Uuid::now_v7(), sold, &[("A", 1, true)]), cancelled(ended, &[("A", 1)])]).await?;
    let all: Vec<Reservation> = shown(&db, "SELECT items FROM reservations_page(NULL, NULL, 20)").await?;
    assert_eq!(all.iter().map(|r| r.order_id).collect::<Vec<_>>(), [ended, refused, sold]);
    let line = |location: &str, quantity, returned| ReservationLine {
        sku: "A".to_owned(),
        location: location.to_owned(),
        quantity,
        returned,
    };
    assert_eq!(all[2].lines, [line("main", 2, 1), line("west", 1, 0)]);
    let row = db.query_one("SELECT items, next FROM reservations_page('committed', NULL, 1)", &[]).await?;
    assert_eq!(serde_json::from_value::<Vec<Reservation>>(row.get(0))?.len(), 1);
    assert_eq!(row.get::<_, Option<Uuid>>(1), None, "that was all");
    let row = db.query_one("SELECT next FROM reservations_page(NULL, NULL, 2)", &[]).await?;
    assert_eq!(row.get::<_, Option<Uuid>>(0), Some(refused));
    Ok(())
}

#[tokio::test]
async fn what_is_low_goes_by_each_skus_threshold_unless_one_is_asked_for() -> Result<()> {
    let (_database, db) = shop(&[("A", 30), ("B", 5), ("C", 9), ("D", 0)]).await?;
    db.execute("SELECT set_low_at('A', 40, 5)", &[]).await?;
    db.execute("SELECT set_low_at('B', 4, 5)", &[]).await?;
    let low = async |asked: Option<i64>, after: Option<&str>| -> Result<Vec<String>> {
        let row = db.query_one("SELECT items FROM low_stock(NULL, $1, $2, 10, 5)", &[&asked, &after]).await?;
        let items: Vec<LowStock> = serde_json::from_value(row.get(0))?;
        Ok(items.iter().map(|item| format!("{} {}", item.sku, item.threshold)).collect())
    };
    assert_eq!(low(None, None).await?, ["A 40", "D 5"]);
    assert_eq!(low(Some(9), None).await?, ["B 9", "C 9", "D 9"]);
    assert_eq!(low(Some(9), Some("B")).await?, ["C 9", "D 9"]);
    Ok(())
}

#[tokio::test]
async fn pods_of_the_release_before_list_what_is_low_as_ever() -> Result<()> {
    let (_database, db) = shop(&[("A", 30), ("B", 5), ("C", 0)]).await?;
    let sql = "SELECT sku, available, reserved, committed, threshold FROM low_stock($1::bigint, $2, 10, 5)";
    let rows = db.query(sql, &[&None::<i64>, &Some("A")]).await?;
    let low: Vec<(String, i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(4))).collect();
    assert_eq!(low, [("B".to_owned(), 5, 5), ("C".to_owned(), 0, 5)]);
    // One more than fits, as that release asks for to know whether there is another page.
    assert_eq!(db.query(sql, &[&Some(100_i64), &None::<&str>]).await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn small_answers_are_what_the_document_says() -> Result<()> {
    let (_database, db) = shop(&[("A", 0)]).await?;
    let threshold: Threshold = shown(&db, "SELECT set_low_at('A', 3, 5)").await?;
    assert_eq!(threshold, Threshold { sku: "A".into(), threshold: 3, is_default: false });
    let sql = "SELECT subscribe('A', $1, 'a@souk.example', 'A')";
    let mut wish: Value = db.query_one(sql, &[&ACTOR]).await?.get(0);
    assert_eq!(wish.as_object_mut().and_then(|wish| wish.remove("outcome")), Some(json!("done")));
    assert_eq!(serde_json::from_value::<Wish>(wish)?.sku, "A");
    Ok(())
}
