//! What happens to an order after it was paid: on its way, back again, money given back, and staff that look for it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{int, text},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, available, timeline},
    wait,
};
use std::sync::Arc;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("returned_pieces_are_stocked_again_and_their_money_goes_back", returned);
    suite.test("a_declined_return_gives_nothing_back_and_can_be_asked_for_again", declined);
    suite.test("money_goes_back_in_parts_each_once_and_never_more_than_was_paid", parts);
    suite.test("an_order_is_called_off_until_it_is_on_its_way_and_no_longer", too_late);
    suite.test("staff_find_an_order_by_number_address_state_and_day", found);
}

/// An order of `quantity` pieces that has arrived.
async fn arrived(shop: &Shop, shopper: &Shopper, sku: &str, quantity: i64) -> Result<Value> {
    let id = text(&shopper.buy(sku, quantity, "tok_success").await?, "/id")?;
    shopper.order_reaches(&id, "confirmed").await?;
    for step in ["ship", "deliver"] {
        shop.admin.post(&format!("/api/orders/{id}/{step}"), &json!({})).await?.expect(200)?;
    }
    shopper.order(&id).await
}

/// The order, once this much of its money is back.
async fn back(shopper: &Shopper, id: &str, amount_minor: i64) -> Result<Value> {
    wait::until(&format!("{amount_minor} of order {id} to be back"), || async {
        let order = shopper.order(id).await?;
        Ok((int(&order, "/refunded/amount_minor")? == amount_minor).then_some(order))
    })
    .await
}

async fn returned(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 10).await?;
    let (ana, merchant) = (shop.shopper().await?, shop.staff("merchant").await?);
    let order = arrived(&shop, &ana, &sku, 3).await?;
    let (id, total) = (text(&order, "/id")?, int(&order, "/total/amount_minor")?);
    let path = format!("/api/orders/{id}/return");
    let pieces = |quantity: i64| json!({"lines": [{"sku": sku, "quantity": quantity}], "reason": "Too bitter"});
    shop.shopper().await?.api.post(&path, &pieces(1)).await?.problem(404, "order-unknown")?;
    ana.api.post(&path, &pieces(4)).await?.problem(409, "returned-already")?;
    let asked = ana.api.post(&path, &pieces(2)).await?.expect(201)?;
    ana.api.post(&path, &pieces(2)).await?.problem(409, "returned-already")?;
    let accept = async |order: &Value, last: usize, body: Value| {
        let return_id = text(order, &format!("/returns/{last}/id"))?;
        merchant.post(&format!("/api/orders/{id}/returns/{return_id}/accept"), &body).await?.expect(200)
    };
    ensure!(available(&ana.api, &sku).await? == 7);
    let taken = accept(&asked, 0, json!({"restock": [sku]})).await?;
    let worth = int(&taken, "/returns/0/refund/amount_minor")?;
    ensure!(taken["status"] == "delivered" && worth > 2000 && worth < total, "two teas with their tax: {taken}");
    let again = accept(&asked, 0, json!({"restock": [sku]})).await?;
    ensure!(again["refunds"].as_array().map(Vec::len) == Some(1), "accepted twice, refunded once: {again}");
    wait::until("the pieces to be for sale again", || async {
        Ok((available(&ana.api, &sku).await? == 9).then_some(()))
    })
    .await?;
    back(&ana, &id, worth).await?;

    // The last piece is broken: it does not come back into stock, and all of the money is back.
    let asked = ana.api.post(&path, &pieces(1)).await?.expect(201)?;
    accept(&asked, 1, json!({})).await?;
    let order = ana.order_reaches(&id, "refunded").await?;
    ensure!(int(&order, "/refunded/amount_minor")? == total && order["reason"] == "returned", "{order}");
    let end = ["delivered", "return_requested", "returned", "refund_requested", "partly_refunded"];
    ensure!(timeline(&order).get(5..10).context("too short")? == end, "{order}");
    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(text(&payment, "/status")? == "refunded" && payment["refunded"] == order["total"], "{payment}");
    ensure!(available(&ana.api, &sku).await? == 9);
    let number = text(&order, "/number")?;
    // Confirmed, shipped, and of each return: asked for, taken in, and its money.
    let mails = shop.mails_to(&ana.email, 8).await?;
    ensure!(mails.iter().filter(|mail| mail.contains(&number)).count() >= 6, "{} mails", mails.len());
    Ok(())
}

async fn declined(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 10).await?;
    let (ana, merchant) = (shop.shopper().await?, shop.staff("merchant").await?);
    let id = text(&arrived(&shop, &ana, &sku, 1).await?, "/id")?;
    let path = format!("/api/orders/{id}/return");
    let body = json!({"lines": [{"sku": sku, "quantity": 1}], "reason": "No longer wanted"});
    let asked = ana.api.post(&path, &body).await?.expect(201)?;
    let path_of = |verb: &str| Ok::<_, anyhow::Error>(format!("{path}s/{}/{verb}", text(&asked, "/returns/0/id")?));
    ana.api.post(&path_of("accept")?, &json!({})).await?.problem(403, "role-missing")?;
    let told = merchant.post(&path_of("reject")?, &json!({"reason": "It was opened"})).await?.expect(200)?;
    ensure!(told["returns"][0]["status"] == "rejected" && told["returns"][0]["answer"] == "It was opened", "{told}");
    merchant.post(&path_of("accept")?, &json!({})).await?.problem(409, "return-settled")?;
    ana.api.post(&path, &body).await?.expect(201)?;
    let order = ana.order(&id).await?;
    ensure!(order["status"] == "delivered" && order["refunds"] == json!([]), "{order}");
    Ok(())
}

async fn parts(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(3000, 10).await?;
    let (ana, support) = (shop.shopper().await?, shop.staff("support").await?);
    let order = arrived(&shop, &ana, &sku, 2).await?;
    let (id, total) = (text(&order, "/id")?, int(&order, "/total/amount_minor")?);
    let path = format!("/api/orders/{id}/refund");
    let part = |amount: i64| json!({"amount": {"amount_minor": amount, "currency": "EUR"}, "reason": "A chipped cup"});
    shop.staff("merchant").await?.post_once(&path, "k", &part(1)).await?.problem(403, "role-missing")?;
    support.post(&path, &part(1)).await?.problem(400, "idempotency-key-missing")?;
    for _ in 0..3 {
        support.post_once(&path, "first", &part(1000)).await?.expect(202)?;
    }
    support.post_once(&path, "first", &part(999)).await?.problem(422, "idempotency-key-reused")?;
    let order = back(&ana, &id, 1000).await?;
    ensure!(order["status"] == "delivered" && order["refunds"].as_array().map(Vec::len) == Some(1), "{order}");
    let refused = support.post_once(&path, "more", &part(total)).await?.problem(409, "refund-above-capture")?;
    ensure!(int(&refused, "/left/amount_minor")? == total - 1000, "{refused}");
    for bad in [part(0), part(-1), json!({"reason": "a\0b"})] {
        support.post_once(&path, "bad", &bad).await?.problem(422, "invalid-fields")?;
    }
    support.post_once(&path, "rest", &json!({"reason": "And the other one"})).await?.expect(202)?;
    let order = ana.order_reaches(&id, "refunded").await?;
    ensure!(int(&order, "/refunded/amount_minor")? == total && order["reason"] == "by_support", "{order}");
    let payment = ana.api.get(&format!("/api/payments/{id}")).await?.expect(200)?;
    ensure!(payment["refunded"] == order["total"], "{payment}");
    ensure!(available(&ana.api, &sku).await? == 8, "the goods stayed with the shopper");
    Ok(())
}

async fn too_late(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 10).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    let call = async |verb: &str| shop.admin.post(&format!("/api/orders/{id}/{verb}"), &json!({})).await;
    ana.order_reaches(&id, "confirmed").await?;
    call("deliver").await?.problem(409, "not-possible-now")?;
    let everything = json!({"reason": "Changed my mind"});
    let refund = format!("/api/orders/{id}/refund");
    shop.admin.post_once(&refund, "all", &everything).await?.problem(409, "cancel-instead")?;
    call("ship").await?.expect(200)?;
    ana.api.post(&format!("/api/orders/{id}/cancel"), &json!({})).await?.problem(409, "too-late-to-cancel")?;
    let pieces = json!({"lines": [{"sku": sku, "quantity": 1}], "reason": "Too early"});
    ana.api.post(&format!("/api/orders/{id}/return"), &pieces).await?.problem(409, "not-delivered")?;
    shop.admin.post_once(&refund, "all", &everything).await?.expect(202)?;
    ana.order_reaches(&id, "refunded").await?;
    ensure!(available(&ana.api, &sku).await? == 9, "the parcel is lost, and so is the piece");
    Ok(())
}

async fn found(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 10).await?;
    let (ana, merchant) = (shop.shopper().await?, shop.staff("merchant").await?);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?);
    }
    for id in &ids {
        ana.order_reaches(id, "confirmed").await?;
    }
    let (first, last) = (ana.order(&ids[0]).await?, ana.order(&ids[2]).await?);
    let (number, day) = (text(&first, "/number")?, text(&first, "/placed_at")?);
    shop.admin.post(&format!("/api/orders/{}/ship", ids[0]), &json!({})).await?.expect(200)?;
    let find = async |query: String| {
        let page = merchant.get(&format!("/api/orders/all?{query}")).await?.expect(200)?;
        let items = page["items"].as_array().context("no items")?;
        let ids = items.iter().map(|item| text(item, "/id")).collect::<Result<Vec<_>>>()?;
        anyhow::Ok((ids, page["next_cursor"].as_str().map(str::to_owned)))
    };
    let typed = number.to_lowercase().replace('-', "%20");
    ensure!(find(format!("q={typed}")).await?.0 == [ids[0].clone()], "by {typed}");
    let prefix = ana.email.split_once('@').map(|(prefix, _)| prefix).context("no address")?;
    ensure!(find(format!("q={prefix}&status=shipped")).await?.0 == [ids[0].clone()]);
    let newest: Vec<&String> = ids.iter().rev().collect();
    ensure!(find(format!("q={prefix}")).await?.0.iter().eq(newest), "newest first");
    let until = text(&last, "/placed_at")?;
    ensure!(find(format!("q={prefix}&from={day}&until={until}&sort=oldest")).await?.0 == ids[..2]);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (page, next) = find(format!("q={prefix}&limit=2&sort=oldest{cursor}")).await?;
        seen.extend(page);
        let Some(next) = next else { break };
        cursor = format!("&cursor={next}");
    }
    ensure!(seen == ids, "{seen:?}");
    for bad in ["status=lost", "from=yesterday", "limit=0", "limit=101", "cursor=x", "q=%00", "q=", "sort=price"] {
        let answer = merchant.get(&format!("/api/orders/all?{bad}")).await?;
        ensure!(answer.status == 400, "{bad}: {answer:?}");
        answer.is_problem()?;
    }
    ana.api.get("/api/orders/all").await?.problem(403, "role-missing")?;
    Ok(())
}
