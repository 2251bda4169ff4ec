//! Many at once: no oversell, no undersell, one order for a cart.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use souk_tests::{
    api::text,
    run::Suite,
    shop::Shop,
    shopper::{available, checkout_body},
};
use std::{collections::BTreeMap, sync::Arc};

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("of_300_buyers_for_100_pieces_exactly_100_are_served", rush);
    suite.test("many_tabs_with_keys_of_their_own_make_one_order", tabs);
    suite.test("one_key_pressed_many_times_at_once_makes_one_order", one_key);
}

async fn rush(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 100).await?;
    let buyers = shop.shoppers(300).await?;
    let orders = try_join_all(buyers.iter().map(|buyer| buyer.buy(&sku, 1, "tok_success"))).await?;
    let mut ends = BTreeMap::new();
    for (buyer, order) in buyers.iter().zip(&orders) {
        let order = buyer.order_settles(&text(order, "/id")?).await?;
        *ends.entry(text(&order, "/status")?).or_insert(0) += 1;
    }
    let wanted = BTreeMap::from([("confirmed".to_owned(), 100), ("rejected".to_owned(), 200)]);
    ensure!(ends == wanted, "{ends:?}");
    let first = buyers.first().context("no buyers")?;
    ensure!(available(&first.api, &sku).await? == 0);
    Ok(())
}

async fn tabs(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 20).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let body = checkout_body("tok_success", &ana.quote().await?["total"]);
    let keys: Vec<String> = (0..12).map(|tab| format!("tab-{tab}")).collect();
    let answers = try_join_all(keys.iter().map(|key| ana.api.post_once("/api/orders/checkout", key, &body))).await?;
    let accepted: Vec<_> = answers.iter().filter(|answer| answer.status == 202).collect();
    ensure!(accepted.len() == 1, "{} orders from one cart", accepted.len());
    for refused in answers.iter().filter(|answer| answer.status != 202) {
        ensure!(refused.status == 409, "{refused:?}");
        refused.is_problem()?;
    }
    let id = text(&accepted.first().context("none")?.body, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    ensure!(available(&ana.api, &sku).await? == 19);
    Ok(())
}

async fn one_key(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 20).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let body = checkout_body("tok_success", &ana.quote().await?["total"]);
    let presses = (0..12).map(|_| ana.api.post_once("/api/orders/checkout", "the-key", &body));
    let mut ids = Vec::new();
    for answer in try_join_all(presses).await? {
        ids.push(text(&answer.expect(202)?, "/id")?);
    }
    ids.dedup();
    ensure!(ids.len() == 1, "{ids:?}");
    ana.order_reaches(ids.first().context("none")?, "confirmed").await?;
    ensure!(available(&ana.api, &sku).await? == 19);
    Ok(())
}
