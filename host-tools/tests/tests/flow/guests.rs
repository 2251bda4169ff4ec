//! Buying without an account, and what was put into a cart before signing in.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_tests::{
    api::{Answer, int, text},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, available, checkout_body},
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_guest_buys_is_mailed_and_follows_the_order", buys);
    suite.test("a_guests_cart_goes_into_the_accounts_at_sign_in", merges);
    suite.test("what_several_tabs_put_into_a_cart_at_once_is_all_in_it", tabs);
}

/// Somebody without an account; the address is only for the order.
pub async fn guest(shop: &Shop) -> Result<Shopper> {
    let session = shop.api.raw("POST", "/api/users/guest", &[], "").await?.expect(201)?;
    let email = format!("{}@guests.example", Uuid::now_v7().simple());
    Ok(Shopper { api: shop.api.with_token(text(&session, "/access_token")?), email })
}

/// A checkout of the guest's cart at the total of the quote.
pub async fn order(guest: &Shopper, more: &[(&str, Value)]) -> Result<Answer> {
    let quoted = more.iter().filter(|(name, _)| *name == "promotion_codes");
    let mut asked = json!({"shipping_address": souk_tests::shopper::address()});
    quoted.for_each(|(name, value)| asked[*name] = value.clone());
    let quote = guest.api.post("/api/orders/cart/quote", &asked).await?.expect(200)?;
    let mut body = checkout_body("tok_success", &quote["total"]);
    more.iter().for_each(|(name, value)| body[*name] = value.clone());
    guest.api.post_once("/api/orders/checkout", &Uuid::now_v7().to_string(), &body).await
}

/// Pieces by SKU.
fn lines(cart: &Value) -> Result<BTreeMap<String, i64>> {
    let items = cart["items"].as_array().context("no items")?;
    items.iter().map(|item| Ok((text(item, "/sku")?, int(item, "/quantity")?))).collect()
}

async fn buys(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1250, 10).await?;
    let gil = guest(&shop).await?;
    gil.put(&sku, 2).await?;
    let missing = order(&gil, &[]).await?.problem(422, "invalid-fields")?;
    ensure!(missing.to_string().contains("email") && missing.to_string().contains("name"), "{missing}");
    let named = [("email", json!(gil.email.to_uppercase())), ("name", json!("Gil Souk"))];
    let id = text(&order(&gil, &named).await?.expect(202)?, "/id")?;
    let confirmed = gil.order_reaches(&id, "confirmed").await?;
    ensure!(available(&gil.api, &sku).await? == 8);
    let payment = gil.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(payment["amount"] == confirmed["total"], "{payment}");
    let number = text(&confirmed, "/number")?;
    let mails = shop.mails_to(&gil.email, 1).await?;
    ensure!(mails.iter().any(|mail| mail.contains(&number) && mail.contains("Gil Souk")), "{mails:?}");
    let listed = gil.api.get("/api/orders").await?.expect(200)?;
    ensure!(text(&listed, "/items/0/id")? == id, "{listed}");

    // Another guest is another shopper, and no guest is staff.
    let other = guest(&shop).await?;
    other.api.get(&format!("/api/orders/{id}")).await?.problem(404, "order-unknown")?;
    other.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.problem(404, "order-unknown")?;
    gil.api.get("/api/orders/all").await?.problem(401, "account-needed")?;
    gil.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.expect(200)?;
    gil.order_reaches(&id, "refunded").await?;
    Ok(())
}

async fn merges(shop: Arc<Shop>) -> Result<()> {
    let (tea, cup) = (shop.product(500, 9).await?, shop.product(1999, 9).await?);
    let (gil, ana) = (guest(&shop).await?, shop.shopper().await?);
    gil.put(&tea, 2).await?;
    gil.put(&cup, 1).await?;
    ana.put(&tea, 1).await?;
    let body = json!({"guest_token": gil.api.token()});
    for _ in 0..2 {
        let cart = ana.api.post("/api/orders/cart/merge", &body).await?.expect(200)?;
        ensure!(lines(&cart)? == BTreeMap::from([(tea.clone(), 3), (cup.clone(), 1)]), "{cart}");
    }
    ensure!(lines(&gil.api.get("/api/orders/cart").await?.expect(200)?)?.is_empty(), "the guest's cart is gone");
    let id = text(&ana.press("key", "tok_success").await?.expect(202)?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;

    for token in [ana.api.token().unwrap_or_default(), "", "e30.e30.e30"] {
        let body = json!({"guest_token": token});
        ana.api.post("/api/orders/cart/merge", &body).await?.problem(422, "guest-token-invalid")?;
    }
    gil.api.post("/api/orders/cart/merge", &body).await?.problem(401, "account-needed")?;
    Ok(())
}

async fn tabs(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(500, 9).await?;
    let ana = shop.shopper().await?;
    let path = format!("/api/orders/cart/items/{sku}");
    let one = json!({"add": 1});
    for answer in try_join_all((0..16).map(|_| ana.api.post(&path, &one))).await? {
        answer.expect(200)?;
    }
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(int(&cart, "/items/0/quantity")? == 16, "{cart}");

    // Two tabs saw this cart. One changes it; the other is told, and changes nothing.
    let seen = format!("\"{}\"", int(&cart, "/version")?);
    let headers = [("content-type", "application/json"), ("if-match", seen.as_str())];
    let set =
        async |quantity: i64| ana.api.raw("PUT", &path, &headers, json!({"quantity": quantity}).to_string()).await;
    set(2).await?.expect(200)?;
    set(5).await?.problem(412, "cart-changed")?;
    ana.api.raw("DELETE", "/api/orders/cart", &headers, "").await?.problem(412, "cart-changed")?;
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(int(&cart, "/items/0/quantity")? == 2, "{cart}");
    ana.api.post(&path, &json!({"add": 999})).await?.problem(409, "quantity-limit")?;
    ana.api.post(&path, &json!({"add": -2})).await?.expect(200)?;
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(lines(&cart)?.is_empty(), "{cart}");
    Ok(())
}
