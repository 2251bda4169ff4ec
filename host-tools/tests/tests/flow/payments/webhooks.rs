//! What the payment gateway tells by itself: believed when it signed it just now, and once.

use super::{cancel, payment_reaches};
use anyhow::{Context, Result, ensure};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use souk_tests::{
    api::{Answer, text},
    run::Suite,
    shop::Shop,
};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

const PATH: &str = "/api/payments/webhooks/gateway";

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_signed_webhook_settles_a_payment_and_its_replay_does_nothing", accepted_once);
    suite.test("a_webhook_that_is_forged_stale_or_of_another_amount_moves_no_money", refused);
}

/// The header for a body that is signed `age_s` seconds ago.
fn sign(secret: &str, body: &str, age_s: u64) -> Result<String> {
    let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() - age_s;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(format!("{time}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("t={time},v1={hex}"))
}

fn secret(shop: &Shop) -> Result<String> {
    let variables = shop.environment.variables()?;
    variables.get("gateway_webhook_secret").cloned().context("there is no gateway_webhook_secret")
}

async fn send(shop: &Shop, body: &str, signature: &str) -> Result<Answer> {
    let headers = [("content-type", "application/json"), ("souk-signature", signature)];
    shop.api.raw("POST", PATH, &headers, body).await
}

/// The gateway says that it took this for an order.
fn captured(order: &Value, amount_minor: i64) -> Result<String> {
    let id = text(order, "/id")?;
    let amount = json!({"amount_minor": amount_minor, "currency": order["total"]["currency"]});
    let data = json!({"key": format!("{id}:1"), "reference": format!("mock_ch_{id}:1"), "amount": amount});
    Ok(json!({"id": format!("evt_{}", Uuid::now_v7()), "type": "charge.captured", "data": data}).to_string())
}

async fn accepted_once(shop: Arc<Shop>) -> Result<()> {
    let (sku, secret) = (shop.product(1500, 2).await?, secret(&shop)?);
    let ana = shop.shopper().await?;
    // Held, and the gateway never answers to its capture.
    let order = ana.buy(&sku, 1, "tok_capture_timeout_not_charged").await?;
    let id = text(&order, "/id")?;
    payment_reaches(&ana, &id, "capturing").await?;
    let total = order["total"]["amount_minor"].as_i64().context("no total")?;

    let event = captured(&order, total)?;
    let receipt = send(&shop, &event, &sign(&secret, &event, 0)?).await?.expect(200)?;
    ensure!(receipt["outcome"] == "applied", "{receipt}");
    let receipt = send(&shop, &event, &sign(&secret, &event, 0)?).await?.expect(200)?;
    ensure!(receipt["outcome"] == "replayed", "{receipt}");
    ana.order_reaches(&id, "confirmed").await?;
    let payment = payment_reaches(&ana, &id, "captured").await?;
    ensure!(payment["captured"]["amount"]["amount_minor"] == total, "{payment}");
    let entries = shop.admin.get(&format!("/api/payments/ledger?order_id={id}")).await?.expect(200)?;
    ensure!(entries["items"].as_array().is_some_and(|items| items.len() == 2), "{entries}");
    let books = shop.admin.get("/api/payments/ledger/balances").await?.expect(200)?;
    ensure!(books["balanced"] == true, "{books}");
    Ok(())
}

async fn refused(shop: Arc<Shop>) -> Result<()> {
    let (sku, secret) = (shop.product(1500, 2).await?, secret(&shop)?);
    let ana = shop.shopper().await?;
    let order = ana.buy(&sku, 1, "tok_capture_timeout_not_charged").await?;
    let id = text(&order, "/id")?;
    payment_reaches(&ana, &id, "capturing").await?;
    let total = order["total"]["amount_minor"].as_i64().context("no total")?;

    let (event, other) = (captured(&order, total)?, captured(&order, total - 1)?);
    shop.api.post(PATH, &json!({})).await?.problem(400, "signature-unreadable")?;
    send(&shop, &event, "t=1,v1=00").await?.problem(400, "signature-unreadable")?;
    send(&shop, &event, &sign("another secret", &event, 0)?).await?.problem(401, "signature-invalid")?;
    send(&shop, &event, &sign(&secret, &other, 0)?).await?.problem(401, "signature-invalid")?;
    send(&shop, &event, &sign(&secret, &event, 301)?).await?.problem(401, "signature-stale")?;
    for (body, status, slug) in [("{", 400, "malformed-json"), ("{}", 422, "invalid-body")] {
        send(&shop, body, &sign(&secret, body, 0)?).await?.problem(status, slug)?;
    }
    let receipt = send(&shop, &other, &sign(&secret, &other, 0)?).await?.expect(202)?;
    ensure!(receipt["outcome"] == "parked" && receipt["reason"] == "amount_mismatch", "{receipt}");
    let parked = shop.admin.get("/api/payments/parked?limit=100").await?.expect(200)?;
    let items = parked["items"].as_array().cloned().unwrap_or_default();
    ensure!(items.iter().any(|item| item["order_id"] == id.as_str()), "{parked}");

    // Nothing of it was booked: the money is merely held, and let go with the order.
    payment_reaches(&ana, &id, "capturing").await?;
    cancel(&ana, &id).await?;
    let payment = payment_reaches(&ana, &id, "voided").await?;
    ensure!(payment["captured"].is_null(), "{payment}");
    Ok(())
}
