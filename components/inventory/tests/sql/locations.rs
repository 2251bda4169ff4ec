//! Several locations: who ships what, pieces that move between them, and locations that stop.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

/// `east` ships before `main`, `west` after it.
async fn three(stock: &[(&str, &str, i64)]) -> Result<(souk_testkit::Database, Client)> {
    let mut skus: Vec<(&str, i64)> = stock.iter().map(|(sku, _, _)| (*sku, 0)).collect();
    skus.dedup();
    let (database, db) = shop(&skus).await?;
    for (location, priority) in [("east", 10), ("west", 200)] {
        locate(&db, location, priority).await?;
    }
    for (sku, location, pieces) in stock {
        receive(&db, sku, location, *pieces).await?;
    }
    emitted(&db).await?;
    Ok((database, db))
}

/// What an order takes from where, as `SKU location pieces`.
async fn parts(db: &Client, order: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT concat_ws(' ', sku, location, quantity) FROM reservation_lines \
               WHERE order_id = $1 ORDER BY sku, location";
    Ok(db.query(sql, &[&order]).await?.iter().map(|row| row.get(0)).collect())
}

async fn shipped(stock: &[(&str, &str, i64)], lines: &[(&str, i64)]) -> Result<Vec<String>> {
    let (_database, db) = three(stock).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, lines)]).await?;
    assert!(violations(&db).await?.is_empty());
    parts(&db, order).await
}

#[tokio::test]
async fn the_first_location_that_has_the_whole_order_ships_it() -> Result<()> {
    let stock = [("A", "east", 9), ("A", "main", 1), ("A", "west", 5), ("B", "west", 5)];
    assert_eq!(shipped(&stock, &[("A", 1)]).await?, ["A east 1"]);
    assert_eq!(
        shipped(&stock, &[("A", 2), ("B", 1)]).await?,
        ["A west 2", "B west 1"],
        "one parcel, though not from the first"
    );
    Ok(())
}

#[tokio::test]
async fn a_line_stays_whole_when_one_location_has_it() -> Result<()> {
    let stock = [("A", "east", 2), ("A", "main", 3), ("B", "east", 1)];
    assert_eq!(shipped(&stock, &[("A", 3), ("B", 1)]).await?, ["A main 3", "B east 1"]);
    Ok(())
}

#[tokio::test]
async fn what_no_location_has_is_split_by_priority() -> Result<()> {
    let stock = [("A", "east", 2), ("A", "main", 2), ("A", "west", 2)];
    assert_eq!(shipped(&stock, &[("A", 5)]).await?, ["A east 2", "A main 2", "A west 1"]);
    Ok(())
}

#[tokio::test]
async fn an_order_that_all_locations_together_cannot_fill_gets_nothing() -> Result<()> {
    let (_database, db) = three(&[("A", "east", 2), ("A", "west", 2), ("B", "main", 9)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("B", 1), ("A", 5)])]).await?;
    let short = json!([{"sku": "A", "requested": 5, "available": 4}]);
    assert_eq!(emitted(&db).await?[0].2["lines"], short);
    assert_eq!(parts(&db, order).await?, Vec::<String>::new());
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((4, 0, 0), (9, 0, 0)));
    Ok(())
}

#[tokio::test]
async fn what_is_given_back_goes_where_it_came_from() -> Result<()> {
    for paid in [false, true] {
        let (_database, db) = three(&[("A", "east", 2), ("A", "west", 2)]).await?;
        let order = Uuid::now_v7();
        apply(&db, &[placed(order, &[("A", 3)])]).await?;
        if paid {
            apply(&db, &[confirmed(order, &[("A", 3)])]).await?;
            assert_eq!(level_at(&db, "A", "west").await?, (1, 0, 1));
        }
        emitted(&db).await?;
        apply(&db, &[cancelled(order, &[("A", 3)])]).await?;
        for location in ["east", "west"] {
            assert_eq!(level_at(&db, "A", location).await?, (2, 0, 0), "{location}");
        }
        let told = emitted(&db).await?;
        assert_eq!(told[0].2["lines"], json!([{"sku": "A", "quantity": 3}]), "the split is nobody else's business");
        assert_eq!(told[1].2, json!({"sku": "A", "available": 4}));
        assert!(violations(&db).await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn a_late_payment_may_be_shipped_from_elsewhere() -> Result<()> {
    let (_database, db) = three(&[("A", "east", 2), ("A", "west", 2)]).await?;
    let (late, quick) = (Uuid::now_v7(), Uuid::now_v7());
    apply_for(&db, &[placed(late, &[("A", 2)])], -1).await?;
    assert_eq!(parts(&db, late).await?, ["A east 2"]);
    expire(&db).await?;
    apply(&db, &[placed(quick, &[("A", 2)]), confirmed(late, &[("A", 2)])]).await?;
    assert_eq!((parts(&db, quick).await?, parts(&db, late).await?), (vec!["A east 2".into()], vec!["A west 2".into()]));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_pieces_and_is_in_the_ledger_of_both_sides() -> Result<()> {
    let (_database, db) = three(&[("A", "main", 9)]).await?;
    let answer = transfer(&db, "A", ("main", "east"), 4, None).await?;
    let wanted = json!({"outcome": "done", "sku": "A", "available": 9, "from": {"location": "main", "available": 5},
                        "to": {"location": "east", "available": 4}});
    assert_eq!(answer, wanted);
    assert_eq!(emitted(&db).await?, [], "as much is on sale as before");
    let sql = "SELECT concat_ws(' ', location, counterpart, delta_available, available_after, reason) FROM stock_ledger \
               WHERE movement = 'transferred' ORDER BY id";
    let entries: Vec<String> = db.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect();
    assert_eq!(entries, ["main east -4 5 nearer to the shoppers", "east main 4 4 nearer to the shoppers"]);
    assert_eq!(count(&db, "SELECT sum(received)::bigint FROM stock").await?, 9);
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_refused_transfer_moves_nothing() -> Result<()> {
    let (_database, db) = three(&[("A", "main", 9)]).await?;
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 6)])]).await?;
    let ledger = count(&db, "SELECT count(*) FROM stock_ledger").await?;
    for (sku, route, outcome) in [
        ("A", ("main", "east"), json!({"outcome": "not_enough", "available": 3})),
        ("A", ("west", "east"), json!({"outcome": "not_enough", "available": 0})),
        ("A", ("main", "moon"), json!({"outcome": "unknown_location", "location": "moon"})),
        ("A", ("moon", "east"), json!({"outcome": "unknown_location", "location": "moon"})),
        ("NOWHERE", ("main", "east"), json!({"outcome": "unknown_sku"})),
    ] {
        assert_eq!(transfer(&db, sku, route, 4, Some("key")).await?, outcome, "{route:?}");
    }
    assert_eq!(count(&db, "SELECT count(*) FROM stock_ledger").await?, ledger);
    assert_eq!(level_at(&db, "A", "main").await?, (3, 6, 0));
    assert_eq!(
        transfer(&db, "A", ("main", "east"), 3, Some("key")).await?["outcome"],
        "done",
        "the key is not used up"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_transfer_sent_ten_times_at_once_happens_once() -> Result<()> {
    let (database, db) = three(&[("A", "main", 50)]).await?;
    let mut running = Vec::new();
    for _ in 0..10 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move { transfer(&db, "A", ("main", "east"), 5, Some("key")).await }));
    }
    for answer in running {
        assert_eq!(answer.await??["to"], json!({"location": "east", "available": 5}));
    }
    assert_eq!(level_at(&db, "A", "main").await?, (45, 0, 0));
    assert_eq!(transfer(&db, "A", ("main", "west"), 5, Some("key")).await?, json!({"outcome": "key_reused"}));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn goods_come_in_at_any_location_and_are_on_sale_with_the_others() -> Result<()> {
    let (_database, db) = three(&[("A", "main", 2)]).await?;
    assert_eq!(
        receive(&db, "A", "west", 3).await?,
        json!({"outcome": "done", "sku": "A", "available": 5, "expected_on": null})
    );
    assert_eq!(receive(&db, "A", "moon", 3).await?, json!({"outcome": "unknown_location"}));
    assert_eq!(receive(&db, "NOWHERE", "west", 3).await?, json!({"outcome": "unknown_sku"}));
    assert_eq!(emitted(&db).await?, [("stock.changed".into(), "A".into(), json!({"sku": "A", "available": 5}))]);
    let sql = "SELECT change_stock('A', 'west', 'adjusted', -4, 'count', $1, NULL, NULL)";
    let answer: Value = db.query_one(sql, &[&ACTOR]).await?.get(0);
    assert_eq!(answer, json!({"outcome": "not_enough", "available": 3}), "the rest is elsewhere");
    Ok(())
}

#[tokio::test]
async fn what_an_inactive_location_has_is_not_for_sale() -> Result<()> {
    let (_database, db) = three(&[("A", "east", 2), ("A", "main", 1)]).await?;
    assert_eq!(set_active(&db, "east", false).await?["location"]["active"], false);
    assert_eq!(emitted(&db).await?, [("stock.changed".into(), "A".into(), json!({"sku": "A", "available": 1}))]);
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 2)])]).await?;
    assert_eq!(emitted(&db).await?[0].0, "stock.rejected");
    set_active(&db, "east", true).await?;
    assert_eq!(emitted(&db).await?[0].2["available"], 3);
    Ok(())
}

#[tokio::test]
async fn a_location_that_owes_pieces_or_is_the_last_goes_on_shipping() -> Result<()> {
    let (_database, db) = three(&[("A", "east", 2)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 2)])]).await?;
    assert_eq!(set_active(&db, "east", false).await?, json!({"outcome": "has_reservations", "reserved": 2}));
    apply(&db, &[confirmed(order, &[("A", 2)])]).await?;
    for code in ["east", "west"] {
        assert_eq!(set_active(&db, code, false).await?["outcome"], "done", "{code}");
    }
    assert_eq!(set_active(&db, "main", false).await?, json!({"outcome": "last_active"}));
    assert_eq!(set_active(&db, "moon", false).await?, json!({"outcome": "unknown"}));
    // Sold pieces that come back to an inactive location are there, and not on sale.
    emitted(&db).await?;
    apply(&db, &[cancelled(order, &[("A", 2)])]).await?;
    assert_eq!(level_at(&db, "A", "east").await?, (2, 0, 0));
    assert_eq!(outcomes(&db).await?, ["stock.released"]);
    Ok(())
}

#[tokio::test]
async fn a_location_is_added_once_and_stays() -> Result<()> {
    let (_database, db) = shop(&[]).await?;
    let east = json!({"code": "east", "name": "East", "priority": 10, "active": true});
    assert_eq!(locate(&db, "east", 10).await?, json!({"outcome": "done", "location": east}));
    assert_eq!(locate(&db, "east", 20).await?, json!({"outcome": "exists"}));
    for n in 0..98 {
        assert_eq!(locate(&db, &format!("n{n}"), 1).await?["outcome"], "done");
    }
    assert_eq!(locate(&db, "one-more", 1).await?, json!({"outcome": "too_many", "most": 100}));
    for sql in ["DELETE FROM locations", "TRUNCATE locations CASCADE", "UPDATE locations SET code = 'x'"] {
        assert!(db.execute(sql, &[]).await.is_err(), "{sql}");
    }
    let changed: Value = db.query_one("SELECT change_location('east', 'Porto', 7, NULL, NULL)", &[]).await?.get(0);
    assert_eq!(changed["location"], json!({"code": "east", "name": "Porto", "priority": 7, "active": true}));
    Ok(())
}
