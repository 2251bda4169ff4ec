//! What the gateway may answer, and what becomes of the order and its stock.

use anyhow::{Result, ensure};
use souk_tests::{
    api::text,
    run::Suite,
    shop::Shop,
    shopper::{available, timeline},
    wait,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_declined_card_releases_the_stock", |shop| refused(shop, "tok_declined"));
    suite.test("insufficient_funds_release_the_stock", |shop| refused(shop, "tok_insufficient_funds"));
    suite.test("an_unknown_token_releases_the_stock", |shop| refused(shop, "tok_made_up"));
    suite.test("a_timeout_that_was_charged_confirms_the_order", timeout_charged);
    suite.test("a_timeout_that_was_not_charged_releases_the_stock", timeout_not_charged);
}

async fn refused(shop: Arc<Shop>, token: &'static str) -> Result<()> {
    let sku = shop.product(1500, 2).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 2, token).await?, "/id")?;
    let order = ana.order_reaches(&id, "cancelled").await?;
    ensure!(timeline(&order) == ["placed", "reserved", "cancelled"], "{order}");
    wait::until("the stock to come back", || async { Ok((available(&ana.api, &sku).await? == 2).then_some(())) })
        .await?;
    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(text(&payment, "/status")? == "declined", "{payment}");
    // The shopper may try again with another card: a new cart, a new order.
    let id = text(&ana.buy(&sku, 2, "tok_success").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    Ok(())
}

async fn timeout_charged(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1500, 2).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_timeout_charged").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(text(&payment, "/status")? == "captured", "{payment}");
    Ok(())
}

async fn timeout_not_charged(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1500, 2).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_timeout_not_charged").await?, "/id")?;
    ana.order_reaches(&id, "cancelled").await?;
    wait::until("the stock to come back", || async { Ok((available(&ana.api, &sku).await? == 2).then_some(())) }).await
}
