//! What the database promises about carts that several tabs change at once, and about guests' carts: against a real
//! Postgres.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::Value;
use support::{Shop, place};
use uuid::Uuid;

/// Quantities by SKU, in the order of the lines.
fn lines(cart: &Value) -> Vec<(String, i64)> {
    let items = cart.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let line = |item: &Value| Some((item.get("sku")?.as_str()?.to_owned(), item.get("quantity")?.as_i64()?));
    items.iter().filter_map(line).collect()
}

async fn cart(shop: &Shop, user: Uuid) -> Result<Value> {
    Ok(shop.db.query_one("SELECT cart_view($1)", &[&user]).await?.get(0))
}

async fn add(shop: &Shop, user: Uuid, sku: &str, pieces: i32) -> Result<(String, Option<Value>)> {
    shop.ask("cart_put($1, $2, $3, true)", &[&user, &sku, &pieces]).await
}

async fn merge(shop: &Shop, user: Uuid, guest: Uuid) -> Result<(String, Value)> {
    let (outcome, body) = shop.ask("cart_merge($1, $2)", &[&user, &guest]).await?;
    Ok((outcome, body.context("a merge shows the cart, whatever comes of it")?))
}

#[tokio::test]
async fn what_tabs_add_at_once_adds_up() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    let tabs = try_join_all((0..16).map(|_| shop.database.connect())).await?;
    let adds = tabs.iter().enumerate().map(|(n, tab)| async move {
        let (sku, pieces) = if n % 2 == 0 { ("TEA", 3) } else { ("CUP", 1) };
        let row = tab.query_one("SELECT outcome FROM cart_put($1, $2, $3, true)", &[&user, &sku, &pieces]).await?;
        anyhow::ensure!(row.get::<_, String>(0) == "ok");
        Ok(())
    });
    try_join_all(adds).await?;
    let mut all = lines(&cart(&shop, user).await?);
    all.sort();
    assert_eq!(all, [("CUP".to_owned(), 8), ("TEA".to_owned(), 24)]);
    Ok(())
}

#[tokio::test]
async fn adding_stops_at_the_limit_and_taking_out_at_nothing() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    assert_eq!(add(&shop, user, "TEA", 1000).await?.0, "ok");
    assert_eq!(add(&shop, user, "TEA", 1).await?.0, "quantity_limit");
    assert_eq!(add(&shop, user, "TEA", -999).await?.0, "ok");
    assert_eq!(lines(&cart(&shop, user).await?), [("TEA".to_owned(), 1)]);
    assert_eq!(add(&shop, user, "TEA", 0).await?.0, "ok", "nothing more is no error");
    assert_eq!(add(&shop, user, "TEA", -5).await?.0, "ok");
    assert_eq!(add(&shop, user, "TEA", -5).await?.0, "ok", "taking out what is not there is no error");
    assert_eq!(lines(&cart(&shop, user).await?), []);
    assert_eq!(add(&shop, user, "NO-SUCH", 1).await?.0, "unknown_sku");
    Ok(())
}

#[tokio::test]
async fn a_change_for_a_version_that_is_gone_does_nothing() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    let put = async |quantity: i32, version: i64| {
        shop.ask("cart_put($1, 'TEA', $2, false, $3)", &[&user, &quantity, &version]).await
    };
    assert_eq!(put(1, 7).await?.0, "changed", "there is no cart yet: its version is 0");
    let (outcome, first) = put(1, 0).await?;
    assert_eq!(outcome, "ok");
    let seen = first.context("no cart")?["version"].as_i64().context("no version")?;
    // Two tabs saw the same cart; one is faster.
    assert_eq!(put(2, seen).await?.0, "ok");
    assert_eq!(put(5, seen).await?.0, "changed");
    assert_eq!(shop.ask("cart_remove($1, NULL, $2)", &[&user, &seen]).await?.0, "changed");
    assert_eq!(lines(&cart(&shop, user).await?), [("TEA".to_owned(), 2)]);
    let now = cart(&shop, user).await?["version"].as_i64().context("no version")?;
    assert_eq!(shop.ask("cart_remove($1, 'TEA', $2)", &[&user, &now]).await?.0, "ok");
    // The next cart is another one, whatever a tab remembers of this.
    shop.put(user, "CUP", 1).await?;
    let open = shop.load(user, None).await?["cart"].clone();
    place(&shop.db, user, &open, "key", "hash", 1999).await?;
    assert_eq!(put(1, now).await?.0, "changed");
    Ok(())
}

#[tokio::test]
async fn tabs_that_compare_versions_never_overwrite_each_other() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let tabs = try_join_all((0..8).map(|_| shop.database.connect())).await?;
    // Each tab reads, adds one, and writes for what it has read, until it has succeeded five times.
    let counts = tabs.iter().map(|tab| async move {
        let mut done = 0;
        while done < 5 {
            let seen: Value = tab.query_one("SELECT cart_view($1)", &[&user]).await?.get(0);
            let version = seen["version"].as_i64().unwrap();
            let wanted = i32::try_from(seen["items"][0]["quantity"].as_i64().unwrap() + 1)?;
            let sql = "SELECT outcome FROM cart_put($1, 'TEA', $2, false, $3)";
            let outcome: String = tab.query_one(sql, &[&user, &wanted, &version]).await?.get(0);
            done += i32::from(outcome == "ok");
        }
        Ok::<_, anyhow::Error>(())
    });
    try_join_all(counts).await?;
    assert_eq!(lines(&cart(&shop, user).await?), [("TEA".to_owned(), 41)]);
    Ok(())
}

#[tokio::test]
async fn a_cart_is_started_once_and_a_merged_one_was_started_by_its_guest() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, guest) = (Uuid::now_v7(), Uuid::now_v7());
    let started = "SELECT event FROM outbox WHERE event ->> 'type' = 'cart.started' ORDER BY id";
    shop.ask("cart_put($1, 'TEA', 1, false, NULL, true, 'trace')", &[&guest]).await?;
    shop.ask("cart_put($1, 'TEA', 2, false, NULL, true, 'trace')", &[&guest]).await?;
    merge(&shop, user, guest).await?;
    shop.put(user, "CUP", 1).await?;
    let events: Vec<Value> = shop.db.query(started, &[]).await?.iter().map(|row| row.get(0)).collect();
    assert_eq!(events.len(), 1, "{events:?}");
    events.iter().try_for_each(support::check)?;
    assert_eq!(
        (&events[0]["data"]["user_id"], &events[0]["data"]["is_guest"]),
        (&guest.to_string().into(), &true.into())
    );
    assert_eq!(events[0]["key"], events[0]["data"]["cart_id"]);
    Ok(())
}

#[tokio::test]
async fn a_guests_cart_goes_into_the_accounts_once() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, guest) = (Uuid::now_v7(), Uuid::now_v7());
    shop.put(user, "TEA", 2).await?;
    shop.put(guest, "TEA", 3).await?;
    shop.put(guest, "CUP", 1).await?;
    for _ in 0..2 {
        let (outcome, cart) = merge(&shop, user, guest).await?;
        assert_eq!((outcome.as_str(), lines(&cart)), ("ok", vec![("TEA".to_owned(), 5), ("CUP".to_owned(), 1)]));
    }
    assert_eq!(lines(&cart(&shop, guest).await?), [], "the guest's cart is gone");
    // Into no cart at all, and up to the limit.
    let newcomer = Uuid::now_v7();
    shop.put(guest, "TEA", 900).await?;
    assert_eq!(lines(&merge(&shop, newcomer, guest).await?.1), [("TEA".to_owned(), 900)]);
    shop.put(guest, "TEA", 900).await?;
    assert_eq!(lines(&merge(&shop, newcomer, guest).await?.1), [("TEA".to_owned(), 1000)]);
    assert_eq!(merge(&shop, Uuid::now_v7(), Uuid::now_v7()).await?.0, "ok", "no cart into no cart");
    Ok(())
}

#[tokio::test]
async fn merges_at_once_count_the_guests_cart_once() -> Result<()> {
    let shop = Shop::open().await?;
    for _ in 0..10 {
        let (user, guest) = (Uuid::now_v7(), Uuid::now_v7());
        shop.put(guest, "TEA", 3).await?;
        let tabs = try_join_all((0..6).map(|_| shop.database.connect())).await?;
        let merges = tabs
            .iter()
            .map(|tab| async move { tab.query_one("SELECT outcome FROM cart_merge($1, $2)", &[&user, &guest]).await });
        try_join_all(merges).await?;
        assert_eq!(lines(&cart(&shop, user).await?), [("TEA".to_owned(), 3)]);
    }
    Ok(())
}

#[tokio::test]
async fn a_cart_is_ordered_by_its_guest_or_merged_and_never_both() -> Result<()> {
    let shop = Shop::open().await?;
    for _ in 0..20 {
        let (user, guest) = (Uuid::now_v7(), Uuid::now_v7());
        shop.put(guest, "TEA", 1).await?;
        let open = shop.load(guest, None).await?["cart"].clone();
        let other = shop.database.connect().await?;
        let sql = "SELECT outcome FROM cart_merge($1, $2)";
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&user, &guest];
        let (placed, merged) =
            futures::join!(place(&shop.db, guest, &open, "key", "hash", 500), other.query_one(sql, &params));
        assert_eq!(merged?.get::<_, String>(0), "ok");
        let ordered = placed.context("place_order")?.outcome == "placed";
        assert_eq!(lines(&cart(&shop, user).await?).len(), usize::from(!ordered));
    }
    Ok(())
}
