//! Refunds and the ledger: what the database refuses, whoever asks.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use souk_payment::handlers::show::Payment;
use support::*;
use uuid::Uuid;

/// Which refund an event tells of, and how much it gave back.
fn refund_told(data: &Value) -> (String, i64) {
    (data["refund_id"].as_str().unwrap().to_owned(), data["amount"]["amount_minor"].as_i64().unwrap())
}

fn constraint(error: &tokio_postgres::Error) -> String {
    error.as_db_error().and_then(|error| error.constraint()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn more_than_was_captured_is_never_given_back() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let refused = payments.apply(&[refund_requested(order, 101)]).await.unwrap_err();
    assert_eq!(constraint(&refused), "refunds_within_capture");
    let mut foreign = refund_requested(order, 100);
    foreign["data"]["amount"]["currency"] = "JPY".into();
    assert_eq!(constraint(&payments.apply(&[foreign]).await.unwrap_err()), "refunds_capture");
    assert_eq!(payments.count("refunds").await, 0);
}

#[tokio::test]
async fn a_refund_asked_for_twice_is_made_once() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    payments.apply(&[refund_requested(order, 100), refund_requested(order, 100)]).await.unwrap();
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    assert_eq!(payments.claim().await.len(), 1);
    payments.record(&[refunded(order)]).await;
    payments.record(&[refunded(order), refund_declined(order)]).await;
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    payments.time_passes().await;
    assert_eq!(payments.claim().await.len(), 0);
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.refunded".to_owned()], 0));
}

#[tokio::test]
async fn a_refund_that_is_not_answered_is_asked_for_again_under_its_key_until_it_is_made() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    for _ in 0..4 {
        let work = payments.claim().await;
        assert_eq!(work[0]["key"], format!("{order}:refund"));
        payments.record(&[refund_timeout(order)]).await;
        assert_eq!(payments.claim().await.len(), 0, "not before the pause is over");
        payments.time_passes().await;
    }
    assert!(payments.told().await.is_empty());
    payments.claim().await;
    payments.record(&[refunded(order)]).await;
    assert_eq!(payments.balance().await, 0);
}

#[tokio::test]
async fn an_order_is_refunded_in_parts_and_never_for_more_than_was_captured() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let [first, second, third] = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[part_requested(order, first, 30), part_requested(order, second, 40)]).await.unwrap();
    let refused = payments.apply(&[part_requested(order, third, 31)]).await.unwrap_err();
    assert_eq!(constraint(&refused), "refunds_sum_within_capture");
    payments.apply(&[part_requested(order, third, 30), part_requested(order, first, 30)]).await.unwrap();

    let work = payments.claim().await;
    let keys: Vec<&str> = work.iter().map(|work| work["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 3);
    for refund in [first, second, third] {
        assert!(keys.contains(&format!("{order}:refund:{refund}").as_str()), "{keys:?}");
    }
    payments.record(&[part_refunded(order, first), part_refunded(order, second)]).await;
    // Refunds that were answered together are told in any order.
    let mut told: Vec<_> = payments.told().await.iter().map(|(_, data)| refund_told(data)).collect();
    let mut expected = vec![(first.to_string(), 30), (second.to_string(), 40)];
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    assert_eq!(
        (payments.balance().await, &payments.shown(order).await.unwrap()["status"]),
        (30, &"partly_refunded".into())
    );
    payments.record(&[part_refunded(order, third)]).await;
    assert_eq!((payments.balance().await, &payments.shown(order).await.unwrap()["status"]), (0, &"refunded".into()));
}

#[tokio::test]
async fn one_id_for_two_different_refunds_is_refused() {
    let payments = Payments::new().await;
    let (order, other) = (payments.captured_order(100).await, payments.captured_order(100).await);
    let refund = Uuid::new_v4();
    payments.apply(&[part_requested(order, refund, 30)]).await.unwrap();
    for second in [part_requested(order, refund, 31), part_requested(other, refund, 30)] {
        let message = payments.apply(&[second]).await.unwrap_err().as_db_error().unwrap().message().to_owned();
        assert!(message.contains(&refund.to_string()), "{message}");
    }
    let both = [part_requested(other, Uuid::nil(), 1), part_requested(other, Uuid::nil(), 2)];
    assert!(payments.apply(&both).await.is_err(), "in one batch neither");
    assert_eq!(payments.count("refunds").await, 1);
}

#[tokio::test]
async fn a_refund_that_the_gateway_refuses_is_told_and_leaves_its_amount_to_others() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let other = Uuid::new_v4();
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    assert!(payments.apply(&[part_requested(order, other, 100)]).await.is_err());
    payments.claim().await;
    payments.record(&[refund_declined(order), refund_declined(order)]).await;
    let told = payments.told().await;
    assert_eq!(
        (told.len(), told[0].0.as_str(), &told[0].1["code"]),
        (1, "payment.refund_failed", &"account_closed".into())
    );
    payments.time_passes().await;
    assert_eq!(payments.claim().await.len(), 0, "a refusal is for good");

    payments.apply(&[part_requested(order, other, 100)]).await.unwrap();
    payments.record(&[part_refunded(order, other)]).await;
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.refunded".to_owned()], 0));
}

#[tokio::test]
async fn a_refund_made_after_its_refusal_is_booked_if_there_is_room_and_put_aside_if_not() {
    let payments = Payments::new().await;
    let [roomy, full] = [payments.captured_order(100).await, payments.captured_order(100).await];
    for order in [roomy, full] {
        payments.apply(&[refund_requested(order, 60)]).await.unwrap();
        payments.record(&[refund_declined(order)]).await;
    }
    let other = Uuid::new_v4();
    payments.apply(&[part_requested(full, other, 60)]).await.unwrap();
    payments.record(&[part_refunded(full, other)]).await;
    payments.told().await;
    payments.record(&[refunded(roomy), refunded(full)]).await;
    payments.record(&[refunded(roomy), refunded(full)]).await;
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.refunded".to_owned()], 80));
    let parked = "SELECT key, reason FROM parked_outcomes";
    let rows = payments.client.query(parked, &[]).await.unwrap();
    let parked: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(parked, [(format!("{full}:refund"), "not_booked".to_owned())]);
}

#[tokio::test]
async fn parts_asked_for_at_once_never_add_up_to_more_than_was_captured() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let mut tasks = Vec::new();
    for _ in 0..12 {
        let client = payments.database.connect().await.unwrap();
        let event = part_requested(order, Uuid::new_v4(), 15);
        tasks.push(tokio::spawn(async move { apply(&client, &[event]).await.is_ok() }));
    }
    let mut accepted = 0;
    for task in tasks {
        accepted += i64::from(task.await.unwrap());
    }
    let sum =
        payments.client.query_one("SELECT sum(amount_minor)::int8 FROM refunds", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!((accepted, sum), (6, 90));
}

#[tokio::test]
async fn racing_replicas_refund_once() {
    let payments = Payments::new().await;
    let mut orders = Vec::new();
    for _ in 0..20 {
        orders.push(payments.captured_order(10).await);
    }
    payments.apply(&orders.iter().map(|order| refund_requested(*order, 10)).collect::<Vec<_>>()).await.unwrap();
    let mut tasks = Vec::new();
    for turn in 0..4 {
        let client = payments.database.connect().await.unwrap();
        let mut outcomes: Vec<_> = orders.iter().map(|order| refunded(*order)).collect();
        outcomes.rotate_left(turn * 5);
        tasks.push(tokio::spawn(async move { record(&client, &outcomes).await.unwrap() }));
    }
    let mut told = 0;
    for task in tasks {
        told += task.await.unwrap();
    }
    assert_eq!((told, payments.balance().await, payments.count("ledger_entries").await), (20, 0, 80));
}

#[tokio::test]
async fn the_ledger_takes_balanced_transfers_only_and_never_changes() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    payments.apply(&[refund_requested(order, 100)]).await.unwrap();
    let refused = |sql: String| {
        let client = &payments.client;
        async move { constraint(&client.batch_execute(&sql).await.unwrap_err()) }
    };
    let insert = |rows: &str| {
        let transfer = Uuid::new_v4();
        let rows = rows.replace("$t", &format!("'{transfer}', '{order}', 'refund', '{order}'"));
        refused(format!(
            "INSERT INTO ledger_entries (transfer_id, order_id, kind, refund_id, account, amount_minor, currency) VALUES {rows}"
        ))
    };
    assert_eq!(insert("($t, 'gateway', -100, 'EUR')").await, "ledger_balance");
    assert_eq!(insert("($t, 'gateway', -100, 'EUR'), ($t, 'refunds', 99, 'EUR')").await, "ledger_balance");
    assert_eq!(insert("($t, 'gateway', -100, 'EUR'), ($t, 'refunds', 100, 'USD')").await, "ledger_balance");
    for sql in ["UPDATE ledger_entries SET amount_minor = 0", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries"] {
        assert_eq!(refused(sql.to_owned()).await, "ledger_append_only");
    }
    assert_eq!((payments.count("ledger_entries").await, payments.balance().await), (2, 100));
}

#[tokio::test]
async fn the_view_shows_what_became_of_a_payment_and_nothing_of_one_that_never_was() {
    let payments = Payments::new().await;
    let order = payments.captured_order(100).await;
    let never = Uuid::new_v4();
    payments.apply(&[refund_requested(order, 60), cancelled(never)]).await.unwrap();
    assert!(payments.shown(never).await.is_none());
    let shown = payments.shown(order).await.unwrap();
    assert_eq!((&shown["status"], &shown["captured"]["amount"]["amount_minor"]), (&"captured".into(), &100.into()));
    assert_eq!(
        (&shown["refunds"][0]["status"], &shown["refunds"][0]["amount"]["amount_minor"]),
        (&"requested".into(), &60.into())
    );
    assert!(shown.get("payment_token").is_none() && shown["declined"].is_null());
    payments.record(&[refunded(order)]).await;
    let shown = payments.shown(order).await.unwrap();
    assert_eq!((&shown["status"], &shown["refunded"]["amount_minor"]), (&"partly_refunded".into(), &60.into()));
    serde_json::from_value::<Payment>(shown).expect("the documented shape");
}
