//! Bad input anywhere: the right 4xx as problem+json, nothing written, never a 500.

use crate::access::{APIS, document, documented};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Answer, Api},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, address, available, checkout_body},
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("malformed_bodies_are_refused_by_every_route_that_takes_one", bodies);
    suite.test("huge_bodies_are_refused", huge);
    suite.test("absurd_cart_items_are_refused", cart_items);
    suite.test("tampered_checkouts_write_nothing", checkout);
    suite.test("absurd_queries_are_refused", queries);
    suite.test("absurd_stock_changes_are_refused", stock);
}

/// A 4xx problem, one of `statuses`.
fn refused(what: &str, answer: &Answer, statuses: &[u16]) -> Result<()> {
    ensure!(statuses.contains(&answer.status), "{what}: wanted one of {statuses:?}, got {answer:?}");
    answer.is_problem()
}

/// Every operation that takes JSON, as the documents name them, with something in the place of each path parameter.
async fn takes_json(shop: &Shop) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for api in APIS {
        let document = document(shop, api).await?;
        for (path, method, operation) in documented(&document)? {
            if operation["requestBody"]["content"].get("application/json").is_some() {
                let filled: Vec<&str> = path.split('/').map(in_place_of).collect();
                all.push((method.to_uppercase(), filled.join("/")));
            }
        }
    }
    ensure!(all.len() > 30, "only {} operations take JSON", all.len());
    Ok(all)
}

fn in_place_of(segment: &str) -> &str {
    match segment {
        "{id}" | "{order_id}" | "{return_id}" => "019a0000-0000-7000-8000-000000000000",
        _ if segment.starts_with('{') => "any",
        _ => segment,
    }
}

async fn bodies(shop: Arc<Shop>) -> Result<()> {
    let admin = shop.admin.clone();
    let json_type = [("content-type", "application/json"), ("idempotency-key", "bad-body")];
    let text_type = [("content-type", "text/plain"), ("idempotency-key", "bad-body")];
    let deep = "[".repeat(100_000);
    for (method, path) in takes_json(&shop).await? {
        // A webhook's signature is looked at before anything else of it.
        let is_webhook = path.contains("/webhooks/");
        for body in ["", "{", "null", "[]", "42", "\"x\"", "{\"a\":", "\u{0}", "{\"email\":{}}", deep.as_str()] {
            let answer = admin.raw(&method, &path, &json_type, body).await?;
            refused(&format!("{method} {path} with {:.20}", body), &answer, &[400, 404, 422])?;
        }
        let answer = admin.raw(&method, &path, &json_type, vec![0xff, 0xfe, b'{']).await?;
        refused(&format!("{method} {path} with bytes that are not UTF-8"), &answer, &[400, 422])?;
        let answer = admin.raw(&method, &path, &text_type, "{}").await?;
        refused(&format!("{method} {path} with text/plain"), &answer, &[if is_webhook { 400 } else { 415 }])?;
    }
    Ok(())
}

async fn huge(shop: Arc<Shop>) -> Result<()> {
    let body = format!("{{\"email\":\"{}\"}}", "a".repeat(3 * 1024 * 1024));
    for (method, path) in takes_json(&shop).await? {
        let answer = shop.admin.raw(&method, &path, &[("content-type", "application/json")], body.clone()).await?;
        refused(&format!("{method} {path}"), &answer, &[413])?;
    }
    Ok(())
}

async fn put(shopper: &Shopper, sku: &str, body: Value) -> Result<Answer> {
    shopper.api.json("PUT", &format!("/api/orders/cart/items/{sku}"), &body).await
}

async fn cart_items(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(100, 10).await?;
    let ana = shop.shopper().await?;
    for quantity in [
        json!(0),
        json!(-1),
        json!(1001),
        json!(1.5),
        json!("2"),
        json!(null),
        json!(9_223_372_036_854_775_807_i64),
        json!(1e300),
    ] {
        let answer = put(&ana, &sku, json!({"quantity": quantity})).await?;
        refused(&format!("quantity {quantity}"), &answer, &[400, 422])?;
    }
    let one = json!({"quantity": 1});
    for unknown in ["NO-SUCH-SKU", "..", "%00", "%F0%9F%92%A9", "a%2Fb", &"x".repeat(500), "';--"] {
        refused(&format!("sku {unknown}"), &put(&ana, unknown, one.clone()).await?, &[400, 404, 422])?;
    }
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(cart.pointer("/items") == Some(&json!([])), "nothing was written: {cart}");
    Ok(())
}

async fn checkout(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 5).await?;
    let ana = shop.shopper().await?;
    let total = json!({"amount_minor": 1, "currency": "EUR"});
    let body = checkout_body("tok_success", &total);
    let empty = ana.api.post_once("/api/orders/checkout", "e", &body).await?;
    empty.problem(409, "cart-empty")?;
    ana.put(&sku, 1).await?;
    let total = ana.quote().await?["total"].clone();
    let body = checkout_body("tok_success", &total);
    let unkeyed = ana.api.post("/api/orders/checkout", &body).await?;
    refused("no Idempotency-Key", &unkeyed, &[400])?;
    let long_key = "k".repeat(256);
    refused("long key", &ana.api.post_once("/api/orders/checkout", &long_key, &body).await?, &[400, 422])?;
    let with = |pointer: &str, value: Value| {
        let mut changed = body.clone();
        if let Some(place) = changed.pointer_mut(pointer) {
            *place = value;
        }
        changed
    };
    let cents = total["amount_minor"].as_i64().unwrap_or_default();
    let tampered = [
        ("a lower total", with("/expected_total/amount_minor", json!(cents - 1)), 409),
        ("a total of nothing", with("/expected_total/amount_minor", json!(0)), 409),
        ("a negative total", with("/expected_total/amount_minor", json!(-cents)), 409),
        ("another currency", with("/expected_total/currency", json!("JPY")), 409),
        ("no currency at all", with("/expected_total/currency", json!("euro")), 422),
        ("a country that is none", with("/shipping_address/country", json!("Portugal")), 422),
        ("a NUL in the city", with("/shipping_address/city", json!("Lis\u{0}boa")), 422),
        ("an endless name", with("/shipping_address/name", json!("n".repeat(5000))), 422),
        ("an endless token", with("/payment_token", json!("t".repeat(5000))), 422),
        ("no token", with("/payment_token", json!("")), 422),
        (
            "a price of one's own",
            {
                let mut own = body.clone();
                own["items"] =
                    json!([{"sku": sku, "quantity": 1, "unit_price": {"amount_minor": 1, "currency": "EUR"}}]);
                own["expected_total"] = json!({"amount_minor": 1, "currency": "EUR"});
                own
            },
            0,
        ),
    ];
    for (what, body, status) in tampered {
        let answer = ana.api.post_once("/api/orders/checkout", what, &body).await?;
        let allowed = if status == 0 { vec![409, 422] } else { vec![status] };
        refused(what, &answer, &allowed)?;
    }
    let orders = ana.api.get("/api/orders").await?.expect(200)?;
    ensure!(orders.pointer("/items") == Some(&json!([])), "no order was made: {orders}");
    ensure!(available(&ana.api, &sku).await? == 5);
    let cart = ana.api.get("/api/orders/cart").await?.expect(200)?;
    ensure!(cart.pointer("/items/0/sku") == Some(&json!(sku)), "the cart is as it was: {cart}");
    let unreachable =
        json!({"shipping_address": {"name": "A", "line1": "B", "city": "C", "postal_code": "1", "country": "AQ"}});
    refused("Antarctica", &ana.api.post("/api/orders/cart/quote", &unreachable).await?, &[422])?;
    let coded = json!({"shipping_address": address(), "promotion_codes": ["NO-SUCH-CODE"]});
    refused("unknown code", &ana.api.post("/api/orders/cart/quote", &coded).await?, &[422])
}

async fn queries(shop: Arc<Shop>) -> Result<()> {
    let nobody: &Api = &shop.api;
    for query in [
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=x",
        "limit=99999999999999999999",
        "cursor=forged",
        "cursor=%00",
        "cursor=bnVsbA",
        "min_price=-1",
        "min_price=x",
        "max_price=99999999999999999999",
        "min_price=5&max_price=1",
        "sort=sideways",
        "in_stock=perhaps",
        "q=%ff%fe",
    ] {
        let answer = nobody.get(&format!("/api/catalog/products?{query}")).await?;
        refused(query, &answer, &[400, 422])?;
    }
    let long = format!("/api/catalog/products?q={}", "q".repeat(5000));
    refused("a long search", &nobody.get(&long).await?, &[400, 414, 422])?;
    for path in [
        "/api/catalog/products/%00",
        "/api/catalog/products/no-such-thing",
        "/api/inventory/stock/NO-SUCH",
        "/api/inventory/stock/%00",
    ] {
        refused(path, &nobody.get(path).await?, &[400, 404])?;
    }
    for path in ["/api/orders/not-a-uuid", "/api/orders?cursor=forged", "/api/orders?limit=1000", "/api/payments/x"] {
        refused(path, &shop.admin.get(path).await?, &[400, 404, 422])?;
    }
    for query in ["q=%27%3B%20drop%20table%20products--", "q=%22", "q=%28%29%26%7C%21%3A%2A"] {
        nobody.get(&format!("/api/catalog/products?{query}")).await?.expect(200)?;
    }
    Ok(())
}

async fn stock(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(100, 5).await?;
    let path = format!("/api/inventory/stock/{sku}/adjust");
    for body in [
        json!({"delta": 0, "reason": "none"}),
        json!({"delta": -6, "reason": "more than there is"}),
        json!({"delta": i64::MAX, "reason": "absurd"}),
        json!({"delta": i64::MIN, "reason": "absurd"}),
        json!({"delta": 1.5, "reason": "half"}),
        json!({"delta": 1, "reason": ""}),
        json!({"delta": 1, "reason": "r".repeat(5000)}),
        json!({"delta": 1, "reason": "a\u{0}b"}),
        json!({"delta": 1}),
    ] {
        refused(&body.to_string(), &shop.admin.post(&path, &body).await?, &[400, 409, 422])?;
    }
    ensure!(available(&shop.api, &sku).await? == 5, "nothing was written");
    let answer = shop.admin.post("/api/inventory/stock/NO-SUCH/adjust", &json!({"delta": 1, "reason": "x"})).await?;
    refused("unknown SKU", &answer, &[404])?;
    shop.admin.post(&path, &json!({"delta": -2, "reason": "broken"})).await?.expect(200)?;
    ensure!(available(&shop.api, &sku).await? == 3);
    Ok(())
}
