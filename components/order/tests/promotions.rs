//! What the database promises about promotion codes: their limits hold whatever happens at once.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_order::domain::{
    promotion::usable,
    quote::Cart,
    views::{PromotionPage, PromotionView},
};
use std::collections::BTreeMap;
use support::{Shop, about, captured, place_with};
use tokio_postgres::Client;
use uuid::Uuid;

/// A percentage code with what `more` says.
fn code(name: &str, more: Value) -> Value {
    let mut code = json!({
        "code": name, "label": "10 % off", "benefit": {"kind": "percentage", "basis_points": 1000},
        "min_subtotal": null, "skus": [], "categories": [], "combinable": false, "valid_from": null,
        "valid_until": null, "active": true, "max_uses": null, "max_uses_per_shopper": null
    });
    if let (Some(code), Value::Object(more)) = (code.as_object_mut(), more) {
        code.extend(more);
    }
    code
}

async fn made(shop: &Shop, name: &str, more: Value) -> Result<Value> {
    let (outcome, body) = shop.ask("promotion_create($1)", &[&code(name, more)]).await?;
    assert_eq!(outcome, "ok");
    body.context("no code")
}

async fn used(shop: &Shop, name: &str) -> Result<i64> {
    shop.count(&format!("SELECT (promotion_view(q) ->> 'used')::int8 FROM promotions q WHERE code = '{name}'")).await
}

/// Loads a cart with codes and orders it, as the component does; a broken limit is its constraint's name.
async fn order(db: &Client, user: Uuid, codes: &[&str]) -> Result<Result<Uuid, String>> {
    let (sql, email) = ("SELECT checkout_load($1, NULL, $2, $3)", format!("{user}@souk.example"));
    let loaded: Value = db.query_one(sql, &[&user, &codes, &email]).await?.get(0);
    let given = loaded.get("cart").context("no cart")?;
    let cart: Cart = serde_json::from_value(given.clone())?;
    if let Err(refusal) = usable(&cart.promotions) {
        return Ok(Err(refusal.code));
    }
    match place_with(db, user, given, &Uuid::now_v7().to_string(), "hash", 500, codes).await {
        Ok(placed) => Ok(placed.order.ok_or(placed.outcome)),
        Err(error) => match error.as_db_error().and_then(|error| error.constraint()) {
            Some(constraint) => Ok(Err(constraint.to_owned())),
            None => Err(error.into()),
        },
    }
}

async fn shopper(shop: &Shop) -> Result<Uuid> {
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    Ok(user)
}

#[tokio::test]
async fn of_three_hundred_shoppers_exactly_a_hundred_get_what_there_is_a_hundred_times() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "HUNDRED", json!({"max_uses": 100})).await?;
    let mut users = vec![];
    for _ in 0..300 {
        users.push(shopper(&shop).await?);
    }
    let tills = try_join_all((0..12).map(|_| shop.database.connect())).await?;
    let sales = tills.iter().zip(users.chunks(25)).map(|(till, users)| async move {
        let mut tally = BTreeMap::new();
        for user in users {
            let outcome = order(till, *user, &["HUNDRED"]).await?;
            *tally.entry(outcome.err().unwrap_or_else(|| "ordered".to_owned())).or_insert(0) += 1;
        }
        anyhow::Ok(tally)
    });
    let mut all: BTreeMap<String, i64> = BTreeMap::new();
    for (outcome, count) in try_join_all(sales).await?.into_iter().flatten() {
        *all.entry(outcome).or_default() += count;
    }
    assert_eq!(all.remove("ordered"), Some(100));
    // The rest heard it from the quote, or were stopped by the constraint, or lost the code between the two.
    assert!(
        all.keys().all(|why| ["promotion-used-up", "promotions_within_limit", "changed"].contains(&why.as_str())),
        "{all:?}"
    );
    assert_eq!(shop.count("SELECT count(*) FROM orders").await?, 100);
    assert_eq!(shop.count("SELECT count(*) FROM promotion_redemptions").await?, 100);
    assert_eq!(used(&shop, "HUNDRED").await?, 100);
    Ok(())
}

#[tokio::test]
async fn one_shopper_uses_a_code_as_often_as_allowed_however_many_tabs_try() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "TWICE", json!({"max_uses_per_shopper": 2})).await?;
    // Guests have an id per browser, so the address counts: eight carts of one person.
    let tabs = try_join_all((0..8).map(|_| shop.database.connect())).await?;
    let mut carts = vec![];
    for _ in 0..8 {
        carts.push(shopper(&shop).await?);
    }
    let person = Uuid::now_v7();
    let presses = tabs.iter().zip(&carts).map(|(tab, cart)| async move {
        for _ in 0..6 {
            let sql = "SELECT checkout_load($1, NULL, ARRAY['TWICE'], $2)";
            let email = format!("{person}@souk.example");
            let loaded: Value = tab.query_one(sql, &[cart, &email]).await?.get(0);
            let refused = loaded["cart"]["promotions"][0]["refusal"].as_str() == Some("used_by_shopper");
            let print = loaded["cart"]["fingerprint"].as_str();
            let id: Uuid = loaded["cart"]["id"].as_str().unwrap_or_default().parse()?;
            let body = json!({
                "email": email.to_uppercase(), "name": "Ana", "discount_minor": 0, "shipping_minor": 490, "tax_minor": 0,
                "total_minor": 990, "discounts": [], "promotion_codes": ["TWICE"], "shipping_method": "s",
                "shipping_label": "S", "tax_label": "T", "payment_token": "t", "shipping_address": {}
            });
            let sql = "SELECT outcome FROM place_order($1, $2, $3, 'key', 'hash', $4, NULL)";
            match tab.query_one(sql, &[cart, &id, &print, &body]).await {
                _ if refused => return Ok(0),
                Ok(row) if row.get::<_, String>(0) == "placed" => return Ok(1),
                Ok(_) => {}
                Err(error) => {
                    let broken = error.as_db_error().and_then(|error| error.constraint());
                    anyhow::ensure!(broken == Some("promotion_redemptions_per_shopper"), "{error}");
                }
            }
        }
        Ok(0)
    });
    let placed: i32 = try_join_all(presses).await?.iter().sum();
    assert_eq!(placed, 2);
    assert_eq!(used(&shop, "TWICE").await?, 2);
    assert!(order(&shop.db, shopper(&shop).await?, &["TWICE"]).await?.is_ok(), "somebody else may");
    Ok(())
}

#[tokio::test]
async fn a_use_is_given_back_when_its_order_ends_before_anything_is_paid() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "ONCE", json!({"max_uses": 1, "max_uses_per_shopper": 1})).await?;
    let endings = [
        json!([about("stock.rejected", Uuid::nil(), json!({"reason": "insufficient_stock", "lines": []}))]),
        json!([about("payment.declined", Uuid::nil(), json!({"message": "No."}))]),
        json!([about("stock.released", Uuid::nil(), json!({"reason": "expired"}))]),
    ];
    for ending in endings {
        let made = order(&shop.db, shopper(&shop).await?, &["ONCE"]).await?.map_err(anyhow::Error::msg)?;
        assert_eq!(order(&shop.db, shopper(&shop).await?, &["ONCE"]).await?, Err("promotion-used-up".to_owned()));
        let mut ending = ending[0].clone();
        ending["data"]["order_id"] = json!(made);
        shop.apply(&[ending]).await?;
        assert_eq!(used(&shop, "ONCE").await?, 0);
    }
    let paid = order(&shop.db, shopper(&shop).await?, &["ONCE"]).await?.map_err(anyhow::Error::msg)?;
    shop.apply(&[about("stock.reserved", paid, json!({})), captured(paid, 990)]).await?;
    shop.db.query_one("SELECT cancel_order(id, user_id, false, NULL) FROM orders WHERE id = $1", &[&paid]).await?;
    assert_eq!(shop.status(paid).await?, "cancelled");
    assert_eq!(used(&shop, "ONCE").await?, 1, "what was paid has used it");
    Ok(())
}

#[tokio::test]
async fn a_code_that_cannot_be_used_says_why() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "LATER", json!({"valid_from": "2100-01-01T00:00:00Z"})).await?;
    made(&shop, "OVER", json!({"valid_until": "2020-01-01T00:00:00Z"})).await?;
    made(&shop, "OFF", json!({"active": false})).await?;
    made(&shop, "YEN", json!({"min_subtotal": {"amount_minor": 1, "currency": "JPY"}})).await?;
    for (name, why) in [
        ("NO-SUCH", "promotion-unknown"),
        ("LATER", "promotion-not-yet"),
        ("OVER", "promotion-ended"),
        ("OFF", "promotion-ended"),
        ("YEN", "promotion-not-applicable"),
    ] {
        assert_eq!(order(&shop.db, shopper(&shop).await?, &[name]).await?, Err(why.to_owned()));
    }
    Ok(())
}

#[tokio::test]
async fn a_rule_that_changed_after_the_quote_stops_the_order() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "SOON", json!({})).await?;
    let user = shopper(&shop).await?;
    let sql = "SELECT checkout_load($1, NULL, ARRAY['SOON'], NULL)";
    let loaded: Value = shop.db.query_one(sql, &[&user]).await?.get(0);
    shop.ask("promotion_change('SOON', $1)", &[&json!({"active": false})]).await?;
    let placed = place_with(&shop.db, user, &loaded["cart"], "key", "hash", 500, &["SOON"]).await?;
    assert_eq!(placed.outcome, "changed");
    assert_eq!(shop.count("SELECT count(*) FROM orders").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_rule_names_the_skus_of_the_cart_that_it_counts_for() -> Result<()> {
    let shop = Shop::open().await?;
    made(&shop, "CUPS", json!({"skus": ["CUP", "NOT-HERE"]})).await?;
    made(&shop, "ALL", json!({"categories": ["c"]})).await?;
    let user = shopper(&shop).await?;
    shop.put(user, "CUP", 1).await?;
    let sql = "SELECT checkout_load($1, NULL, ARRAY['CUPS', 'ALL'], NULL)";
    let loaded: Value = shop.db.query_one(sql, &[&user]).await?.get(0);
    let cart: Cart = serde_json::from_value(loaded["cart"].clone())?;
    let rules = usable(&cart.promotions).map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    assert_eq!(rules[0].skus, Some(vec!["CUP".to_owned()]));
    assert_eq!(rules[1].skus, Some(vec!["CUP".to_owned(), "TEA".to_owned()]));
    Ok(())
}

#[tokio::test]
async fn a_limit_never_falls_below_the_uses_there_were() -> Result<()> {
    let shop = Shop::open().await?;
    let view: PromotionView = serde_json::from_value(made(&shop, "FREE", json!({})).await?)?;
    assert_eq!((view.max_uses, view.used), (None, 0));
    for _ in 0..3 {
        order(&shop.db, shopper(&shop).await?, &["FREE"]).await?.map_err(anyhow::Error::msg)?;
    }
    let change = async |limit: Value| shop.ask("promotion_change('FREE', $1)", &[&json!({"max_uses": limit})]).await;
    let error = change(json!(2)).await.unwrap_err();
    let error = error.downcast::<tokio_postgres::Error>()?;
    assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some("promotions_within_limit"));
    assert_eq!(change(json!(3)).await?.0, "ok");
    assert_eq!(order(&shop.db, shopper(&shop).await?, &["FREE"]).await?, Err("promotion-used-up".to_owned()));
    let (_, view) = change(Value::Null).await?;
    assert_eq!(view.context("no code")?["used"], 3);
    order(&shop.db, shopper(&shop).await?, &["FREE"]).await?.map_err(anyhow::Error::msg)?;
    assert_eq!(change(json!(4)).await?.1.context("no code")?["used"], 4, "a new limit counts what was used before");
    assert_eq!(shop.ask("promotion_change('NO-SUCH', '{}')", &[]).await?.0, "not_found");
    assert_eq!(shop.ask("promotion_create($1)", &[&code("FREE", json!({}))]).await?.0, "taken");
    Ok(())
}

#[tokio::test]
async fn a_code_is_deleted_while_no_order_uses_it() -> Result<()> {
    let shop = Shop::open().await?;
    let delete =
        async || -> Result<String> { Ok(shop.db.query_one("SELECT promotion_delete('TYPO')", &[]).await?.get(0)) };
    assert_eq!(delete().await?, "not_found");
    made(&shop, "TYPO", json!({"max_uses": 5})).await?;
    let (buyer, late) = (shopper(&shop).await?, shopper(&shop).await?);
    let order_id = order(&shop.db, buyer, &["TYPO"]).await?.map_err(anyhow::Error::msg)?;
    assert_eq!(delete().await?, "used");
    let sql = "SELECT checkout_load($1, NULL, ARRAY['TYPO'], NULL)";
    let loaded: Value = shop.db.query_one(sql, &[&late]).await?.get(0);
    shop.ask("cancel_order($1, $2, false, NULL)", &[&order_id, &buyer]).await?;
    assert_eq!(delete().await?, "ok", "the only order that used it ended before anything was paid");
    let placed = place_with(&shop.db, late, &loaded["cart"], "key", "hash", 500, &["TYPO"]).await?;
    assert_eq!(placed.outcome, "changed");
    assert_eq!(order(&shop.db, late, &["TYPO"]).await?, Err("promotion-unknown".to_owned()));
    assert_eq!(shop.view(order_id).await?["promotion_codes"], json!(["TYPO"]), "what happened stays as it was");
    made(&shop, "TYPO", json!({})).await?;
    Ok(())
}

#[tokio::test]
async fn an_order_never_has_a_code_that_was_deleted_under_its_hands() -> Result<()> {
    let shop = Shop::open().await?;
    let other = shop.database.connect().await?;
    let mut outcomes = BTreeMap::new();
    for n in 0..30 {
        let name = format!("GONE-{n}");
        made(&shop, &name, json!({})).await?;
        let user = shopper(&shop).await?;
        let delete = async {
            let sql = "SELECT promotion_delete($1)";
            anyhow::Ok(other.query_one(sql, &[&name]).await?.get::<_, String>(0))
        };
        let codes = [name.as_str()];
        let (ordered, deleted) = futures::join!(order(&shop.db, user, &codes), delete);
        let outcome = (ordered?.map(|_| ()), deleted?);
        assert!(
            match (&outcome.0, outcome.1.as_str()) {
                (Ok(()), "used") => true,
                (Err(why), "ok") =>
                    ["promotion-unknown", "changed", "promotion_redemptions_code_fkey"].contains(&why.as_str()),
                _ => false,
            },
            "{outcome:?}"
        );
        *outcomes.entry(outcome.1).or_insert(0) += 1;
    }
    assert_eq!(outcomes.values().sum::<i32>(), 30);
    // Deleted between the two looks at it: rare, so it is made to happen.
    let sql = "SELECT redeem_promotions(uuid_v7(), ARRAY['NO-SUCH'], 'a@b.example')";
    let error = shop.db.execute(sql, &[]).await.unwrap_err();
    let broken = error.as_db_error().and_then(|error| error.constraint());
    assert_eq!(broken, Some("promotion_redemptions_code_fkey"));
    Ok(())
}

#[tokio::test]
async fn orders_with_the_same_codes_and_changes_of_those_do_not_stop_each_other() -> Result<()> {
    let shop = Shop::open().await?;
    for name in ["A", "B"] {
        made(&shop, name, json!({"max_uses": 1000, "combinable": true})).await?;
    }
    let tills = try_join_all((0..6).map(|_| shop.database.connect())).await?;
    let work = tills.iter().enumerate().map(|(n, till)| {
        let shop = &shop;
        async move {
            for round in 0..12 {
                let user = shopper(shop).await?;
                let codes = if n % 2 == 0 { ["A", "B"] } else { ["B", "A"] };
                let made = order(till, user, &codes).await?;
                if let (Ok(made), 0) = (&made, round % 3) {
                    let sql = "SELECT cancel_order($1, $2, false, NULL)";
                    till.query_one(sql, &[made, &user]).await?;
                }
                let limit = json!({"max_uses": 1000 + round});
                till.query_one("SELECT promotion_change($1, $2)", &[&codes[0], &limit]).await?;
            }
            anyhow::Ok(())
        }
    });
    try_join_all(work).await?;
    let live = shop.count("SELECT count(*) FROM orders WHERE status = 'placed'").await?;
    for name in ["A", "B"] {
        assert_eq!(used(&shop, name).await?, live);
    }
    Ok(())
}

#[tokio::test]
async fn codes_are_listed_newest_first_each_once() -> Result<()> {
    let shop = Shop::open().await?;
    for n in 0..5 {
        made(&shop, &format!("CODE-{n}"), json!({})).await?;
    }
    shop.db.execute("UPDATE promotions SET created_at = '2026-01-01' WHERE code IN ('CODE-1', 'CODE-2')", &[]).await?;
    let (mut seen, mut after) = (vec![], None::<(String, String)>);
    loop {
        let (at, name) = after.clone().unzip();
        let sql = "SELECT items, next FROM promotion_page($1::text::timestamptz, $2, 2)";
        let row = shop.db.query_one(sql, &[&at, &name]).await?;
        let page: PromotionPage =
            serde_json::from_value(json!({"items": row.get::<_, Value>(0), "next_cursor": null}))?;
        seen.extend(page.items.into_iter().map(|code| code.code));
        after = match row.get::<_, Option<Value>>(1) {
            Some(next) => Some(serde_json::from_value(next)?),
            None => break,
        };
    }
    assert_eq!(seen, ["CODE-4", "CODE-3", "CODE-0", "CODE-1", "CODE-2"]);
    Ok(())
}
