//! What the database promises about carts and offers: against a real Postgres.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use support::{Shop, apply, event, product};
use uuid::Uuid;

#[tokio::test]
async fn a_shopper_has_one_open_cart_however_many_tabs_fill_it_at_once() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    let tabs = try_join_all((0..12).map(|_| shop.database.connect())).await?;
    let puts = tabs.iter().enumerate().map(|(n, tab)| async move {
        let sku = if n % 2 == 0 { "TEA" } else { "CUP" };
        tab.query_one("SELECT outcome FROM cart_put($1, $2, 7)", &[&user, &sku]).await
    });
    for row in try_join_all(puts).await? {
        assert_eq!(row.get::<_, String>(0), "ok");
    }
    assert_eq!(shop.count("SELECT count(*) FROM carts").await?, 1);
    let cart = shop.load(user, None).await?["cart"].clone();
    assert_eq!(cart["lines"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn only_what_is_for_sale_gets_into_a_cart() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    assert_eq!(shop.put(user, "NO-SUCH", 1).await?.0, "unknown_sku");
    shop.apply(&[product(shop.tea, 2, "draft", &[("TEA", 500, 100)])]).await?;
    assert_eq!(shop.put(user, "TEA", 1).await?.0, "unknown_sku");
    for absurd in [0, -1, 1001, i32::MIN] {
        let error = shop.put(user, "CUP", absurd).await.unwrap_err();
        assert!(error.downcast_ref::<tokio_postgres::Error>().and_then(|e| e.as_db_error()).is_some());
    }
    assert_eq!(shop.count("SELECT count(*) FROM cart_items").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_cart_ends_at_a_hundred_lines_and_one_currency() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    let skus: Vec<String> = (0..101).map(|n| format!("SKU-{n}")).collect();
    let variants: Vec<(&str, i64, i32)> = skus.iter().map(|sku| (sku.as_str(), 100, 1)).collect();
    let mut yen = product(Uuid::now_v7(), 1, "active", &[("YEN", 100, 1)]);
    yen["data"]["variants"][0]["price"]["currency"] = json!("JPY");
    shop.apply(&[product(Uuid::now_v7(), 1, "active", &variants), yen]).await?;
    for sku in &skus[..100] {
        assert_eq!(shop.put(user, sku, 1).await?.0, "ok");
    }
    assert_eq!(shop.put(user, "SKU-100", 1).await?.0, "cart_full");
    assert_eq!(shop.put(user, "SKU-7", 5).await?.0, "ok", "a line that is there can change");
    shop.db.query_one("SELECT cart_remove($1, 'SKU-0')", &[&user]).await?;
    assert_eq!(shop.put(user, "YEN", 1).await?.0, "currency_mismatch");
    shop.db.query_one("SELECT cart_remove($1, NULL)", &[&user]).await?;
    assert_eq!(shop.put(user, "YEN", 1).await?.0, "ok", "an empty cart takes any currency");
    Ok(())
}

#[tokio::test]
async fn a_line_that_is_no_longer_for_sale_is_shown_and_does_not_count() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 2).await?;
    shop.put(user, "CUP", 1).await?;
    let removed = json!({"product_id": shop.tea, "slug": "slug", "version": 2, "skus": ["TEA"]});
    shop.apply(&[event("product.removed", shop.tea, removed)]).await?;
    let cart: Value = shop.db.query_one("SELECT cart_view($1)", &[&user]).await?.get(0);
    assert_eq!(cart["items"][0]["available"], false);
    assert_eq!(cart["subtotal"]["amount_minor"], 1999);
    let cart = shop.load(user, None).await?["cart"].clone();
    assert_eq!(cart["lines"][0]["active"], false);
    Ok(())
}

async fn offers(shop: &Shop) -> Result<Vec<(String, i64, bool)>> {
    let rows = shop.db.query("SELECT sku, price_minor, active FROM sellable ORDER BY sku", &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

#[tokio::test]
async fn an_older_version_of_a_product_never_overwrites_a_newer() -> Result<()> {
    let shop = Shop::open().await?;
    let versions = [
        product(shop.tea, 2, "active", &[("TEA", 510, 100), ("TEA-L", 900, 250)]),
        product(shop.tea, 3, "active", &[("TEA", 520, 100)]),
        product(shop.tea, 4, "active", &[("TEA", 530, 100), ("TEA-XL", 1500, 500)]),
    ];
    // Whatever the order in which they come, together or one by one, the newest decides, and gone variants stay gone.
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        let shop = Shop::open().await?;
        let mut events: Vec<Value> = order.iter().map(|n| versions[*n].clone()).collect();
        for event in &mut events {
            event["data"]["product_id"] = json!(shop.tea);
        }
        for event in &events {
            shop.apply(std::slice::from_ref(event)).await?;
        }
        let active = |offers: Vec<(String, i64, bool)>| -> Vec<(String, i64)> {
            offers.into_iter().filter(|(_, _, active)| *active).map(|(sku, price, _)| (sku, price)).collect()
        };
        let wanted = [("CUP".to_owned(), 1999), ("TEA".to_owned(), 530), ("TEA-XL".to_owned(), 1500)];
        assert_eq!(active(offers(&shop).await?), wanted, "{order:?}");
        let mut again = versions.to_vec();
        for event in &mut again {
            event["data"]["product_id"] = json!(shop.tea);
            event["id"] = json!(Uuid::now_v7());
        }
        shop.apply(&again).await?;
        assert_eq!(active(offers(&shop).await?), wanted, "{order:?}, then all again");
    }
    shop.apply(&versions).await?;
    assert_eq!(offers(&shop).await?.len(), 3, "in one batch only the newest is looked at");
    Ok(())
}

#[tokio::test]
async fn a_removed_product_stays_removed() -> Result<()> {
    let shop = Shop::open().await?;
    let removed = json!({"product_id": shop.tea, "slug": "slug", "version": 5, "skus": ["TEA"]});
    shop.apply(&[event("product.removed", shop.tea, removed)]).await?;
    shop.apply(&[product(shop.tea, 4, "active", &[("TEA", 1, 1)])]).await?;
    shop.apply(&[product(shop.tea, 5, "active", &[("TEA", 1, 1)])]).await?;
    assert_eq!(offers(&shop).await?[1], ("TEA".to_owned(), 500, false));
    shop.apply(&[product(shop.tea, 6, "active", &[("TEA", 600, 100)])]).await?;
    assert_eq!(offers(&shop).await?[1], ("TEA".to_owned(), 600, true), "unless it is made anew");
    Ok(())
}

#[tokio::test]
async fn a_deleted_account_leaves_no_personal_data_and_gets_no_new_cart() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.ordered().await?;
    shop.put(user, "CUP", 1).await?;
    shop.told(order).await?;
    shop.apply(&[event("user.deleted", user, json!({"user_id": user}))]).await?;
    assert_eq!(shop.status(order).await?, "cancelled", "nothing is charged any more");
    assert_eq!(shop.told_types(order).await?, ["order.cancelled"]);
    let row = shop.db.query_one("SELECT o::text FROM orders o WHERE id = $1", &[&order]).await?;
    let everything: String = row.get(0);
    for personal in ["ana@souk.example", "Ana", "Rua", "tok_success"] {
        assert!(!everything.contains(personal), "{personal} in {everything}");
    }
    assert_eq!(shop.view(order).await?["shipping_address"], Value::Null);
    assert_eq!(shop.count("SELECT count(*) FROM carts").await?, 0);
    assert_eq!(shop.put(user, "TEA", 1).await?.0, "account_deleted");
    Ok(())
}

#[tokio::test]
async fn an_order_under_way_keeps_its_address_until_it_has_arrived() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.ordered().await?;
    apply(&shop.db, &[support::about("stock.reserved", order, json!({})), support::captured(order, 990)]).await?;
    assert_eq!(shop.status(order).await?, "confirmed");
    shop.apply(&[event("user.deleted", user, json!({"user_id": user}))]).await?;
    assert_eq!(shop.view(order).await?["shipping_address"]["city"], "Lisboa");
    for status in ["shipped", "delivered"] {
        let sql = "SELECT outcome FROM move_parcel($1, $2, NULL)";
        assert_eq!(shop.db.query_one(sql, &[&order, &status]).await?.get::<_, String>(0), "ok");
    }
    assert_eq!(shop.view(order).await?["shipping_address"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_checkout_that_meets_the_deletion_of_its_account_leaves_no_personal_data_either() -> Result<()> {
    let shop = Shop::open().await?;
    for _ in 0..20 {
        let user = Uuid::now_v7();
        shop.put(user, "TEA", 1).await?;
        let cart = shop.load(user, None).await?["cart"].clone();
        let other = shop.database.connect().await?;
        let deleted = [event("user.deleted", user, json!({"user_id": user}))];
        let (placed, applied) =
            futures::join!(support::place(&shop.db, user, &cart, "key", "hash", 500), apply(&other, &deleted));
        assert_eq!(applied?, 1);
        let outcome = placed.context("place_order")?.outcome;
        assert!(outcome == "placed" || outcome == "changed", "{outcome}");
    }
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE email <> 'erased@souk.invalid'").await?, 0);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE status = 'placed'").await?, 0);
    Ok(())
}
