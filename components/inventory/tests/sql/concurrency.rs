//! Several replicas at once: no oversell, no undersell, no deadlock.

use crate::support::*;
use anyhow::Result;
use serde_json::Value;
use souk_testkit::Database;
use uuid::Uuid;

/// Applies each replica's batches on a connection of its own, all replicas at once.
async fn replicas(database: &Database, work: Vec<Vec<Vec<Value>>>) -> Result<()> {
    let mut running = Vec::new();
    for batches in work {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for batch in batches {
                apply(&db, &batch).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for replica in running {
        replica.await??;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_buyers_of_a_hundred_pieces_get_exactly_a_hundred() -> Result<()> {
    let (database, db) = shop(&[("A", 100)]).await?;
    let orders: Vec<Value> = (0..300).map(|_| placed(Uuid::now_v7(), &[("A", 1)])).collect();
    let work = orders.chunks(50).map(|share| share.chunks(7).map(<[Value]>::to_vec).collect()).collect();
    replicas(&database, work).await?;
    assert_eq!(level(&db, "A").await?, (0, 100, 0));
    let kinds = outcomes(&db).await?;
    assert_eq!(kinds.iter().filter(|kind| *kind == "stock.reserved").count(), 100);
    assert_eq!(kinds.iter().filter(|kind| *kind == "stock.rejected").count(), 200);
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_buyers_of_a_hundred_pieces_at_three_locations_get_exactly_a_hundred() -> Result<()> {
    let (database, db) = shop(&[("A", 50)]).await?;
    for (location, priority, pieces) in [("east", 10, 30), ("west", 20, 20)] {
        locate(&db, location, priority).await?;
        receive(&db, "A", location, pieces).await?;
    }
    let orders: Vec<Value> = (0..300).map(|_| placed(Uuid::now_v7(), &[("A", 1)])).collect();
    let work = orders.chunks(50).map(|share| share.chunks(7).map(<[Value]>::to_vec).collect()).collect();
    replicas(&database, work).await?;
    assert_eq!(level(&db, "A").await?, (0, 100, 0));
    for (location, pieces) in [("east", 30), ("west", 20), ("main", 50)] {
        assert_eq!(level_at(&db, "A", location).await?, (0, pieces, 0), "{location}");
    }
    let kinds = outcomes(&db).await?;
    for (kind, times) in [("stock.reserved", 100), ("stock.rejected", 200), ("stock.low", 1)] {
        assert_eq!(kinds.iter().filter(|each| *each == kind).count(), times, "{kind}");
    }
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn split_orders_transfers_and_locations_that_come_and_go_keep_the_books_right() -> Result<()> {
    let (database, db) = shop(&[("A", 60), ("B", 60)]).await?;
    for (location, priority) in [("east", 10), ("west", 200)] {
        locate(&db, location, priority).await?;
        receive(&db, "A", location, 60).await?;
        receive(&db, "B", location, 60).await?;
    }
    let mut running = Vec::new();
    for replica in 0..3 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for round in 0..30 {
                let order = Uuid::now_v7();
                let lines = if (replica + round) % 2 == 0 { [("A", 7), ("B", 3)] } else { [("B", 9), ("A", 2)] };
                apply_for(&db, &[placed(order, &lines)], if round % 3 == 0 { -1 } else { 900 }).await?;
                let end = if round % 4 == 0 { confirmed(order, &lines) } else { cancelled(order, &lines) };
                apply(&db, &[end]).await?;
            }
            anyhow::Ok(())
        }));
    }
    for (from, to) in [("east", "main"), ("main", "west"), ("west", "east")] {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for round in 0..30 {
                transfer(&db, if round % 2 == 0 { "A" } else { "B" }, (from, to), 5, None).await?;
                set_active(&db, from, round % 2 == 0).await?;
                db.query_one("SELECT expire_reservations(5)", &[]).await?;
            }
            anyhow::Ok(())
        }));
    }
    for task in running {
        task.await??;
    }
    assert!(violations(&db).await?.is_empty(), "{:?}", violations(&db).await?);
    assert_eq!(count(&db, "SELECT sum(received)::bigint FROM stock").await?, 360, "nothing was made or lost");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_need_the_same_skus_in_opposite_order_do_not_deadlock() -> Result<()> {
    let skus: Vec<String> = (0..20).map(|n| format!("SKU-{n:02}")).collect();
    let stock: Vec<(&str, i64)> = skus.iter().map(|sku| (sku.as_str(), 10_000)).collect();
    let (database, db) = shop(&stock).await?;
    let up: Vec<(&str, i64)> = skus.iter().map(|sku| (sku.as_str(), 1)).collect();
    let down: Vec<(&str, i64)> = up.iter().rev().copied().collect();
    let batches = |lines: &[(&str, i64)]| -> Vec<Vec<Value>> {
        let one_by_one = |line: &(&str, i64)| placed(Uuid::now_v7(), std::slice::from_ref(line));
        (0..40).map(|_| lines.iter().map(one_by_one).collect()).collect()
    };
    replicas(&database, vec![batches(&up), batches(&down), batches(&up), batches(&down)]).await?;
    for sku in &skus {
        assert_eq!(level(&db, sku).await?, (10_000 - 160, 160, 0));
    }
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_events_on_every_replica_are_applied_once() -> Result<()> {
    let (database, db) = shop(&[("A", 1000), ("B", 1000)]).await?;
    let mut events = Vec::new();
    for _ in 0..60 {
        let order = Uuid::now_v7();
        events.push(placed(order, &[("A", 1), ("B", 2)]));
        events.push(confirmed(order, &[("A", 1), ("B", 2)]));
    }
    let backwards: Vec<Value> = events.iter().rev().cloned().collect();
    let batches = |events: &[Value], size| events.chunks(size).map(<[Value]>::to_vec).collect::<Vec<_>>();
    replicas(&database, vec![batches(&events, 9), batches(&backwards, 11), batches(&events, 4)]).await?;
    assert_eq!((level(&db, "A").await?, level(&db, "B").await?), ((940, 0, 60), (880, 0, 120)));
    assert!(violations(&db).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_expiry_deliveries_and_new_skus_at_once_keep_the_books_right() -> Result<()> {
    let (database, db) = shop(&[("A", 50), ("B", 50), ("C", 50)]).await?;
    let mut running = Vec::new();
    for replica in 0..3 {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for round in 0..40 {
                let order = Uuid::now_v7();
                let lines = [[("A", 2), ("C", 1)], [("C", 2), ("B", 1)], [("B", 2), ("A", 1)]][(replica + round) % 3];
                let variants = serde_json::json!([{"sku": format!("N-{round}")}, {"sku": "A"}]);
                let product = envelope("product.changed", "p", serde_json::json!({"variants": variants}));
                apply_for(&db, &[placed(order, &lines), product], if round % 2 == 0 { -1 } else { 900 }).await?;
                let end = [confirmed(order, &lines), cancelled(order, &lines)][round % 2].clone();
                apply(&db, &[end]).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for sku in ["C", "A"] {
        let db = database.connect().await?;
        running.push(tokio::spawn(async move {
            for round in 0..40 {
                db.query_one("SELECT expire_reservations(5)", &[]).await?;
                let sql = "SELECT change_stock($1, 'main', 'received', 1, 'delivery', $2, NULL, NULL)";
                db.query_one(sql, &[&sku, &ACTOR]).await?;
                let lines =
                    serde_json::json!([{"sku": format!("N-{round}"), "received": 3}, {"sku": "B", "received": 1}]);
                db.query_one("SELECT open_stock($1, 'import', $2, NULL)", &[&lines, &ACTOR]).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        }));
    }
    for task in running {
        task.await??;
    }
    assert!(violations(&db).await?.is_empty(), "{:?}", violations(&db).await?);
    let totals = count(&db, "SELECT sum(received)::bigint FROM stock WHERE sku IN ('A', 'B', 'C')").await?;
    assert_eq!(totals, 150 + 80, "what came in is what there is");
    assert_eq!(level(&db, "N-7").await?, (3, 0, 0), "opened once by two importers");
    Ok(())
}
