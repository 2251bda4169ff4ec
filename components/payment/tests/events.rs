//! What the orders' events do, in any order and any number.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use serde_json::json;
use souk_payment::domain::work::Work;
use support::*;
use uuid::Uuid;

#[tokio::test]
async fn a_request_is_charged_once_however_often_it_is_delivered() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    let event = requested(order, 4820);
    assert_eq!(payments.apply(&[event.clone(), event.clone()]).await.unwrap(), 1);
    assert_eq!(payments.apply(&[event]).await.unwrap(), 0);
    assert_eq!(payments.apply(&[requested(order, 1)]).await.unwrap(), 1, "another event, the same order");

    let work = payments.claim().await;
    assert_eq!(
        work,
        [
            json!({"kind": "charge", "order_id": order, "key": format!("{order}:1"), "then": "capture", "payment_token": "tok_success",
            "authorization": null, "amount_minor": 4820, "currency": "EUR"})
        ]
    );
    let charge: Work = serde_json::from_value(work[0].clone()).unwrap();
    assert!(matches!(charge, Work::Charge(charge) if charge.order_id == order));
    assert_eq!(payments.claim().await.len(), 0);
}

#[tokio::test]
async fn a_capture_is_told_with_all_that_the_order_needs() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 4820)]).await.unwrap();
    payments.claim().await;
    assert_eq!(payments.record(&[captured(order, 4820)]).await, 1);
    let told = payments.told().await;
    assert_eq!(told[0].0, "payment.captured");
    let payment_id = told[0].1["payment_id"].clone();
    assert!(payment_id.as_str().is_some_and(|id| Uuid::parse_str(id).is_ok()));
    assert_eq!(
        told[0].1,
        json!({"order_id": order, "payment_id": payment_id, "attempt": 1, "gateway_reference": format!("ch_{order}"),
            "amount": {"amount_minor": 4820, "currency": "EUR"}})
    );
    assert_eq!(payments.balance().await, 4820);
}

#[tokio::test]
async fn an_order_cancelled_before_its_charge_began_is_never_charged() {
    let payments = Payments::new().await;
    let [before, together, after] = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(before, 1)]).await.unwrap();
    payments.apply(&[cancelled(before), requested(together, 1), cancelled(together), cancelled(after)]).await.unwrap();
    payments.apply(&[requested(after, 1)]).await.unwrap();
    payments.time_passes().await;
    assert_eq!(payments.claim().await.len(), 0);
    for order in [before, together, after] {
        assert_eq!(payments.status(order).await, "cancelled");
        let tokens = "SELECT count(*) FROM intents WHERE payment_token IS NOT NULL";
        assert_eq!(payments.client.query_one(tokens, &[]).await.unwrap().get::<_, i64>(0), 0);
    }
    assert!(payments.told().await.is_empty());
}

#[tokio::test]
async fn an_order_cancelled_during_its_charge_is_told_of_the_capture() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.apply(&[cancelled(order)]).await.unwrap();
    payments.record(&[captured(order, 5)]).await;
    assert_eq!(payments.types_told().await, ["payment.captured"]);

    payments.apply(&[refund_requested(order, 5)]).await.unwrap();
    let work = payments.claim().await;
    assert_eq!(
        work,
        [json!({"kind": "refund", "order_id": order, "key": format!("{order}:refund"), "amount_minor": 5,
            "capture_reference": format!("ch_{order}"), "currency": "EUR"})]
    );
    assert!(matches!(serde_json::from_value(work[0].clone()).unwrap(), Work::Refund(_)));
    payments.record(&[refunded(order)]).await;
    assert_eq!(payments.types_told().await, ["payment.refunded"]);
    assert_eq!(payments.balance().await, 0);
}

#[tokio::test]
async fn a_refund_of_what_was_never_captured_is_refused_with_all_that_came_with_it() {
    let payments = Payments::new().await;
    let [order, other] = [Uuid::new_v4(), Uuid::new_v4()];
    let batch = [requested(other, 1), refund_requested(order, 5)];
    let message = payments.apply(&batch).await.unwrap_err().as_db_error().unwrap().message().to_owned();
    assert!(message.contains(&order.to_string()), "{message}");
    assert_eq!(payments.count("inbox").await, 0, "so that each event can be tried alone");
    assert_eq!(payments.apply(&batch[..1]).await.unwrap(), 1);
}

#[tokio::test]
async fn batches_of_the_same_orders_on_many_connections_neither_block_nor_double() {
    let payments = Payments::new().await;
    let orders: Vec<Uuid> = (0..50).map(|_| Uuid::new_v4()).collect();
    let mut tasks = Vec::new();
    for turn in 0..8 {
        let client = payments.database.connect().await.unwrap();
        let mut events: Vec<_> = orders.iter().map(|order| requested(*order, 7)).collect();
        events.extend(orders.iter().take(25).map(|order| cancelled(*order)));
        let length = events.len();
        events.rotate_left(turn * 9 % length);
        tasks.push(tokio::spawn(async move { apply(&client, &events).await.unwrap() }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(payments.count("intents").await, 50);
    assert_eq!(payments.claim().await.len(), 25);
}
