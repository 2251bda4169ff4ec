//! Orders reserve, commit and release, each event at most once and in whatever order events arrive.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

#[tokio::test]
async fn an_order_reserves_all_its_lines_and_says_so() -> Result<()> {
    let (_database, db) = shop(&[("A", 10), ("B", 5)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("B", 2), ("A", 1), ("B", 1)])]).await?;
    assert_eq!(level(&db, "A").await?, (9, 1, 0));
    assert_eq!(level(&db, "B").await?, (2, 3, 0));
    let expires: String = db.query_one("SELECT rfc3339(expires_at) FROM reservations", &[]).await?.get(0);
    let lines = json!([{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 3}]);
    assert_eq!(
        emitted(&db).await?,
        [
            (
                "stock.reserved".into(),
                order.to_string(),
                json!({"order_id": order, "lines": lines, "expires_at": expires})
            ),
            ("stock.changed".into(), "A".into(), json!({"sku": "A", "available": 9})),
            ("stock.changed".into(), "B".into(), json!({"sku": "B", "available": 2})),
        ]
    );
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn events_carry_on_the_trace_of_what_caused_them() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 1)])]).await?;
    let traces = db.query("SELECT DISTINCT event ->> 'traceparent' FROM outbox", &[]).await?;
    assert_eq!(traces.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), [TRACE]);
    Ok(())
}

#[tokio::test]
async fn an_order_that_does_not_fit_gets_nothing() -> Result<()> {
    let (_database, db) = shop(&[("A", 10), ("B", 2)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 1), ("B", 3)])]).await?;
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((10, 0, 0), (2, 0, 0)));
    let data = json!({"order_id": order, "reason": "insufficient_stock",
                      "lines": [{"sku": "B", "requested": 3, "available": 2}]});
    assert_eq!(emitted(&db).await?, [("stock.rejected".into(), order.to_string(), data)]);
    Ok(())
}

#[tokio::test]
async fn an_order_with_an_unknown_sku_gets_nothing() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 1), ("NOWHERE", 1)])]).await?;
    assert_eq!(level(&db, "A").await?, (10, 0, 0));
    let events = emitted(&db).await?;
    assert_eq!(events[0].2["reason"], "unknown_sku");
    assert_eq!(events[0].2["lines"], json!([{"sku": "NOWHERE", "requested": 1, "available": 0}]));
    Ok(())
}

#[tokio::test]
async fn later_orders_of_a_batch_see_what_earlier_ones_took_and_gave_back() -> Result<()> {
    let (_database, db) = shop(&[("A", 3)]).await?;
    let [first, second, third] = [(); 3].map(|()| Uuid::now_v7());
    let batch = [
        placed(first, &[("A", 2)]),
        placed(second, &[("A", 2)]),
        cancelled(first, &[("A", 2)]),
        placed(third, &[("A", 3)]),
    ];
    apply(&db, &batch).await?;
    let events = emitted(&db).await?;
    let kinds: Vec<_> = events.iter().map(|(kind, _, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["stock.reserved", "stock.rejected", "stock.released", "stock.reserved", "stock.changed"]);
    assert_eq!(events[4].2, json!({"sku": "A", "available": 0}), "one stock.changed with the last figure");
    assert_eq!(level(&db, "A").await?, (0, 3, 0));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_duplicate_event_changes_nothing() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    let event = placed(order, &[("A", 4)]);
    apply(&db, &[event.clone(), event.clone()]).await?;
    assert_eq!(apply(&db, std::slice::from_ref(&event)).await?, 0);
    // The same order once more under another event id: a second publisher, or a replay after the inbox was cleaned.
    assert_eq!(apply(&db, &[placed(order, &[("A", 4)])]).await?, 0);
    assert_eq!(level(&db, "A").await?, (6, 4, 0));
    assert_eq!(outcomes(&db).await?, ["stock.reserved"]);
    Ok(())
}

#[tokio::test]
async fn a_confirmed_order_is_committed_once() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("A", 4)])]).await?;
    apply(&db, &[confirmed(order, &[("A", 4)]), confirmed(order, &[("A", 4)])]).await?;
    assert_eq!(level(&db, "A").await?, (6, 0, 4));
    assert_eq!(outcomes(&db).await?, ["stock.reserved", "stock.committed"]);
    Ok(())
}

#[tokio::test]
async fn a_cancelled_order_gives_back_what_it_reserved_or_bought() -> Result<()> {
    for (before, status) in [(vec!["order.placed"], "reserved"), (vec!["order.placed", "order.confirmed"], "bought")] {
        for end in ["order.cancelled", "order.rejected"] {
            let (_database, db) = shop(&[("A", 10)]).await?;
            let order = Uuid::now_v7();
            for event_type in &before {
                apply(&db, &[order_event(event_type, order, &[("A", 4)])]).await?;
            }
            emitted(&db).await?;
            apply(&db, &[order_event(end, order, &[("A", 4)])]).await?;
            assert_eq!(level(&db, "A").await?, (10, 0, 0), "{status} {end}");
            let data = json!({"order_id": order, "lines": [{"sku": "A", "quantity": 4}], "reason": "cancelled"});
            let changed = ("stock.changed".into(), "A".into(), json!({"sku": "A", "available": 10}));
            assert_eq!(emitted(&db).await?, [("stock.released".into(), order.to_string(), data), changed]);
            assert!(violations(&db).await?.is_empty());
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_order_cancelled_before_it_was_placed_here_reserves_nothing() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    for late in [cancelled(order, &[("A", 4)]), placed(order, &[("A", 4)]), confirmed(order, &[("A", 4)])] {
        assert_eq!(apply(&db, &[late]).await?, 0);
    }
    assert_eq!(level(&db, "A").await?, (10, 0, 0));
    let status: String = db.query_one("SELECT status FROM reservations", &[]).await?.get(0);
    assert_eq!(status, "released");
    Ok(())
}

#[tokio::test]
async fn an_order_confirmed_before_it_was_placed_here_is_committed_once() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[confirmed(order, &[("A", 4)])]).await?;
    apply(&db, &[placed(order, &[("A", 4)])]).await?;
    assert_eq!(level(&db, "A").await?, (6, 0, 4));
    assert_eq!(outcomes(&db).await?, ["stock.committed"]);
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_changed_product_makes_its_skus_known_with_nothing_in_stock() -> Result<()> {
    let (_database, db) = shop(&[("OLD", 3)]).await?;
    let variants = json!([{"sku": "NEW", "title": ""}, {"sku": "OLD", "title": ""}]);
    apply(&db, &[envelope("product.changed", "p", json!({"product_id": "p", "variants": variants}))]).await?;
    assert_eq!((level(&db, "NEW").await?, level(&db, "OLD").await?), ((0, 0, 0), (3, 0, 0)));
    let order = Uuid::now_v7();
    apply(&db, &[placed(order, &[("NEW", 1)])]).await?;
    assert_eq!(emitted(&db).await?[0].2["reason"], "insufficient_stock");
    Ok(())
}

#[tokio::test]
async fn a_malformed_event_is_refused_and_leaves_nothing_behind() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    let without = |field: &str| {
        let mut event = placed(order, &[("A", 1)]);
        event["data"].as_object_mut().map(|data| data.remove(field));
        event
    };
    let with_lines = |lines: Value| {
        let mut event = placed(order, &[("A", 1)]);
        event["data"]["lines"] = lines;
        event
    };
    let bad = [
        without("order_id"),
        without("lines"),
        placed(order, &[]),
        placed(order, &[("A", 0)]),
        placed(order, &[("A", -1)]),
        with_lines(json!("A")),
        with_lines(json!([{"quantity": 1}])),
        with_lines(json!([{"sku": "A"}])),
        with_lines(json!([{"sku": "A", "quantity": 1.5}])),
        with_lines(json!([{"sku": "A", "quantity": "many"}])),
        envelope("product.changed", "p", json!({"variants": [{"sku": "no good"}]})),
        envelope("product.changed", "p", json!({"variants": "none"})),
    ];
    for event in bad {
        let good = placed(Uuid::now_v7(), &[("A", 1)]);
        let error = apply(&db, &[good, event.clone()]).await.expect_err(&event.to_string());
        assert_ne!(error.code(), Some(&SqlState::UNDEFINED_COLUMN));
        assert!(error.as_db_error().is_some(), "{event}");
    }
    assert_eq!(level(&db, "A").await?, (10, 0, 0));
    assert_eq!(count(&db, "SELECT count(*) FROM inbox").await?, 0);
    assert_eq!(count(&db, "SELECT count(*) FROM reservations").await?, 0);
    assert_eq!(count(&db, "SELECT count(*) FROM outbox").await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_ledger_shows_every_movement_and_cannot_be_rewritten() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    let order = Uuid::now_v7();
    let lines = [("A", 4)];
    apply(&db, &[placed(order, &lines), confirmed(order, &lines), cancelled(order, &lines)]).await?;
    let rows = db
        .query("SELECT movement, available_after, reserved_after, committed_after FROM stock_ledger ORDER BY id", &[])
        .await?;
    let shown: Vec<(String, i64, i64, i64)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    let expected = [("opened", 10, 0, 0), ("reserved", 6, 4, 0), ("committed", 6, 0, 4), ("returned", 10, 0, 0)];
    assert_eq!(shown, expected.map(|(movement, a, r, c)| (movement.to_owned(), a, r, c)));
    for sql in ["UPDATE stock_ledger SET reason = 'x'", "DELETE FROM stock_ledger", "TRUNCATE stock_ledger"] {
        let error = db.execute(sql, &[]).await.expect_err(sql);
        assert!(error.as_db_error().is_some_and(|error| error.message().contains("append-only")), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn the_database_itself_refuses_stock_that_cannot_be() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    for (change, constraint) in [
        ("available = -1, reserved = 11", "stock_available_not_negative"),
        ("available = 11, reserved = -1", "stock_reserved_not_negative"),
        ("available = 11, committed = -1", "stock_committed_not_negative"),
        ("available = 9", "stock_conserved"),
        ("received = 1000000001, available = 1000000001", "stock_received_in_range"),
    ] {
        let error = db.execute(&format!("UPDATE stock SET {change}"), &[]).await.expect_err(change);
        assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some(constraint));
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_figure_is_found() -> Result<()> {
    let (_database, db) = shop(&[("A", 10)]).await?;
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 4)])]).await?;
    assert!(violations(&db).await?.is_empty());
    db.execute("UPDATE stock SET available = 7, reserved = 3", &[]).await?;
    let found = violations(&db).await?;
    assert!(found.iter().any(|line| line.starts_with("live reservations add up")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("the ledger adds up")), "{found:?}");
    Ok(())
}
