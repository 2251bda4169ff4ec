//! Promotion codes: what they take off is what is charged, and their limits hold through the whole shop.

use crate::guests::{guest, order};
use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_tests::{
    api::{int, text},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, address, checkout_body},
    wait,
};
use std::sync::Arc;
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_code_takes_off_what_it_says_and_that_is_charged", kinds);
    suite.test("of_300_shoppers_with_a_code_for_100_exactly_100_use_it", rush);
    suite.test("a_code_for_one_use_a_shopper_knows_a_guest_by_the_address", one_each);
    suite.test("an_order_that_was_never_paid_gives_its_use_back", given_back);
    suite.test("merchants_make_change_end_and_delete_codes", merchants);
    suite.test("what_a_code_made_cheaper_gives_back_what_it_cost", returned);
}

const CODES: &str = "/api/orders/promotions";

/// A new code that gives `benefit`, with what `more` says.
async fn code(shop: &Shop, benefit: Value, more: Value) -> Result<String> {
    let code = format!("T-{}", &Uuid::new_v4().simple().to_string().to_uppercase()[..12]);
    let mut body = json!({"code": code, "label": "A test's code", "benefit": benefit});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    shop.admin.post(CODES, &body).await?.expect(201)?;
    Ok(code)
}

fn percent(basis_points: i64) -> Value {
    json!({"kind": "percentage", "basis_points": basis_points})
}

/// The code as merchants see it.
async fn seen(shop: &Shop, code: &str) -> Result<Value> {
    shop.admin.json("PATCH", &format!("{CODES}/{code}"), &json!({})).await?.expect(200)
}

async fn quote(shopper: &Shopper, codes: &[&str]) -> Result<souk_tests::api::Answer> {
    let body = json!({"shipping_address": address(), "promotion_codes": codes});
    shopper.api.post("/api/orders/cart/quote", &body).await
}

/// Presses the button with codes, at `total`.
async fn press(shopper: &Shopper, codes: &[&str], token: &str, total: &Value) -> Result<souk_tests::api::Answer> {
    let mut body = checkout_body(token, total);
    body["promotion_codes"] = json!(codes);
    shopper.api.post_once("/api/orders/checkout", &Uuid::now_v7().to_string(), &body).await
}

async fn kinds(shop: Arc<Shop>) -> Result<()> {
    let (tea, cup) = (shop.product(1000, 99).await?, shop.product(2000, 99).await?);
    let ten = code(&shop, percent(1000), json!({"skus": [cup]})).await?;
    let five = json!({"kind": "fixed_amount", "amount": {"amount_minor": 500, "currency": "EUR"}});
    let five = code(&shop, five, json!({"combinable": true})).await?;
    let free = code(&shop, json!({"kind": "buy_x_get_y", "buy": 2, "get": 1}), json!({"combinable": true})).await?;
    let shipping = code(&shop, json!({"kind": "free_shipping"}), json!({})).await?;
    let ana = shop.shopper().await?;
    for (codes, discount, is_free) in [
        (vec![ten.as_str()], 200, false),
        (vec![five.as_str()], 500, false),
        (vec![free.as_str()], 1000, false),
        (vec![free.as_str(), five.as_str(), shipping.as_str()], 1500, true),
    ] {
        ana.put(&tea, 3).await?;
        ana.put(&cup, 1).await?;
        let quoted = quote(&ana, &codes).await?.expect(200)?;
        ensure!(int(&quoted, "/discount/amount_minor")? == discount, "{codes:?}: {quoted}");
        ensure!((int(&quoted, "/shipping/amount_minor")? == 0) == is_free, "{codes:?}: {quoted}");
        let placed = press(&ana, &codes, "tok_success", &quoted["total"]).await?.expect(202)?;
        let id = text(&placed, "/id")?;
        let confirmed = ana.order_reaches(&id, "confirmed").await?;
        ensure!(confirmed["discount"] == quoted["discount"] && confirmed["promotion_codes"] == json!(codes));
        let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
        ensure!(payment["amount"] == quoted["total"], "{payment}");
    }
    ana.put(&cup, 1).await?;
    let lower = ten.to_lowercase();
    ensure!(int(&quote(&ana, &[&lower]).await?.expect(200)?, "/discount/amount_minor")? == 200, "in any case");
    quote(&ana, &[&ten, &five]).await?.problem(422, "promotions-do-not-combine")?;
    quote(&ana, &["NO-SUCH-CODE"]).await?.problem(422, "promotion-unknown")?;
    Ok(())
}

async fn rush(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 300).await?;
    let hundred = code(&shop, percent(5000), json!({"max_uses": 100})).await?;
    let shoppers = shop.shoppers(300).await?;
    try_join_all(shoppers.iter().map(|shopper| shopper.put(&sku, 1))).await?;
    let first = shoppers.first().context("no shoppers")?;
    let total = quote(first, &[&hundred]).await?.expect(200)?["total"].clone();
    let codes = [hundred.as_str()];
    let answers = try_join_all(shoppers.iter().map(|shopper| press(shopper, &codes, "tok_success", &total))).await?;
    let mut accepted = 0;
    for (shopper, answer) in shoppers.iter().zip(answers) {
        if answer.status == 202 {
            accepted += 1;
            shopper.order_reaches(&text(&answer.body, "/id")?, "confirmed").await?;
        } else {
            answer.problem(422, "promotion-used-up")?;
        }
    }
    let code = seen(&shop, &hundred).await?;
    ensure!(accepted == 100 && code["used"] == 100, "{accepted} orders, {code}");
    Ok(())
}

async fn one_each(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 9).await?;
    let once = code(&shop, percent(1000), json!({"max_uses_per_shopper": 1})).await?;
    let codes = ("promotion_codes", json!([once]));
    let (one, mut again) = (guest(&shop).await?, guest(&shop).await?);
    again.email.clone_from(&one.email);
    let more = |guest: &Shopper| [codes.clone(), ("email", json!(guest.email)), ("name", json!("Gil"))];
    one.put(&sku, 1).await?;
    order(&one, &more(&one)).await?.expect(202)?;
    again.put(&sku, 1).await?;
    order(&again, &more(&again)).await?.problem(422, "promotion-used")?;
    again.email = format!("other-{}", one.email);
    order(&again, &more(&again)).await?.expect(202)?;

    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let total = quote(&ana, &[&once]).await?.expect(200)?["total"].clone();
    press(&ana, &[&once], "tok_success", &total).await?.expect(202)?;
    ana.put(&sku, 1).await?;
    quote(&ana, &[&once]).await?.problem(422, "promotion-used")?;
    Ok(())
}

async fn given_back(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 9).await?;
    let last = code(&shop, percent(1000), json!({"max_uses": 1})).await?;
    let (ana, ben) = (shop.shopper().await?, shop.shopper().await?);
    ana.put(&sku, 1).await?;
    ben.put(&sku, 1).await?;
    let total = quote(&ana, &[&last]).await?.expect(200)?["total"].clone();
    let declined = press(&ana, &[&last], "tok_declined", &total).await?.expect(202)?;
    ana.order_reaches(&text(&declined, "/id")?, "cancelled").await?;
    wait::until("the use to come back", || async { Ok((seen(&shop, &last).await?["used"] == 0).then_some(())) })
        .await?;
    let paid = press(&ben, &[&last], "tok_success", &total).await?.expect(202)?;
    ben.order_reaches(&text(&paid, "/id")?, "confirmed").await?;
    ana.put(&sku, 1).await?;
    quote(&ana, &[&last]).await?.problem(422, "promotion-used-up")?;
    Ok(())
}

async fn merchants(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 9).await?;
    let merchant = shop.staff("merchant").await?;
    let ten = code(&shop, percent(1000), json!({})).await?;
    let again = json!({"code": ten, "label": "Again", "benefit": percent(2000)});
    merchant.post(CODES, &again).await?.problem(409, "promotion-exists")?;
    for (name, bad) in [
        ("code", json!("ten percent")),
        ("label", json!("a\0b")),
        ("max_uses", json!(0)),
        ("benefit", percent(10_001)),
        ("skus", json!(vec![sku.as_str(); 101])),
    ] {
        let mut body = again.clone();
        body[name] = bad;
        merchant.post(CODES, &body).await?.problem(422, "invalid-fields")?;
    }
    let ana = shop.shopper().await?;
    ana.put(&sku, 1).await?;
    let total = quote(&ana, &[&ten]).await?.expect(200)?["total"].clone();
    let path = format!("{CODES}/{ten}");
    let ended = merchant.json("PATCH", &path, &json!({"active": false, "label": "Over"})).await?.expect(200)?;
    ensure!(ended["active"] == false && ended["label"] == "Over" && ended["benefit"] == percent(1000), "{ended}");
    press(&ana, &[&ten], "tok_success", &total).await?.problem(422, "promotion-ended")?;
    merchant.json("PATCH", &path, &json!({"active": true, "max_uses": 1})).await?.expect(200)?;
    press(&ana, &[&ten], "tok_success", &total).await?.expect(202)?;
    let listed = merchant.get(&format!("{CODES}?limit=100")).await?.expect(200)?;
    let ours = listed["items"].as_array().and_then(|items| items.iter().find(|item| item["code"] == ten));
    ensure!(ours.context("not listed")?["used"] == 1, "{listed}");

    // What an order uses stays; what none does can go, and is then unknown to shoppers.
    let delete = async |path: &str| merchant.raw("DELETE", path, &[], "").await;
    delete(&path).await?.problem(409, "promotion-in-use")?;
    let typo = code(&shop, percent(1000), json!({})).await?;
    let path = format!("{CODES}/{}", typo.to_lowercase());
    ana.api.raw("DELETE", &path, &[], "").await?.problem(403, "role-missing")?;
    delete(&path).await?.expect(204)?;
    delete(&path).await?.problem(404, "promotion-unknown")?;
    ana.put(&sku, 1).await?;
    quote(&ana, &[&typo]).await?.problem(422, "promotion-unknown")?;
    Ok(())
}

/// A code for one product makes no other cheaper, and none gives back more or less than it cost.
async fn returned(shop: Arc<Shop>) -> Result<()> {
    let (tea, cup) = (shop.product(1000, 9).await?, shop.product(2000, 9).await?);
    let half = code(&shop, percent(5000), json!({"skus": [tea]})).await?;
    let (ana, merchant) = (shop.shopper().await?, shop.staff("merchant").await?);
    ana.put(&tea, 1).await?;
    ana.put(&cup, 1).await?;
    let quoted = quote(&ana, &[&half]).await?.expect(200)?;
    let placed = press(&ana, &[&half], "tok_success", &quoted["total"]).await?.expect(202)?;
    let id = text(&placed, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    for step in ["ship", "deliver"] {
        shop.admin.post(&format!("/api/orders/{id}/{step}"), &json!({})).await?.expect(200)?;
    }
    let mut worth = Vec::new();
    for (n, sku) in [&cup, &tea].into_iter().enumerate() {
        let body = json!({"lines": [{"sku": sku, "quantity": 1}], "reason": "Not for me"});
        let asked = ana.api.post(&format!("/api/orders/{id}/return"), &body).await?.expect(201)?;
        let path = format!("/api/orders/{id}/returns/{}/accept", text(&asked, &format!("/returns/{n}/id"))?);
        let order = merchant.post(&path, &json!({})).await?.expect(200)?;
        worth.push(int(&order, &format!("/returns/{n}/refund/amount_minor"))?);
    }
    ensure!(worth.first() == Some(&2460), "a cup with 23 % of VAT, and nothing of the shipping's: {worth:?}");
    ensure!(worth.iter().sum::<i64>() == int(&quoted, "/total/amount_minor")?, "{worth:?}: {quoted}");
    ana.order_reaches(&id, "refunded").await?;
    Ok(())
}
