//! From cart to confirmed, and the ways in which an order is rightly refused.

use anyhow::{Result, ensure};
use serde_json::json;
use souk_tests::{
    api::{int, text},
    run::Suite,
    shop::Shop,
    shopper::{available, checkout_body, timeline},
    wait,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("an_order_goes_from_cart_to_confirmed", confirmed);
    suite.test("a_cart_shows_prices_and_forgets_what_is_removed", cart);
    suite.test("an_order_for_more_than_there_is_is_rejected_and_told_by_mail", rejected);
    suite.test("all_lines_are_reserved_or_none", all_or_none);
    suite.test("a_changed_price_is_shown_before_it_is_charged", price_changed);
    suite.test("a_retry_with_the_same_key_returns_the_same_order", retry);
    suite.test("a_key_is_not_taken_for_another_checkout", key_reused);
    suite.test("a_confirmed_order_can_be_cancelled_and_is_refunded", cancel_confirmed);
    suite.test("another_shopper_sees_nothing_of_an_order", foreign_order);
}

async fn confirmed(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1250, 10).await?;
    let ana = shop.shopper().await?;
    let order = ana.buy(&sku, 2, "tok_success").await?;
    ensure!(text(&order, "/status")? == "placed", "{order}");
    ensure!(int(&order, "/items/0/quantity")? == 2 && int(&order, "/items/0/unit_price/amount_minor")? == 1250);
    let id = text(&order, "/id")?;
    let order = ana.order_reaches(&id, "confirmed").await?;
    ensure!(timeline(&order) == ["placed", "reserved", "paid", "confirmed"], "{order}");
    ensure!(available(&ana.api, &sku).await? == 8, "two pieces are gone");

    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(text(&payment, "/status")? == "captured", "{payment}");
    ensure!(payment.pointer("/amount") == order.pointer("/total"), "what was charged is what was shown");

    let number = text(&order, "/number")?;
    let mails = shop.mails_to(&ana.email, 3).await?;
    let about_order: Vec<_> = mails.iter().filter(|mail| mail.contains(&number)).collect();
    ensure!(about_order.len() == 1, "one confirmation, got {} of {} mails", about_order.len(), mails.len());
    let list = ana.api.get("/api/orders").await?.expect(200)?;
    ensure!(text(&list, "/items/0/id")? == id, "{list}");
    Ok(())
}

async fn cart(shop: Arc<Shop>) -> Result<()> {
    let (tea, cup) = (shop.product(500, 5).await?, shop.product(1999, 5).await?);
    let ana = shop.shopper().await?;
    ana.put(&tea, 3).await?;
    let cart = ana.put(&cup, 1).await?;
    ensure!(int(&cart, "/subtotal/amount_minor")? == 3 * 500 + 1999, "{cart}");
    let cart = ana.put(&tea, 1).await?;
    ensure!(int(&cart, "/subtotal/amount_minor")? == 500 + 1999, "a new quantity replaces the old: {cart}");
    let quote = ana.quote().await?;
    let part = |name: &str| int(&quote, &format!("/{name}/amount_minor"));
    ensure!(part("total")? == part("subtotal")? - part("discount")? + part("shipping")? + part("tax")?, "{quote}");
    ensure!(part("shipping")? > 0 && part("tax")? > 0, "Portugal is taxed and far: {quote}");
    let path = format!("/api/orders/cart/items/{cup}");
    ana.api.raw("DELETE", &path, &[], "").await?.expect(200)?;
    ana.api.raw("DELETE", "/api/orders/cart", &[], "").await?;
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(cart.pointer("/items") == Some(&json!([])), "{cart}");
    Ok(())
}

async fn rejected(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(900, 3).await?;
    let ana = shop.shopper().await?;
    let order = ana.buy(&sku, 4, "tok_success").await?;
    let order = ana.order_reaches(&text(&order, "/id")?, "rejected").await?;
    ensure!(available(&ana.api, &sku).await? == 3, "nothing was taken");
    shop.mails_to(&ana.email, 3).await?;
    let answer = ana.api.get(&format!("/api/payments/{}", text(&order, "/id")?)).await?;
    ensure!(answer.status == 404, "nothing was charged: {answer:?}");
    Ok(())
}

async fn all_or_none(shop: Arc<Shop>) -> Result<()> {
    let (plenty, scarce) = (shop.product(100, 50).await?, shop.product(100, 1).await?);
    let ana = shop.shopper().await?;
    ana.put(&plenty, 5).await?;
    let order = ana.buy(&scarce, 2, "tok_success").await?;
    ana.order_reaches(&text(&order, "/id")?, "rejected").await?;
    ensure!(available(&ana.api, &plenty).await? == 50);
    ensure!(available(&ana.api, &scarce).await? == 1);
    Ok(())
}

async fn price_changed(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 5).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let seen = ana.quote().await?;
    shop.reprice(&sku, 1100).await?;
    let dearer = wait::until("the new price to reach the cart", || async {
        let quote = ana.quote().await?;
        Ok((quote.pointer("/subtotal") != seen.pointer("/subtotal")).then_some(quote))
    })
    .await?;
    let body = checkout_body("tok_success", &seen["total"]);
    let problem = ana.api.post_once("/api/orders/checkout", "k1", &body).await?.problem(409, "price-changed")?;
    ensure!(problem.pointer("/quote/total") == dearer.pointer("/total"), "the new quote comes along: {problem}");
    let body = checkout_body("tok_success", &dearer["total"]);
    let order = ana.api.post_once("/api/orders/checkout", "k2", &body).await?.expect(202)?;
    ana.order_reaches(&text(&order, "/id")?, "confirmed").await?;
    Ok(())
}

async fn retry(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(700, 5).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let body = checkout_body("tok_success", &ana.quote().await?["total"]);
    let first = ana.api.post_once("/api/orders/checkout", "once", &body).await?.expect(202)?;
    let id = text(&first, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    for _ in 0..3 {
        let again = ana.api.post_once("/api/orders/checkout", "once", &body).await?.expect(202)?;
        ensure!(text(&again, "/id")? == id, "{again}");
    }
    ensure!(available(&ana.api, &sku).await? == 4, "bought once");
    Ok(())
}

async fn key_reused(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(700, 5).await?;
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let total = ana.quote().await?["total"].clone();
    ana.api.post_once("/api/orders/checkout", "k", &checkout_body("tok_success", &total)).await?.expect(202)?;
    let other = checkout_body("tok_declined", &total);
    ana.api.post_once("/api/orders/checkout", "k", &other).await?.problem(422, "idempotency-key-reused")?;
    // Keys belong to their shopper: another may use the same word.
    let ben = shop.shopper().await?;
    ben.put(&sku, 1).await?;
    let body = checkout_body("tok_success", &ben.quote().await?["total"]);
    ben.api.post_once("/api/orders/checkout", "k", &body).await?.expect(202)?;
    Ok(())
}

async fn cancel_confirmed(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(2500, 4).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    ana.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.expect(200)?;
    ana.order_reaches(&id, "refunded").await?;
    wait::until("the piece to come back", || async { Ok((available(&ana.api, &sku).await? == 4).then_some(())) })
        .await?;
    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(text(&payment, "/status")? == "refunded", "{payment}");
    ana.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.is_problem()?;
    Ok(())
}

async fn foreign_order(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(300, 5).await?;
    let (ana, ben) = (shop.shopper().await?, shop.shopper().await?);
    let id = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    for (method, path) in [
        ("GET", format!("/api/orders/{id}")),
        ("POST", format!("/api/orders/{id}/cancel")),
        ("GET", format!("/api/payments/{id}")),
    ] {
        let answer = ben.api.json(method, &path, &json!({})).await?;
        ensure!(answer.status == 404, "{method} {path}: {answer:?}");
        answer.is_problem()?;
    }
    ana.order_reaches(&id, "confirmed").await?;
    Ok(())
}
