//! What the database promises about money that goes back: in parts or whole, each part once, never more than was taken.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_order::domain::views::{OrderView, RefundStatus};
use support::{Shop, about};
use tokio_postgres::Client;
use uuid::Uuid;

/// What [`Shop::paid`] paid.
const TOTAL: i64 = 5988;

/// What somebody of the shop asks to give back; no amount is all that is left.
async fn refund(db: &Client, order: Uuid, amount: Option<i64>, key: &str, hash: &str) -> Result<(String, Value)> {
    let sql = "SELECT outcome, body FROM refund_order($1, $2, 'EUR', 'A cup was broken', NULL, $3, $4, $5, 'trace')";
    let row = db.query_one(sql, &[&order, &amount, &Uuid::max(), &key, &hash]).await?;
    Ok((row.get(0), row.get::<_, Option<Value>>(1).unwrap_or_default()))
}

/// [`refund`] under a key of its own.
async fn give_back(shop: &Shop, order: Uuid, amount: Option<i64>) -> Result<String> {
    Ok(refund(&shop.db, order, amount, &Uuid::now_v7().to_string(), "hash").await?.0)
}

/// The ids of the refunds that were asked for, oldest first.
async fn refund_ids(shop: &Shop, order: Uuid) -> Result<Vec<Uuid>> {
    let sql = "SELECT refund_id FROM order_refunds WHERE order_id = $1 ORDER BY requested_at, refund_id";
    Ok(shop.db.query(sql, &[&order]).await?.iter().map(|row| row.get(0)).collect())
}

fn refunded(order: Uuid, refund: Uuid) -> Value {
    about("payment.refunded", order, json!({"refund_id": refund}))
}

fn failed(order: Uuid, refund: Uuid) -> Value {
    about(
        "payment.refund_failed",
        order,
        json!({"refund_id": refund, "code": "card_closed", "message": "Card closed."}),
    )
}

#[tokio::test]
async fn parts_go_back_each_once_and_together_no_more_than_was_paid() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.paid("delivered").await?;
    let (outcome, first) = refund(&shop.db, order, Some(1000), "key", "hash").await?;
    assert_eq!(outcome, "ok");
    assert_eq!(refund(&shop.db, order, Some(1000), "key", "hash").await?, (outcome, first), "the same request again");
    assert_eq!(refund(&shop.db, order, Some(1001), "key", "other").await?.0, "key_reused");
    let (outcome, left) = refund(&shop.db, order, Some(4989), "more", "hash").await?;
    assert_eq!((outcome.as_str(), left), ("over_capture", json!({"amount_minor": 4988, "currency": "EUR"})));
    assert_eq!(give_back(&shop, order, None).await?, "ok");
    assert_eq!(give_back(&shop, order, None).await?, "over_capture", "nothing is left");
    let told = shop.told(order).await?;
    let amounts: Vec<_> = told.iter().map(|event| event["data"]["amount"]["amount_minor"].as_i64()).collect();
    assert_eq!(amounts, [Some(1000), Some(4988)]);

    let refunds = refund_ids(&shop, order).await?;
    assert_ne!(refunds[0], refunds[1]);
    shop.apply(&[refunded(order, refunds[1]), refunded(order, Uuid::now_v7())]).await?;
    shop.apply(&[refunded(order, refunds[1])]).await?;
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.status.as_str(), view.refunded.amount_minor), ("delivered", 4988));
    assert_eq!(
        view.refunds.iter().map(|refund| refund.status).collect::<Vec<_>>(),
        [RefundStatus::Requested, RefundStatus::Refunded]
    );
    shop.apply(&[refunded(order, refunds[0])]).await?;
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.status.as_str(), view.refunded.amount_minor), ("refunded", TOTAL));
    assert_eq!(view.reason.as_deref(), Some("by_support"));
    let history = shop.history(order).await?;
    let asked_and_back = ["refund_requested", "refund_requested", "partly_refunded", "refunded"];
    assert_eq!(history.get(6..).context("too short")?, asked_and_back);
    Ok(())
}

#[tokio::test]
async fn refunds_asked_for_at_once_stay_within_the_capture() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.paid("shipped").await?;
    let desks = try_join_all((0..12).map(|_| shop.database.connect())).await?;
    let asked = desks.iter().enumerate().map(|(n, desk)| async move {
        let (outcome, _) = refund(desk, order, Some(1000), &n.to_string(), "hash").await?;
        anyhow::Ok(outcome)
    });
    let outcomes = try_join_all(asked).await?;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "ok").count(), 5, "{outcomes:?}");
    assert_eq!(shop.count("SELECT sum(amount_minor)::int8 FROM order_refunds").await?, 5000);
    assert_eq!(shop.count("SELECT refund_minor FROM orders").await?, 5000);
    Ok(())
}

#[tokio::test]
async fn one_key_pressed_at_once_is_one_refund() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.paid("shipped").await?;
    let presses = try_join_all((0..8).map(|_| shop.database.connect())).await?;
    let outcomes = try_join_all(presses.iter().map(|press| refund(press, order, Some(100), "key", "hash"))).await?;
    assert!(outcomes.iter().all(|(outcome, _)| outcome == "ok"));
    assert_eq!(shop.told_types(order).await?, ["order.refund_requested"]);
    Ok(())
}

#[tokio::test]
async fn money_that_could_not_go_back_can_be_asked_for_again() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.paid("delivered").await?;
    assert_eq!(give_back(&shop, order, None).await?, "ok");
    let first = refund_ids(&shop, order).await?[0];
    shop.apply(&[failed(order, first)]).await?;
    shop.apply(&[failed(order, first)]).await?;
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.status.as_str(), view.refunded.amount_minor), ("delivered", 0));
    assert_eq!(shop.count("SELECT refund_minor FROM orders").await?, 0, "it counts as captured again, once");
    assert_eq!(view.refunds[0].status, RefundStatus::Failed);
    assert_eq!(give_back(&shop, order, None).await?, "ok");
    shop.apply(&[refunded(order, refund_ids(&shop, order).await?[1])]).await?;
    assert_eq!(shop.status(order).await?, "refunded");
    Ok(())
}

#[tokio::test]
async fn money_that_is_back_after_all_counts_as_back() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("confirmed").await?;
    assert_eq!(shop.ask("cancel_order($1, $2, false, NULL)", &[&order, &user]).await?.0, "ok");
    shop.apply(&[failed(order, order)]).await?;
    assert_eq!(shop.count("SELECT refund_minor FROM orders").await?, 0);
    // The provider said no, and gave it back all the same; it says so twice.
    for _ in 0..2 {
        shop.apply(&[refunded(order, order)]).await?;
        let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
        assert_eq!((view.status.as_str(), view.refunded.amount_minor), ("refunded", TOTAL));
        assert_eq!(view.refunds[0].status, RefundStatus::Refunded);
        assert_eq!(shop.count("SELECT refund_minor FROM orders").await?, TOTAL);
    }
    let history = shop.history(order).await?;
    assert_eq!(history.get(5..).context("too short")?, ["refund_requested", "refund_failed", "refunded"]);
    shop.apply(&[failed(order, order)]).await?;
    assert_eq!(shop.status(order).await?, "refunded", "what is back does not fail any more");
    Ok(())
}

#[tokio::test]
async fn what_went_back_another_way_does_not_go_back_twice_in_the_books() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, order) = shop.paid("delivered").await?;
    assert_eq!(give_back(&shop, order, Some(1000)).await?, "ok");
    let first = refund_ids(&shop, order).await?[0];
    shop.apply(&[failed(order, first)]).await?;
    assert_eq!(give_back(&shop, order, None).await?, "ok");
    // More than was taken cannot be back: the event becomes a dead letter, and the order is as it was.
    let error = shop.apply(&[refunded(order, first)]).await.unwrap_err().downcast::<tokio_postgres::Error>()?;
    let broken = error.as_db_error().and_then(|error| error.constraint());
    assert_eq!(broken, Some("orders_refunds_within_capture"));
    let second = refund_ids(&shop, order).await?[1];
    shop.apply(&[failed(order, second)]).await?;
    // Once there is room for it, as after a replay, it counts.
    shop.apply(&[refunded(order, first)]).await?;
    assert_eq!(shop.count("SELECT refunded_minor FROM orders").await?, 1000);
    Ok(())
}

#[tokio::test]
async fn what_cannot_go_back_says_why_and_writes_nothing() -> Result<()> {
    let shop = Shop::open().await?;
    let (_, placed) = shop.ordered().await?;
    let (_, confirmed) = shop.paid("confirmed").await?;
    let (_, shipped) = shop.paid("shipped").await?;
    assert_eq!(give_back(&shop, Uuid::now_v7(), None).await?, "not_found");
    assert_eq!(give_back(&shop, placed, Some(1)).await?, "not_paid");
    assert_eq!(give_back(&shop, shipped, Some(0)).await?, "over_capture");
    assert_eq!(give_back(&shop, shipped, Some(TOTAL + 1)).await?, "over_capture");
    assert_eq!(give_back(&shop, confirmed, None).await?, "cancel_instead");
    let ask = async |currency: &str, lines: Value| {
        let call = "refund_order($1, 1, $2, 'why', $3, NULL, 'key', 'hash', NULL)";
        Ok::<_, anyhow::Error>(shop.ask(call, &[&shipped, &currency, &lines]).await?.0)
    };
    let pieces = |sku: &str, quantity: i64| json!([{"sku": sku, "quantity": quantity}]);
    assert_eq!(ask("JPY", pieces("TEA", 1)).await?, "other_currency");
    assert_eq!(ask("EUR", pieces("NO-SUCH", 1)).await?, "unknown_line");
    assert_eq!(ask("EUR", pieces("TEA", 4)).await?, "unknown_line");
    assert_eq!(shop.count("SELECT count(*) FROM order_refunds").await?, 0);
    assert_eq!(shop.count("SELECT sum(refund_minor)::int8 FROM orders").await?, 0);
    assert_eq!(ask("EUR", pieces("TEA", 3)).await?, "ok");
    Ok(())
}

#[tokio::test]
async fn a_cancellation_asks_for_what_was_not_given_back_yet() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("confirmed").await?;
    assert_eq!(give_back(&shop, order, Some(988)).await?, "ok");
    assert_eq!(shop.ask("cancel_order($1, $2, false, NULL)", &[&order, &user]).await?.0, "ok");
    let told = shop.told(order).await?;
    let types: Vec<_> = told.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(types, ["order.refund_requested", "order.cancelled", "order.refund_requested"]);
    assert_eq!(told[2]["data"]["amount"]["amount_minor"], 5000);
    assert_eq!(told[2]["data"]["refund_id"], order.to_string());
    let refunds = refund_ids(&shop, order).await?;
    shop.apply(&refunds.iter().map(|refund| refunded(order, *refund)).collect::<Vec<_>>()).await?;
    assert_eq!(shop.status(order).await?, "refunded");
    Ok(())
}

#[tokio::test]
async fn the_database_lets_no_more_go_back_than_was_taken_whoever_asks() -> Result<()> {
    let shop = Shop::open().await?;
    shop.paid("shipped").await?;
    for change in [
        "refund_minor = captured_minor + 1",
        "refund_minor = -1",
        "refund_minor = 1, refunded_minor = 2",
        "status = 'refunded', reason = 'x', refund_requested_at = now(), refund_minor = 5987, refunded_minor = 5987",
    ] {
        let error = shop.db.execute(&format!("UPDATE orders SET {change}"), &[]).await.unwrap_err();
        let constraint = error.as_db_error().and_then(|error| error.constraint());
        let is_all = change.starts_with("status");
        let broken = if is_all { "orders_refunded_is_all" } else { "orders_refunds_within_capture" };
        assert_eq!(constraint, Some(broken), "{change}");
    }
    Ok(())
}
