//! A shipping plug-in that misbehaves as the address' city tells it to. Whatever it does, checkout answers 502, nothing is
//! written, others are served meanwhile, and the same press of the button works once the plug-in does.

use crate::{Market, OTHERS, SHIPPING};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Answer, text},
    run::Suite,
    shopper::{Shopper, checkout_body},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The ways to misbehave.
const WAYS: [&str; 6] = ["loop", "trap", "recurse", "allocate", "network", "garbage"];

pub fn add(suite: &mut Suite<Market>) {
    suite.test("a_plug_in_that_misbehaves_is_a_502_and_nothing_is_written", misbehaving);
    suite.test("others_are_served_while_a_plug_in_loops_for_ever", served_meanwhile);
    suite.test("a_checkout_that_a_plug_in_broke_works_with_the_next_plug_in", next_plug_in);
}

fn to_city(mut body: Value, city: &str) -> Value {
    body["shipping_address"]["city"] = json!(city);
    body
}

async fn checkout(shopper: &Shopper, key: &str, city: &str) -> Result<Answer> {
    let total = json!({"amount_minor": 1_000, "currency": "EUR"});
    shopper.api.post_once("/api/orders/checkout", key, &to_city(checkout_body("tok_success", &total), city)).await
}

/// Everything that a checkout writes, as text that is the same as long as nothing was written.
async fn written(market: &Market) -> Result<String> {
    let orders = market.shop.environment.connect("order").await?;
    // Rows leave the outbox once they are published; its numbers only grow.
    let counts = "SELECT format('%s orders, %s lines, %s carts ordered, %s events',
        (SELECT count(*) FROM orders), (SELECT count(*) FROM order_items),
        (SELECT count(*) FROM carts WHERE status <> 'open'), (SELECT last_value FROM outbox_id_seq))";
    Ok(orders.query_one(counts, &[]).await?.get(0))
}

async fn misbehaving(market: Arc<Market>) -> Result<()> {
    let sku = market.shop.product(900, 9).await?;
    market.swap(&[(SHIPPING, "runtime_unruly")]).await?;
    let ana = market.shop.shopper().await?;
    let cart = ana.put(&sku, 1).await?;
    market.shop.verify().await.context("before")?;
    let before = written(&market).await?;
    for way in WAYS {
        let started = Instant::now();
        let problem = checkout(&ana, "key", way).await?.problem(502, "plugin-failed").context(way)?;
        ensure!(started.elapsed() < Duration::from_secs(20), "{way} took {:?}", started.elapsed());
        // What broke on the way back cannot be told to be one of the three.
        let culprit = if way == "garbage" { "A plug-in failed" } else { SHIPPING };
        ensure!(text(&problem, "/detail")?.contains(culprit), "{way}: {problem}");
        let quote = json!({"shipping_address": souk_tests::shopper::address()});
        ana.api
            .post("/api/orders/cart/quote", &to_city(quote, way))
            .await?
            .problem(502, "plugin-failed")
            .context(way)?;
        ensure!(written(&market).await? == before, "{way} left something behind: {}", written(&market).await?);
    }
    ensure!(ana.api.get("/api/orders/cart").await?.expect(200)? == cart, "the cart is still open and the same");
    ensure!(ana.api.get("/api/orders").await?.expect(200)?["items"] == json!([]));
    let order = ana.press("key", "tok_success").await?.expect(202)?;
    ana.order_reaches(&text(&order, "/id")?, "confirmed").await?;
    Ok(())
}

async fn served_meanwhile(market: Arc<Market>) -> Result<()> {
    let sku = market.shop.product(900, 9).await?;
    let (ana, ben) = (market.shop.shopper().await?, market.shop.shopper().await?);
    ana.put(&sku, 1).await?;
    let looping = tokio::spawn({
        let ana = ana.clone();
        async move { checkout(&ana, "loop", "loop").await }
    });
    let mut served = 0;
    while served < 8 {
        let order = ben.buy(&sku, 1, "tok_success").await?;
        ensure!(text(&order, "/status")? == "placed");
        ben.api.get("/api/catalog/products").await?.expect(200)?;
        if looping.is_finished() {
            break;
        }
        served += 1;
    }
    ensure!(served > 0, "nothing could be bought while the plug-in looped");
    looping.await??.problem(502, "plugin-failed")?;
    Ok(())
}

async fn next_plug_in(market: Arc<Market>) -> Result<()> {
    let sku = market.shop.product(900, 9).await?;
    let ana = market.shop.shopper().await?;
    ana.put(&sku, 1).await?;
    checkout(&ana, "again", "trap").await?.problem(502, "plugin-failed")?;
    market.swap(&OTHERS).await?;
    let order = ana.press("again", "tok_success").await?.expect(202)?;
    ana.order_reaches(&text(&order, "/id")?, "confirmed").await?;
    Ok(())
}
