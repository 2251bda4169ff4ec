//! With `capture_mode = "manual"`, in a shop of its own: money is held until staff decides.

use super::{cancel, payment_reaches};
use anyhow::{Result, ensure};
use serde_json::json;
use souk_tests::{
    api::text,
    run::Suite,
    shop::Shop,
    shopper::{Shopper, available},
    wait,
};

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("with_manual_capture_staff_takes_the_money_or_lets_it_go", |_| async {
        let shop = Shop::start_with(&[("capture_mode", "manual")]).await?;
        let outcome = settled_by_staff(&shop).await;
        shop.stop().await;
        outcome
    });
}

/// The id of a new order, once its money is held.
async fn held(shopper: &Shopper, sku: &str) -> Result<String> {
    let id = text(&shopper.buy(sku, 1, "tok_success").await?, "/id")?;
    let payment = payment_reaches(shopper, &id, "authorized").await?;
    ensure!(payment["captured"].is_null() && payment["authorized_until"].is_string(), "{payment}");
    Ok(id)
}

async fn settled_by_staff(shop: &Shop) -> Result<()> {
    let sku = shop.product(1500, 3).await?;
    let ana = shop.shopper().await?;
    let (taken, let_go, cancelled) = (&held(&ana, &sku).await?, &held(&ana, &sku).await?, &held(&ana, &sku).await?);
    let capture = |id: &str| format!("/api/payments/{id}/capture");
    ana.api.post(&capture(taken), &json!({})).await?.problem(403, "role-missing")?;
    let waiting = shop.admin.get("/api/payments?status=authorized").await?.expect(200)?;
    ensure!(waiting["items"].as_array().is_some_and(|items| items.len() == 3), "{waiting}");

    let merchant = shop.staff("merchant").await?;
    let payment = merchant.post(&capture(taken), &json!({})).await?.expect(200)?;
    ensure!(payment["status"] == "captured", "{payment}");
    merchant.post(&capture(taken), &json!({})).await?.expect(200)?;
    ana.order_reaches(taken, "confirmed").await?;

    let payment = merchant.post(&format!("/api/payments/{let_go}/void"), &json!({})).await?.expect(200)?;
    ensure!(payment["status"] == "voided" && payment["void_reason"] == "by_merchant", "{payment}");
    merchant.post(&capture(let_go), &json!({})).await?.problem(409, "payment-not-authorized")?;
    ana.order_reaches(let_go, "cancelled").await?;

    cancel(&ana, cancelled).await?;
    let payment = payment_reaches(&ana, cancelled, "voided").await?;
    ensure!(payment["void_reason"] == "order_cancelled", "{payment}");
    wait::until("the stock to come back", || async { Ok((available(&ana.api, &sku).await? == 2).then_some(())) })
        .await?;
    shop.verify().await
}
