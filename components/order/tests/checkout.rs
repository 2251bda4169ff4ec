//! What checkout promises, whoever calls it and however often at once: against a real Postgres.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_core::{
    address::Address,
    money::{Currency, Money},
};
use souk_order::domain::{
    quote::{Cart, Plugins, Rate, Refusal, Tax, quote},
    request::CheckoutRequest,
    views::{CartView, OrderSummary, OrderView},
};
use std::collections::BTreeMap;
use support::{Shop, place, product};
use uuid::Uuid;

const ORDER_EVENTS: &str = "SELECT count(*) FROM outbox WHERE event ->> 'type' LIKE 'order.%'";

async fn connections(shop: &Shop, n: usize) -> Result<Vec<tokio_postgres::Client>> {
    try_join_all((0..n).map(|_| shop.database.connect())).await
}

fn tally(outcomes: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    outcomes.into_iter().fold(BTreeMap::new(), |mut tally, outcome| {
        *tally.entry(outcome).or_default() += 1;
        tally
    })
}

#[tokio::test]
async fn an_order_its_lines_its_history_and_its_event_are_written_together() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 2).await?;
    shop.put(user, "CUP", 1).await?;
    let loaded = shop.load(user, Some("key")).await?;
    let placed = place(&shop.db, user, &loaded["cart"], "key", "hash", 2999).await?;
    assert_eq!(placed.outcome, "placed");
    let order = placed.order.context("no order")?;
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.subtotal.amount_minor, view.total.amount_minor), (2999, 3489));
    assert_eq!(view.items.iter().map(|item| item.line_total.amount_minor).collect::<Vec<_>>(), [1000, 1999]);
    let told = shop.told(order).await?;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["type"], "order.placed");
    assert_eq!(told[0]["traceparent"], "trace");
    let data = &told[0]["data"];
    assert_eq!(data["number"], json!(view.number));
    assert_eq!(data["total"], json!({"amount_minor": 3489, "currency": "EUR"}));
    assert_eq!(
        data["lines"][1],
        json!({"sku": "CUP", "title": "Title", "quantity": 1,
        "unit_price": {"amount_minor": 1999, "currency": "EUR"}})
    );
    assert!(data.get("payment_token").is_none(), "only payment_requested carries the token");
    // The cart is closed; the next item opens a new one.
    let (_, cart) = shop.put(user, "TEA", 1).await?;
    assert_ne!(cart.context("no cart")?["id"], loaded["cart"]["id"]);
    Ok(())
}

#[tokio::test]
async fn one_cart_makes_one_order_however_many_tabs_press_at_once() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let cart = shop.load(user, None).await?["cart"].clone();
    let tabs = connections(&shop, 16).await?;
    let keys: Vec<String> = (0..tabs.len()).map(|n| format!("tab {n}")).collect();
    let presses = tabs.iter().zip(&keys).map(|(tab, key)| place(tab, user, &cart, key, "hash", 500));
    let answers = try_join_all(presses).await?;
    let outcomes = tally(answers.iter().map(|answer| answer.outcome.clone()));
    assert_eq!(outcomes, BTreeMap::from([("placed".to_owned(), 1), ("cart_ordered".to_owned(), 15)]));
    let first = answers[0].order.context("every answer names the order")?;
    assert!(answers.iter().all(|answer| answer.order == Some(first)));
    assert_eq!(shop.count("SELECT count(*) FROM orders").await?, 1);
    assert_eq!(shop.count("SELECT count(*) FROM outbox WHERE event ->> 'type' = 'order.placed'").await?, 1);
    Ok(())
}

#[tokio::test]
async fn one_key_pressed_many_times_at_once_returns_one_order() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let cart = shop.load(user, Some("key")).await?["cart"].clone();
    let tabs = connections(&shop, 16).await?;
    let answers = try_join_all(tabs.iter().map(|tab| place(tab, user, &cart, "key", "hash", 500))).await?;
    let outcomes = tally(answers.iter().map(|answer| answer.outcome.clone()));
    assert_eq!(outcomes, BTreeMap::from([("placed".to_owned(), 1), ("replayed".to_owned(), 15)]));
    assert!(answers.iter().all(|answer| answer.order == answers[0].order));
    assert_eq!(shop.count("SELECT count(*) FROM orders").await?, 1);
    // Later, with a new cart open, the same key still returns that order before anything else is looked at.
    shop.put(user, "CUP", 1).await?;
    let replay = shop.load(user, Some("key")).await?["replay"].clone();
    assert_eq!(replay["request_hash"], "hash");
    assert_eq!(replay["order"]["id"], json!(answers[0].order));
    Ok(())
}

#[tokio::test]
async fn a_key_is_not_taken_for_another_request_and_belongs_to_its_user() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let cart = shop.load(user, None).await?["cart"].clone();
    assert_eq!(place(&shop.db, user, &cart, "key", "hash", 500).await?.outcome, "placed");
    assert_eq!(place(&shop.db, user, &cart, "key", "another", 500).await?.outcome, "key_reused");
    let other = Uuid::now_v7();
    shop.put(other, "TEA", 1).await?;
    let cart = shop.load(other, Some("key")).await?["cart"].clone();
    assert_eq!(place(&shop.db, other, &cart, "key", "hash", 500).await?.outcome, "placed");
    Ok(())
}

#[tokio::test]
async fn what_changed_between_quote_and_order_stops_the_order() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let changes = [
        product(shop.tea, 2, "active", &[("TEA", 501, 100)]),
        product(shop.tea, 3, "active", &[("TEA", 500, 101)]),
        product(shop.tea, 4, "archived", &[("TEA", 500, 100)]),
    ];
    for change in changes {
        shop.apply(&[product(shop.tea, version(&change) * 10, "active", &[("TEA", 500, 100)])]).await?;
        let cart = shop.load(user, None).await?["cart"].clone();
        let mut change = change;
        change["data"]["version"] = json!(version(&change) * 10 + 1);
        shop.apply(&[change.clone()]).await?;
        assert_eq!(place(&shop.db, user, &cart, "key", "hash", 500).await?.outcome, "changed", "{change}");
    }
    shop.apply(&[product(shop.tea, 1000, "active", &[("TEA", 500, 100)])]).await?;
    let cart = shop.load(user, None).await?["cart"].clone();
    shop.put(user, "TEA", 2).await?;
    assert_eq!(place(&shop.db, user, &cart, "key", "hash", 500).await?.outcome, "changed", "another quantity");
    shop.db.query_one("SELECT cart_remove($1, NULL)", &[&user]).await?;
    assert_eq!(place(&shop.db, user, &cart, "key", "hash", 500).await?.outcome, "changed", "emptied");
    let foreign = place(&shop.db, Uuid::now_v7(), &cart, "key", "hash", 500).await?;
    assert_eq!(foreign.outcome, "changed", "another user's cart is no cart");
    for table in ["orders", "order_items", "order_timeline", "order_timers", "idempotency_keys"] {
        assert_eq!(shop.count(&format!("SELECT count(*) FROM {table}")).await?, 0, "{table}");
    }
    assert_eq!(shop.count(ORDER_EVENTS).await?, 0);
    Ok(())
}

fn version(event: &Value) -> i64 {
    event.pointer("/data/version").and_then(Value::as_i64).unwrap_or_default()
}

#[tokio::test]
async fn a_total_that_does_not_add_up_writes_nothing() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 1).await?;
    let cart = shop.load(user, None).await?["cart"].clone();
    let error = place(&shop.db, user, &cart, "key", "hash", 499).await.unwrap_err();
    assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some("orders_total_adds_up"));
    assert_eq!(shop.count(ORDER_EVENTS).await?, 0);
    assert_eq!(shop.load(user, None).await?["cart"]["id"], cart["id"], "the cart is open still");
    Ok(())
}

#[tokio::test]
async fn shoppers_who_buy_the_same_things_at_once_do_not_stop_each_other() -> Result<()> {
    let shop = Shop::open().await?;
    let connections = connections(&shop, 8).await?;
    let buyers = connections.iter().enumerate().map(|(n, db)| {
        let shop = &shop;
        async move {
            for _ in 0..20 {
                let user = Uuid::now_v7();
                let (one, two) = if n % 2 == 0 { ("TEA", "CUP") } else { ("CUP", "TEA") };
                for sku in [one, two] {
                    db.query_one("SELECT outcome FROM cart_put($1, $2, 1)", &[&user, &sku]).await?;
                }
                let loaded: Value = db.query_one("SELECT checkout_load($1, NULL)", &[&user]).await?.get(0);
                let placed = place(db, user, &loaded["cart"], "key", "hash", 2499).await?;
                anyhow::ensure!(placed.outcome == "placed", "{placed:?}");
                if n == 0 {
                    let again = product(shop.tea, 2, "active", &[("TEA", 500, 100)]);
                    support::apply(db, &[again]).await?;
                }
            }
            Ok(())
        }
    });
    try_join_all(buyers).await?;
    assert_eq!(shop.count("SELECT count(DISTINCT number) FROM orders").await?, 160);
    Ok(())
}

/// Shipping for 4.90, no tax: what `place` in support says, as plug-ins.
struct Plain;

impl Plugins for Plain {
    fn rates(&self, _: &Cart, _: &Address) -> Result<Vec<Rate>, Refusal> {
        Ok(vec![Rate { method: "standard".into(), label: "Standard".into(), amount_minor: 490 }])
    }

    fn discounts(
        &self,
        _: &Cart,
        _: &Address,
        _: &[souk_order::domain::promotion::Rule],
    ) -> Result<Vec<souk_order::domain::quote::Discount>, Refusal> {
        Ok(vec![])
    }

    fn tax(&self, _: &Cart, _: &Address, _: i64, _: i64) -> Result<Tax, Refusal> {
        Ok(Tax { amount_minor: 0, label: "VAT 0 %".into() })
    }
}

#[tokio::test]
async fn the_answer_to_a_checkout_is_the_order_as_it_can_be_read_afterwards() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "CUP", 2).await?;
    shop.put(user, "TEA", 3).await?;
    let loaded = shop.load(user, None).await?["cart"].clone();
    let request: CheckoutRequest = serde_json::from_value(json!({
        "shipping_address": {"name": "Ana", "line1": "Rua 7", "city": "Lisboa", "postal_code": "1200", "country": "PT"},
        "payment_token": "tok_success", "expected_total": Money::new(5988, Currency::EUR)
    }))?;
    let cart: Cart = serde_json::from_value(loaded.clone())?;
    let quote = quote(&cart, &request.shipping_address, None, &Plain)?;
    assert_eq!(quote.total, request.expected_total);
    let placed = place(&shop.db, user, &loaded, "key", "hash", 5498).await?;
    let order = placed.order.context("no order")?;
    let made = (order, placed.number.context("no number")?, placed.placed_at.context("no time")?);
    let answered = OrderView::placed(made, &cart, &quote, request);
    assert_eq!(serde_json::to_value(&answered)?, shop.view(order).await?);
    Ok(())
}

#[tokio::test]
async fn documents_from_the_database_have_the_documented_shape() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, stranger) = (Uuid::now_v7(), Uuid::now_v7());
    let empty: Value = shop.db.query_one("SELECT cart_view($1)", &[&user]).await?.get(0);
    let empty: CartView = serde_json::from_value(empty)?;
    assert_eq!((empty.id, empty.version, empty.items.len()), (None, 0, 0));
    let (_, cart) = shop.put(user, "TEA", 3).await?;
    let cart: CartView = serde_json::from_value(cart.context("no cart")?)?;
    assert!(cart.version > 1);
    assert_eq!(cart.subtotal, Money::new(1500, Currency::EUR));
    let mut made = vec![];
    for n in 0..5 {
        shop.put(user, "CUP", n + 1).await?;
        let cart = shop.load(user, None).await?["cart"].clone();
        let subtotal = i64::from(n + 1) * 1999 + if n == 0 { 1500 } else { 0 };
        let placed = place(&shop.db, user, &cart, &format!("{n}"), "hash", subtotal).await?;
        made.push((placed.order.context("no order")?, if n == 0 { 4 } else { u64::from(n.unsigned_abs() + 1) }));
    }
    // Those of one millisecond stand in the order of what is random about their ids.
    made.sort_by(|one, other| other.cmp(one));
    let page = async |user: Uuid, before: Option<Uuid>| -> Result<(Vec<OrderSummary>, Option<Uuid>)> {
        let row = shop.db.query_one("SELECT items, next FROM order_page($1, $2, 3)", &[&user, &before]).await?;
        Ok((serde_json::from_value(row.get(0))?, row.get(1)))
    };
    let (first, next) = page(user, None).await?;
    assert_eq!(next, Some(first[2].id));
    let (second, next) = page(user, next).await?;
    assert_eq!(next, None);
    let listed: Vec<(Uuid, u64)> = first.iter().chain(&second).map(|order| (order.id, order.pieces)).collect();
    assert_eq!(listed, made, "newest first, each once");
    assert_eq!(page(stranger, None).await?, (vec![], None));
    let exact = shop.db.query_one("SELECT next FROM order_page($1, NULL, 5)", &[&user]).await?;
    assert_eq!(exact.get::<_, Option<Uuid>>(0), None, "a full last page is the last");
    Ok(())
}

#[tokio::test]
async fn order_numbers_are_unique_unguessable_in_order_and_checked() -> Result<()> {
    let shop = Shop::open().await?;
    let sql = "SELECT order_number(n) FROM generate_series(0, 20000) n
               UNION ALL SELECT order_number(34359738367 - n) FROM generate_series(0, 20000) n";
    let numbers: Vec<String> = shop.db.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect();
    let alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let is_valid = |number: &str| {
        let digits: Option<Vec<usize>> =
            number.trim_start_matches("S-").replace('-', "").chars().map(|c| alphabet.find(c)).collect();
        let digits = digits.unwrap_or_default();
        let sum: usize = digits.iter().take(7).enumerate().map(|(n, digit)| digit * (2 * n + 1)).sum();
        digits.len() == 8 && sum % 32 == digits[7]
    };
    assert!(numbers.iter().all(|number| is_valid(number)), "{}", numbers[0]);
    let mut sorted = numbers.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), numbers.len());
    assert_ne!(sorted[..20001], numbers[..20001]);
    // A mistyped character never gives another valid number.
    let typed = &numbers[7];
    for (at, was) in typed.char_indices().filter(|(at, c)| *at > 1 && *c != '-') {
        for c in alphabet.chars().filter(|c| *c != was) {
            let mut wrong = typed.clone();
            wrong.replace_range(at..=at, &c.to_string());
            assert!(!is_valid(&wrong), "{typed} and {wrong}");
        }
    }
    Ok(())
}
