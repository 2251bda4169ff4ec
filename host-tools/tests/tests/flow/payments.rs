//! What the gateway may answer, and what becomes of the order and its stock.

mod manual;
mod webhooks;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::text,
    run::Suite,
    shop::Shop,
    shopper::{Shopper, available, timeline},
    wait,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_declined_card_releases_the_stock", |shop| refused(shop, "tok_declined"));
    suite.test("insufficient_funds_release_the_stock", |shop| refused(shop, "tok_insufficient_funds"));
    suite.test("an_unknown_token_releases_the_stock", |shop| refused(shop, "tok_made_up"));
    suite.test("a_timeout_that_was_charged_confirms_the_order", timeout_charged);
    suite.test("a_timeout_that_was_not_charged_releases_the_stock", timeout_not_charged);
    suite.test("a_capture_that_timed_out_and_was_made_confirms_the_order", capture_timeout_charged);
    suite.test("money_that_is_held_for_a_cancelled_order_is_let_go", void_after_cancel);
    webhooks::add(suite);
    manual::add(suite);
}

async fn cancel(shopper: &Shopper, id: &str) -> Result<()> {
    shopper.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.expect(200).map(drop)
}

/// The payment of an order, once it is `status`.
async fn payment_reaches(shopper: &Shopper, id: &str, status: &str) -> Result<Value> {
    wait::until(&format!("the payment of {id} to be {status}"), || async {
        let answer = shopper.api.get(&format!("/api/payments/{id}")).await?;
        Ok((answer.status == 200 && answer.body["status"] == status).then_some(answer.body))
    })
    .await
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

async fn capture_timeout_charged(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1500, 2).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_capture_timeout_charged").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    payment_reaches(&ana, &id, "captured").await?;
    Ok(())
}

/// The capture never succeeds, so that the hold is still there when the shopper cancels.
async fn void_after_cancel(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1500, 2).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_capture_timeout_not_charged").await?, "/id")?;
    payment_reaches(&ana, &id, "capturing").await?;
    cancel(&ana, &id).await?;
    let payment = payment_reaches(&ana, &id, "voided").await?;
    ensure!(payment["void_reason"] == "order_cancelled" && payment["captured"].is_null(), "{payment}");
    ensure!(text(&ana.order(&id).await?, "/status")? == "cancelled", "the order is not cancelled");
    wait::until("the stock to come back", || async { Ok((available(&ana.api, &sku).await? == 2).then_some(())) }).await
}
