//! Stock at several locations: who ships, what moves, what comes back, and who is told.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_tests::{
    api::{Api, int, text},
    run::Suite,
    shop::Shop,
    shopper::{Shopper, available},
    wait,
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("an_order_that_no_location_has_is_shipped_from_several", split);
    suite.test("of_300_buyers_for_100_pieces_at_3_locations_exactly_100_are_served", rush);
    suite.test("a_transfer_moves_pieces_once_and_stands_in_the_ledger_of_both_sides", moves);
    suite.test("a_location_that_stops_shipping_takes_its_pieces_off_sale", deactivation);
    suite.test("returned_pieces_are_sold_again_and_broken_ones_are_not", returns);
    suite.test("who_waits_for_a_sku_is_mailed_once_when_it_is_back", back_in_stock);
    suite.test("a_sku_is_listed_as_low_by_its_own_threshold", low);
    suite.test("a_sku_is_found_by_its_title", search);
    suite.test("shoppers_are_told_when_more_is_expected_until_it_comes", expected);
    suite.test("absurd_locations_and_transfers_are_refused", absurd);
}

const LOCATIONS: &str = "/api/inventory/locations";

/// A new location that ships in this order among all.
async fn location(shop: &Shop, priority: i32) -> Result<String> {
    let code = format!("t-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let body = json!({"code": code, "name": "A test's shelf", "priority": priority});
    let made = shop.admin.post(LOCATIONS, &body).await?.expect(201)?;
    ensure!(made == json!({"code": code, "name": "A test's shelf", "priority": priority, "active": true}), "{made}");
    Ok(code)
}

async fn transfer(shop: &Shop, sku: &str, from: &str, to: &str, quantity: i64) -> Result<Value> {
    let body = json!({"from": from, "to": to, "quantity": quantity, "reason": "test"});
    shop.admin.post(&format!("/api/inventory/stock/{sku}/transfer"), &body).await?.expect(200)
}

/// Available, reserved and committed pieces by location.
async fn places(shop: &Shop, sku: &str) -> Result<BTreeMap<String, (i64, i64, i64)>> {
    let stock = shop.admin.get(&format!("/api/inventory/stock/{sku}/locations")).await?.expect(200)?;
    let rows = stock["locations"].as_array().context("no locations")?;
    let row = |row: &Value| {
        let level = (int(row, "/available")?, int(row, "/reserved")?, int(row, "/committed")?);
        Ok((text(row, "/location")?, level))
    };
    rows.iter().map(row).collect()
}

async fn ledger(shop: &Shop, sku: &str, query: &str) -> Result<Value> {
    shop.admin.get(&format!("/api/inventory/stock/{sku}/ledger{query}")).await?.expect(200)
}

async fn split(shop: Arc<Shop>) -> Result<()> {
    let (near, far) = (location(&shop, 1).await?, location(&shop, 900).await?);
    let sku = shop.product(1000, 6).await?;
    transfer(&shop, &sku, "main", &near, 2).await?;
    transfer(&shop, &sku, "main", &far, 2).await?;
    let ana = shop.shopper().await?;
    let order = text(&ana.buy(&sku, 5, "tok_success").await?, "/id")?;
    ana.order_reaches(&order, "confirmed").await?;
    let committed = wait::until("the pieces to be committed", || async {
        let places = places(&shop, &sku).await?;
        Ok((places.values().map(|(_, _, committed)| committed).sum::<i64>() == 5).then_some(places))
    })
    .await?;
    let wanted = BTreeMap::from([(near.clone(), (0, 0, 2)), ("main".to_owned(), (0, 0, 2)), (far.clone(), (1, 0, 1))]);
    ensure!(committed == wanted, "{committed:?}");
    ensure!(available(&ana.api, &sku).await? == 1);
    let reservations = shop.admin.get("/api/inventory/reservations?status=committed&limit=100").await?.expect(200)?;
    let ours = reservations["items"].as_array().and_then(|items| items.iter().find(|item| item["order_id"] == order));
    let lines = ours.and_then(|ours| ours["lines"].as_array()).context("no reservation")?;
    ensure!(lines.len() == 3, "{lines:?}");
    Ok(())
}

async fn rush(shop: Arc<Shop>) -> Result<()> {
    let (near, far) = (location(&shop, 1).await?, location(&shop, 900).await?);
    let sku = shop.product(1000, 100).await?;
    transfer(&shop, &sku, "main", &near, 35).await?;
    transfer(&shop, &sku, "main", &far, 25).await?;
    let buyers = shop.shoppers(300).await?;
    let orders = try_join_all(buyers.iter().map(|buyer| buyer.buy(&sku, 1, "tok_success"))).await?;
    let mut ends = BTreeMap::new();
    for (buyer, order) in buyers.iter().zip(&orders) {
        let order = buyer.order_settles(&text(order, "/id")?).await?;
        *ends.entry(text(&order, "/status")?).or_insert(0) += 1;
    }
    let wanted = BTreeMap::from([("confirmed".to_owned(), 100), ("rejected".to_owned(), 200)]);
    ensure!(ends == wanted, "{ends:?}");
    ensure!(available(&shop.api, &sku).await? == 0);
    Ok(())
}

async fn moves(shop: Arc<Shop>) -> Result<()> {
    let shelf = location(&shop, 50).await?;
    let sku = shop.product(1000, 10).await?;
    let path = format!("/api/inventory/stock/{sku}/transfer");
    let body = json!({"from": "main", "to": shelf, "quantity": 4, "reason": "nearer to the door"});
    let presses = (0..6).map(|_| shop.admin.post_once(&path, "one-transfer", &body));
    for answer in try_join_all(presses).await? {
        let to = json!({"location": shelf, "available": 4});
        ensure!(answer.expect(200)?["to"] == to);
    }
    let wanted = BTreeMap::from([("main".to_owned(), (6, 0, 0)), (shelf.clone(), (4, 0, 0))]);
    ensure!(places(&shop, &sku).await? == wanted);
    let more = json!({"from": "main", "to": shelf, "quantity": 5, "reason": "nearer to the door"});
    shop.admin.post_once(&path, "one-transfer", &more).await?.problem(422, "idempotency-key-reused")?;
    let page = ledger(&shop, &sku, &format!("?location={shelf}")).await?;
    let entry = &page["items"][0];
    ensure!(entry["movement"] == "transferred" && entry["counterpart"] == "main", "{entry}");
    ensure!(entry["before"]["available"] == 0 && entry["after"]["available"] == 4, "{entry}");
    ensure!(entry["reason"] == "nearer to the door" && entry["actor"].is_string(), "{entry}");
    let first = ledger(&shop, &sku, "?limit=2").await?;
    let rest = ledger(&shop, &sku, &format!("?limit=2&cursor={}", text(&first, "/next_cursor")?)).await?;
    ensure!(rest["items"][0]["movement"] == "opened" && rest["next_cursor"].is_null(), "{rest}");
    Ok(())
}

async fn deactivation(shop: Arc<Shop>) -> Result<()> {
    let shelf = location(&shop, 50).await?;
    let sku = shop.product(1000, 3).await?;
    let path = format!("/api/inventory/stock/{sku}/receive");
    let goods = json!({"quantity": 4, "reason": "delivery", "location": shelf});
    ensure!(shop.admin.post(&path, &goods).await?.expect(200)?["available"] == 7);
    let place = format!("{LOCATIONS}/{shelf}");
    let closed = shop.admin.json("PATCH", &place, &json!({"active": false, "name": "Closed"})).await?.expect(200)?;
    ensure!(closed["active"] == false && closed["name"] == "Closed", "{closed}");
    ensure!(available(&shop.api, &sku).await? == 3);
    let ana = shop.shopper().await?;
    let order = text(&ana.buy(&sku, 4, "tok_success").await?, "/id")?;
    ana.order_reaches(&order, "rejected").await?;
    shop.admin.json("PATCH", &place, &json!({"active": true})).await?.expect(200)?;
    let order = text(&ana.buy(&sku, 7, "tok_success").await?, "/id")?;
    ana.order_reaches(&order, "confirmed").await?;
    Ok(())
}

/// Sends pieces of a delivered order back and lets the shop take them in: to be sold again, or not.
async fn send_back(shop: &Shop, shopper: &Shopper, order: &str, sku: &str, pieces: i64, restock: bool) -> Result<()> {
    let body = json!({"lines": [{"sku": sku, "quantity": pieces}], "reason": "too many"});
    let asked = shopper.api.post(&format!("/api/orders/{order}/return"), &body).await?.expect(201)?;
    let returns = asked["returns"].as_array().context("no returns")?;
    let open = returns.iter().find(|one| one["status"] == "requested").context("no open return")?;
    let restock = if restock { json!([sku]) } else { json!([]) };
    let path = format!("/api/orders/{order}/returns/{}/accept", text(open, "/id")?);
    shop.admin.post(&path, &json!({"restock": restock})).await?.expect(200)?;
    Ok(())
}

async fn returns(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 10).await?;
    let ana = shop.shopper().await?;
    let order = text(&ana.buy(&sku, 5, "tok_success").await?, "/id")?;
    ana.order_reaches(&order, "confirmed").await?;
    for step in ["ship", "deliver"] {
        shop.admin.raw("POST", &format!("/api/orders/{order}/{step}"), &[], "").await?.expect(200)?;
    }
    send_back(&shop, &ana, &order, &sku, 2, true).await?;
    send_back(&shop, &ana, &order, &sku, 1, false).await?;
    wait::until("the pieces to be back", || async {
        Ok((places(&shop, &sku).await?.get("main") == Some(&(7, 0, 2))).then_some(()))
    })
    .await?;
    let page = ledger(&shop, &sku, "?limit=2").await?;
    ensure!(page["items"][0]["movement"] == "written_off" && page["items"][1]["movement"] == "returned", "{page}");
    ensure!(page["items"][1]["reason"] == "return" && page["items"][1]["order_id"] == order, "{page}");
    Ok(())
}

/// How many mails of this kind an account was sent.
async fn mails(shop: &Shop, user_id: &str, template: &str) -> Result<usize> {
    let path = format!("/api/notifications/messages?user_id={user_id}&template={template}");
    let page = shop.admin.get(&path).await?.expect(200)?;
    Ok(page["items"].as_array().context("no items")?.len())
}

async fn wish(api: &Api, method: &str, sku: &str) -> Result<souk_tests::api::Answer> {
    api.raw(method, &format!("/api/inventory/stock/{sku}/notify-me"), &[], "").await
}

async fn back_in_stock(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 0).await?;
    let (ana, ben) = (shop.shopper().await?, shop.shopper().await?);
    let me = async |api: &Api| text(&api.get("/api/users/me").await?.expect(200)?, "/id");
    let (ana_id, ben_id) = (me(&ana.api).await?, me(&ben.api).await?);
    for _ in 0..2 {
        ensure!(wish(&ana.api, "POST", &sku).await?.expect(200)?["sku"] == sku);
    }
    wish(&ben.api, "POST", &sku).await?.expect(200)?;
    wish(&ben.api, "DELETE", &sku).await?.expect(204)?;
    wish(&shop.api, "POST", &sku).await?.problem(401, "token-missing")?;
    wish(&ana.api, "POST", "NO-SUCH").await?.problem(404, "unknown-sku")?;
    let path = format!("/api/inventory/stock/{sku}/adjust");
    for delta in [3, -3, 3] {
        shop.admin.post(&path, &json!({"delta": delta, "reason": "count"})).await?.expect(200)?;
    }
    wait::until("the mail", || async { Ok((mails(&shop, &ana_id, "back_in_stock").await? == 1).then_some(())) })
        .await?;
    wish(&ana.api, "POST", &sku).await?.problem(409, "in-stock")?;
    // What the inventory said of this SKU has all been read by now, in order.
    ensure!(mails(&shop, &ben_id, "back_in_stock").await? == 0, "Ben took the wish back");
    ensure!(mails(&shop, &ana_id, "back_in_stock").await? == 1, "Ana was told once");
    Ok(())
}

async fn low(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 40).await?;
    let path = format!("/api/inventory/stock/{sku}/threshold");
    let set = shop.admin.json("PUT", &path, &json!({"threshold": 50})).await?.expect(200)?;
    ensure!(set == json!({"sku": sku, "threshold": 50, "is_default": false}), "{set}");
    let listed = async || {
        let (mut cursor, mut found) = (String::new(), None);
        loop {
            let page = shop.admin.get(&format!("/api/inventory/low-stock?limit=100{cursor}")).await?.expect(200)?;
            let items = page["items"].as_array().context("no items")?;
            found = found.or_else(|| items.iter().find(|item| item["sku"] == sku).cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return anyhow::Ok(found),
            }
        }
    };
    ensure!(listed().await?.context("it is low")?["threshold"] == 50);
    shop.admin.json("PUT", &path, &json!({"threshold": null})).await?.expect(200)?;
    ensure!(listed().await?.is_none(), "forty are not few by the shop's default");
    Ok(())
}

async fn search(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 40).await?;
    let word = sku.to_lowercase().rsplit('-').next().unwrap_or_default().to_owned();
    let named = wait::until("the stock list to know the title", || async {
        let path = format!("/api/inventory/low-stock?threshold=1000000&q={word}%20TEST");
        let page = shop.admin.get(&path).await?.expect(200)?;
        let items = page["items"].as_array().context("no items")?;
        ensure!(items.len() <= 1 && page["next_cursor"].is_null(), "{page}");
        Ok(items.first().cloned())
    })
    .await?;
    ensure!(named["sku"] == sku && named["title"] == format!("Test tea {word}"), "{named}");
    ensure!(named["variant"] == "" && named["slug"] == sku.to_lowercase(), "{named}");
    let by_sku = format!("/api/inventory/low-stock?threshold=1000000&q={}", sku.to_lowercase());
    ensure!(shop.admin.get(&by_sku).await?.expect(200)?["items"][0]["sku"] == sku);
    let page = ledger(&shop, &sku, "").await?;
    ensure!(page["product"]["title"] == named["title"] && page["product"]["sku"] == sku, "{page}");
    let places = shop.admin.get(&format!("/api/inventory/stock/{sku}/locations")).await?.expect(200)?;
    ensure!(places["title"] == named["title"] && places["slug"] == named["slug"], "{places}");
    for q in ["%00", &"x".repeat(101)] {
        shop.admin.get(&format!("/api/inventory/low-stock?q={q}")).await?.problem(400, "invalid-query")?;
    }
    Ok(())
}

async fn expected(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 0).await?;
    let stock = format!("/api/inventory/stock/{sku}");
    let told = async || shop.api.get(&stock).await?.expect(200);
    ensure!(told().await? == json!({"sku": sku, "available": 0, "expected_on": null}));

    let inventory = shop.environment.connect("inventory").await?;
    let day = async |days: i32| -> Result<String> {
        Ok(inventory.query_one("SELECT (current_date + $1::int)::text", &[&days]).await?.get(0))
    };
    let soon = day(30).await?;
    let path = format!("{stock}/expected");
    let set = shop.admin.json("PUT", &path, &json!({"on": soon})).await?.expect(200)?;
    let wanted = json!({"sku": sku, "available": 0, "expected_on": soon});
    ensure!(set == wanted && told().await? == wanted, "{set}");
    let several = shop.api.post("/api/inventory/stock/query", &json!({"skus": [sku]})).await?.expect(200)?;
    ensure!(several["items"] == json!([wanted]), "{several}");
    let entry = ledger(&shop, &sku, "").await?["items"][0].clone();
    ensure!(entry["movement"] == "expected" && entry["expected_on"] == soon && entry["actor"].is_string(), "{entry}");

    for bad in [json!({}), json!({"on": ""}), json!({"on": "soon"}), json!({"on": "2027-02-30"}), json!({"on": 3})] {
        shop.admin.json("PUT", &path, &bad).await?.problem(422, "invalid-body")?;
    }
    for days in [-2, 800] {
        shop.admin.json("PUT", &path, &json!({"on": day(days).await?})).await?.problem(422, "invalid-date")?;
    }
    let nowhere = "/api/inventory/stock/NO-SUCH/expected";
    shop.admin.json("PUT", nowhere, &json!({"on": soon})).await?.problem(404, "unknown-sku")?;
    ensure!(told().await? == wanted, "nothing was changed");

    let goods = json!({"quantity": 4, "reason": "delivery"});
    let received = shop.admin.post(&format!("{stock}/receive"), &goods).await?.expect(200)?;
    ensure!(received == json!({"sku": sku, "available": 4, "expected_on": null}), "{received}");
    ensure!(told().await?["expected_on"].is_null());
    Ok(())
}

async fn absurd(shop: Arc<Shop>) -> Result<()> {
    for code in ["", "Upper", "a b", "a\0", "é", &"x".repeat(33)] {
        shop.admin.post(LOCATIONS, &json!({"code": code, "name": "X"})).await?.problem(422, "invalid-body")?;
    }
    for name in ["", "a\0b", &"x".repeat(101)] {
        shop.admin.post(LOCATIONS, &json!({"code": "x", "name": name})).await?.problem(422, "invalid-name")?;
    }
    for priority in [-1, 1_000_001] {
        let body = json!({"priority": priority});
        shop.admin.json("PATCH", &format!("{LOCATIONS}/main"), &body).await?.problem(422, "invalid-priority")?;
    }
    shop.admin.post(LOCATIONS, &json!({"code": "main", "name": "X"})).await?.problem(409, "location-exists")?;
    for code in ["no-such", "%00", "Main", "a%2Fb"] {
        shop.admin.json("PATCH", &format!("{LOCATIONS}/{code}"), &json!({})).await?.problem(404, "unknown-location")?;
    }
    let sku = shop.product(1000, 5).await?;
    let path = format!("/api/inventory/stock/{sku}/transfer");
    let shelf = location(&shop, 50).await?;
    for (from, to, quantity, status, slug) in [
        ("main", "main", 1, 422, "same-location"),
        ("main", "nowhere", 1, 422, "unknown-location"),
        ("main", shelf.as_str(), 0, 422, "invalid-quantity"),
        ("main", shelf.as_str(), -1, 422, "invalid-quantity"),
        ("main", shelf.as_str(), i64::MAX, 422, "invalid-quantity"),
        ("main", shelf.as_str(), 6, 409, "not-enough-stock"),
        (shelf.as_str(), "main", 1, 409, "not-enough-stock"),
    ] {
        let body = json!({"from": from, "to": to, "quantity": quantity, "reason": "test"});
        shop.admin.post(&path, &body).await?.problem(status, slug)?;
    }
    let elsewhere = json!({"quantity": 1, "reason": "test", "location": "nowhere"});
    shop.admin
        .post(&format!("/api/inventory/stock/{sku}/receive"), &elsewhere)
        .await?
        .problem(422, "unknown-location")?;
    for query in ["?cursor=%25", "?cursor=AAAA", "?limit=0", "?location=No", "?location=%00"] {
        let answer = shop.admin.get(&format!("/api/inventory/stock/{sku}/ledger{query}")).await?;
        ensure!(answer.status == 400, "{query}: {answer:?}");
        answer.is_problem()?;
    }
    // A field that is misspelt is not left out: these would go to `main`, or set the shop's default.
    for (method, end, body) in [
        ("POST", "receive", json!({"quantity": 1, "reason": "test", "locaton": shelf})),
        ("POST", "adjust", json!({"delta": 1, "reason": "test", "Location": shelf})),
        ("PUT", "threshold", json!({"treshold": 9})),
    ] {
        let answer = shop.admin.json(method, &format!("/api/inventory/stock/{sku}/{end}"), &body).await?;
        answer.problem(422, "invalid-body")?;
    }
    for threshold in [json!(-1), json!(1_000_001)] {
        let path = format!("/api/inventory/stock/{sku}/threshold");
        shop.admin.json("PUT", &path, &json!({"threshold": threshold})).await?.problem(422, "invalid-threshold")?;
    }
    ensure!(available(&shop.api, &sku).await? == 5, "nothing was changed");
    Ok(())
}
