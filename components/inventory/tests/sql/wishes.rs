//! Who is told what: once when a SKU runs low, once each when it is back.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

async fn wish(db: &Client, sku: &str, user: Uuid) -> Result<Value> {
    let sql = "SELECT subscribe($1, $2, 'ana@souk.example', 'Ana')";
    Ok(db.query_one(sql, &[&sku, &user]).await?.get(0))
}

/// Who was told that which SKU is back, and how many there are.
async fn back(db: &Client) -> Result<Vec<(String, Uuid, i64)>> {
    let events = emitted(db).await?.into_iter().filter(|(kind, _, _)| kind == "stock.back_in_stock");
    let told = |data: Value| {
        Ok((
            serde_json::from_value(data["sku"].clone())?,
            serde_json::from_value(data["user_id"].clone())?,
            serde_json::from_value(data["available"].clone())?,
        ))
    };
    events.map(|(_, _, data)| told(data)).collect()
}

async fn low(db: &Client) -> Result<Vec<Value>> {
    let events = emitted(db).await?.into_iter().filter(|(kind, _, _)| kind == "stock.low");
    Ok(events.map(|(_, _, data)| data).collect())
}

#[tokio::test]
async fn a_sku_that_runs_low_is_reported_once_per_crossing() -> Result<()> {
    let (_database, db) = shop(&[("A", 8)]).await?;
    let order = Uuid::now_v7();
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 2)])]).await?;
    assert_eq!(low(&db).await?, [] as [Value; 0], "six are more than five");
    apply(&db, &[placed(order, &[("A", 1)])]).await?;
    assert_eq!(low(&db).await?, [json!({"sku": "A", "location": "main", "available": 5, "threshold": 5})]);
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 1)])]).await?;
    assert_eq!(low(&db).await?, [] as [Value; 0], "it was low already");
    receive(&db, "A", "main", 3).await?;
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 7)])]).await?;
    assert_eq!(low(&db).await?[0]["available"], 0, "once more, after it had recovered");
    Ok(())
}

#[tokio::test]
async fn a_sku_can_have_a_threshold_of_its_own() -> Result<()> {
    let (_database, db) = shop(&[("A", 30)]).await?;
    let set: Value = db.query_one("SELECT set_low_at('A', 25, 5)", &[]).await?.get(0);
    assert_eq!(set, json!({"sku": "A", "threshold": 25, "is_default": false}));
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 5)])]).await?;
    assert_eq!(low(&db).await?[0]["threshold"], 25);
    let reset: Value = db.query_one("SELECT set_low_at('A', NULL, 5)", &[]).await?.get(0);
    assert_eq!(reset, json!({"sku": "A", "threshold": 5, "is_default": true}));
    let unknown: Option<Value> =
        db.query_opt("SELECT set_low_at('NOWHERE', 1, 5)", &[]).await?.and_then(|row| row.get(0));
    assert_eq!(unknown, None);
    Ok(())
}

#[tokio::test]
async fn moving_pieces_between_locations_that_ship_makes_nothing_low() -> Result<()> {
    let (_database, db) = shop(&[("A", 8)]).await?;
    locate(&db, "east", 10).await?;
    transfer(&db, "A", ("main", "east"), 8, None).await?;
    assert_eq!(emitted(&db).await?, []);
    set_active(&db, "east", false).await?;
    assert_eq!(low(&db).await?, [json!({"sku": "A", "location": "east", "available": 0, "threshold": 5})]);
    Ok(())
}

#[tokio::test]
async fn each_who_asked_is_told_exactly_once_when_it_is_back() -> Result<()> {
    let (_database, db) = shop(&[("A", 0), ("B", 0)]).await?;
    let [ana, ben] = [(); 2].map(|()| Uuid::now_v7());
    let variants = json!([{"sku": "A", "title": "Green"}, {"sku": "B", "title": ""}]);
    let product = json!({"product_id": "p", "slug": "lamp", "title": "Lamp", "variants": variants});
    apply(&db, &[envelope("product.changed", "p", product)]).await?;
    for user in [ana, ben, ana] {
        assert_eq!(wish(&db, "A", user).await?["outcome"], "done");
    }
    wish(&db, "B", ana).await?;
    receive(&db, "A", "main", 3).await?;
    let events = emitted(&db).await?;
    assert_eq!(events.len(), 3, "{events:?}");
    let told = json!({"sku": "A", "title": "Lamp, Green", "slug": "lamp", "user_id": ana, "email": "ana@souk.example",
                      "name": "Ana", "available": 3});
    assert_eq!(events[1], ("stock.back_in_stock".into(), "A".into(), told));
    assert_eq!(events[2].2["user_id"], json!(ben));
    receive(&db, "A", "main", 1).await?;
    apply(&db, &[placed(Uuid::now_v7(), &[("A", 4)])]).await?;
    receive(&db, "A", "main", 1).await?;
    assert_eq!(back(&db).await?, [], "a wish is kept once");
    assert_eq!(count(&db, "SELECT count(*) FROM stock_subscriptions").await?, 1, "B is still waited for");
    Ok(())
}

#[tokio::test]
async fn a_cancelled_order_a_return_and_a_location_bring_a_sku_back_too() -> Result<()> {
    let (_database, db) = shop(&[("A", 4)]).await?;
    locate(&db, "east", 10).await?;
    let user = Uuid::now_v7();
    let [first, second] = [(); 2].map(|()| Uuid::now_v7());
    apply(&db, &[placed(first, &[("A", 4)])]).await?;
    wish(&db, "A", user).await?;
    apply(&db, &[cancelled(first, &[("A", 4)])]).await?;
    assert_eq!(back(&db).await?, [("A".into(), user, 4)]);

    apply(&db, &[confirmed(second, &[("A", 4)])]).await?;
    wish(&db, "A", user).await?;
    apply(&db, &[returned(Uuid::now_v7(), second, &[("A", 1, false)])]).await?;
    assert_eq!(back(&db).await?, [], "written off is not back");
    apply(&db, &[returned(Uuid::now_v7(), second, &[("A", 1, true)])]).await?;
    assert_eq!(back(&db).await?, [("A".into(), user, 1)]);

    transfer(&db, "A", ("main", "east"), 1, None).await?;
    set_active(&db, "east", false).await?;
    wish(&db, "A", user).await?;
    set_active(&db, "east", true).await?;
    assert_eq!(back(&db).await?, [("A".into(), user, 1)]);
    Ok(())
}

#[tokio::test]
async fn there_is_nothing_to_wait_for_when_it_can_be_bought() -> Result<()> {
    let (_database, db) = shop(&[("A", 2)]).await?;
    let user = Uuid::now_v7();
    assert_eq!(wish(&db, "A", user).await?, json!({"outcome": "in_stock", "available": 2}));
    assert_eq!(wish(&db, "NOWHERE", user).await?, json!({"outcome": "unknown_sku"}));
    assert_eq!(count(&db, "SELECT count(*) FROM stock_subscriptions").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_wish_that_was_taken_back_or_whose_account_is_gone_is_forgotten() -> Result<()> {
    let (_database, db) = shop(&[("A", 0), ("B", 0)]).await?;
    let [ana, ben, eve] = [(); 3].map(|()| Uuid::now_v7());
    for (sku, user) in [("A", ana), ("A", ben), ("B", ben), ("A", eve)] {
        wish(&db, sku, user).await?;
    }
    let unsubscribe = async |sku: &str, user: Uuid| -> Result<bool> {
        Ok(db.query_one("SELECT unsubscribe($1, $2)", &[&sku, &user]).await?.get(0))
    };
    assert!(unsubscribe("A", ana).await? && unsubscribe("A", ana).await?, "nothing to take back is fine");
    assert!(!unsubscribe("NOWHERE", ana).await?);
    apply(&db, &[envelope("user.deleted", &ben.to_string(), json!({"user_id": ben}))]).await?;
    receive(&db, "A", "main", 1).await?;
    receive(&db, "B", "main", 1).await?;
    assert_eq!(back(&db).await?, [("A".into(), eve, 1)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wishes_and_deliveries_at_once_lose_nobody_and_tell_nobody_twice() -> Result<()> {
    let (database, db) = shop(&[("A", 0)]).await?;
    let users: Vec<Uuid> = (0..60).map(|_| Uuid::now_v7()).collect();
    let mut running = Vec::new();
    for share in users.chunks(20) {
        let (db, share) = (database.connect().await?, share.to_vec());
        running.push(tokio::spawn(async move {
            for user in share {
                // In stock at this moment: then there is nothing to wait for, and it is tried until it is sold out.
                while wish(&db, "A", user).await?["outcome"] == "in_stock" {}
            }
            anyhow::Ok(())
        }));
    }
    let seller = database.connect().await?;
    running.push(tokio::spawn(async move {
        for _ in 0..30 {
            receive(&seller, "A", "main", 1).await?;
            let order = Uuid::now_v7();
            apply(&seller, &[confirmed(order, &[("A", 1)])]).await?;
        }
        anyhow::Ok(())
    }));
    for task in running {
        task.await??;
    }
    receive(&db, "A", "main", 1).await?;
    let mut told: Vec<Uuid> = back(&db).await?.into_iter().map(|(_, user, _)| user).collect();
    told.sort();
    assert_eq!(told, users);
    Ok(())
}
