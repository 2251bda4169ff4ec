//! Sold pieces that come back: into stock or out of it, each once, and never more than were sold.

use crate::support::*;
use anyhow::Result;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

/// An order that bought these lines.
async fn sold(db: &Client, lines: &[(&str, i64)]) -> Result<Uuid> {
    let order = Uuid::now_v7();
    apply(db, &[placed(order, lines), confirmed(order, lines)]).await?;
    emitted(db).await?;
    Ok(order)
}

#[tokio::test]
async fn what_came_back_is_sold_again_or_written_off() -> Result<()> {
    let (_database, db) = shop(&[("A", 20), ("B", 20)]).await?;
    let order = sold(&db, &[("A", 5), ("B", 2)]).await?;
    let lines = [("A", 2, true), ("A", 1, false), ("B", 2, false)];
    apply(&db, &[returned(Uuid::now_v7(), order, &lines)]).await?;
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((17, 0, 2), (18, 0, 0)));
    let sql = "SELECT concat_ws(' ', sku, movement, delta_available, delta_committed, reason) FROM stock_ledger \
               WHERE movement IN ('returned', 'written_off') AND order_id = $1 ORDER BY id";
    let entries: Vec<String> = db.query(sql, &[&order]).await?.iter().map(|row| row.get(0)).collect();
    assert_eq!(entries, ["A returned 2 -2 return", "A written_off 0 -1 return", "B written_off 0 -2 return"]);
    assert_eq!(emitted(&db).await?, [("stock.changed".into(), "A".into(), json!({"sku": "A", "available": 17}))]);
    assert_eq!(count(&db, "SELECT sum(received)::bigint FROM stock").await?, 37, "what was written off is gone");
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_return_goes_to_the_locations_that_shipped() -> Result<()> {
    let (_database, db) = shop(&[("A", 2)]).await?;
    locate(&db, "west", 200).await?;
    receive(&db, "A", "west", 2).await?;
    let order = sold(&db, &[("A", 4)]).await?;
    apply(&db, &[returned(Uuid::now_v7(), order, &[("A", 3, true)])]).await?;
    assert_eq!((level_at(&db, "A", "main").await?, level_at(&db, "A", "west").await?), ((2, 0, 0), (1, 0, 1)));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_same_return_announced_twice_moves_nothing_twice() -> Result<()> {
    let (_database, db) = shop(&[("A", 20)]).await?;
    let order = sold(&db, &[("A", 5)]).await?;
    let id = Uuid::now_v7();
    let event = returned(id, order, &[("A", 2, true)]);
    apply(&db, &[event.clone(), returned(id, order, &[("A", 2, true)])]).await?;
    for again in [event, returned(id, order, &[("A", 2, true)])] {
        assert_eq!(apply(&db, &[again]).await?, 0);
    }
    assert_eq!(level(&db, "A").await?, (17, 0, 3));
    Ok(())
}

#[tokio::test]
async fn more_than_was_sold_never_comes_back() -> Result<()> {
    let (_database, db) = shop(&[("A", 20), ("B", 20)]).await?;
    let order = sold(&db, &[("A", 5)]).await?;
    apply(&db, &[returned(Uuid::now_v7(), order, &[("A", 2, true)])]).await?;
    let unpaid = Uuid::now_v7();
    apply(&db, &[placed(unpaid, &[("B", 1)])]).await?;
    let refused = [
        returned(Uuid::now_v7(), order, &[("A", 4, true)]),
        returned(Uuid::now_v7(), order, &[("A", 2, true), ("A", 2, false)]),
        returned(Uuid::now_v7(), order, &[("B", 1, true)]),
        returned(Uuid::now_v7(), unpaid, &[("B", 1, true)]),
        returned(Uuid::now_v7(), Uuid::now_v7(), &[("A", 1, true)]),
        returned(Uuid::now_v7(), order, &[]),
        returned(Uuid::now_v7(), order, &[("A", 0, true)]),
        envelope(
            "order.returned",
            "o",
            json!({"order_id": order, "lines": [{"sku": "A", "quantity": 1, "restock": true}]}),
        ),
        envelope(
            "order.returned",
            "o",
            json!({"return_id": Uuid::now_v7(), "order_id": order,
                                               "lines": [{"sku": "A", "quantity": 1}]}),
        ),
    ];
    let returns = count(&db, "SELECT count(*) FROM returns").await?;
    for event in refused {
        apply(&db, std::slice::from_ref(&event)).await.expect_err(&event.to_string());
    }
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((17, 0, 3), (19, 1, 0)));
    assert_eq!(count(&db, "SELECT count(*) FROM returns").await?, returns);
    Ok(())
}

#[tokio::test]
async fn an_order_that_is_cancelled_later_gives_back_only_the_rest() -> Result<()> {
    let (_database, db) = shop(&[("A", 20), ("B", 20)]).await?;
    let order = sold(&db, &[("A", 5), ("B", 1)]).await?;
    apply(&db, &[returned(Uuid::now_v7(), order, &[("A", 2, false), ("B", 1, true)])]).await?;
    emitted(&db).await?;
    apply(&db, &[cancelled(order, &[("A", 5), ("B", 1)])]).await?;
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((18, 0, 0), (20, 0, 0)));
    assert_eq!(emitted(&db).await?[0].2["lines"], json!([{"sku": "A", "quantity": 3}]));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}
