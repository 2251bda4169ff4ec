//! What the gateway tells by itself: believed once, never for another amount, and with the effect of an answer.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use serde_json::{Value, json};
use support::*;
use tokio_postgres::Client;
use uuid::Uuid;

/// Outcome and reason.
async fn receive(client: &Client, event: &Value) -> (String, Option<String>) {
    let row = client.query_one("SELECT outcome, reason FROM receive_webhook($1)", &[event]).await.unwrap();
    (row.get(0), row.get(1))
}

fn event(kind: &str, key: &str, reference: &str, amount: i64) -> Value {
    json!({"id": Uuid::new_v4(), "type": kind, "key": key, "reference": reference, "amount_minor": amount,
        "currency": "EUR", "code": "no", "message": "No."})
}

fn taken(order: Uuid, amount: i64) -> Value {
    event("charge.captured", &format!("{order}:1"), &format!("ch_{order}"), amount)
}

fn outcome(name: &str) -> (String, Option<String>) {
    (name.to_owned(), None)
}

fn parked(reason: &str) -> (String, Option<String>) {
    ("parked".to_owned(), Some(reason.to_owned()))
}

async fn doubtful_order(payments: &Payments, amount: i64) -> Uuid {
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, amount)]).await.unwrap();
    payments.claim().await;
    payments.record(&[timeout(order)]).await;
    payments.told().await;
    order
}

#[tokio::test]
async fn a_webhook_settles_what_was_in_doubt_and_a_replay_does_nothing() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 5).await;
    let event = taken(order, 5);
    assert_eq!(receive(&payments.client, &event).await, outcome("applied"));
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.captured".to_owned()], 5));
    assert_eq!(receive(&payments.client, &event).await, outcome("replayed"));
    assert_eq!(receive(&payments.client, &taken(order, 5)).await, outcome("known"), "another event that says the same");
    payments.record(&[captured(order, 5)]).await;
    assert_eq!((payments.told().await.len(), payments.balance().await, payments.count("captures").await), (0, 5, 1));
    assert_eq!(payments.count("parked_outcomes").await, 0);
}

#[tokio::test]
async fn a_webhook_that_overtakes_the_answer_leaves_nothing_to_do_for_it() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    assert_eq!(receive(&payments.client, &taken(order, 5)).await, outcome("applied"));
    payments.record(&[captured(order, 5)]).await;
    payments.time_passes().await;
    assert_eq!((payments.claim().await.len(), payments.types_told().await.len(), payments.balance().await), (0, 1, 5));
}

#[tokio::test]
async fn an_event_sent_many_times_at_once_is_applied_once() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 5).await;
    let event = taken(order, 5);
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (client, event) = (payments.database.connect().await.unwrap(), event.clone());
        tasks.push(tokio::spawn(async move { receive(&client, &event).await.0 }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "applied").count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "replayed").count(), 7, "{outcomes:?}");
    assert_eq!((payments.told().await.len(), payments.balance().await), (1, 5));
}

#[tokio::test]
async fn events_that_say_the_same_at_once_book_it_once() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 5).await;
    let refund = Uuid::new_v4();
    let back = |_| event("refund.succeeded", &refund_key(order, refund), &format!("re_{refund}"), 2);
    let rounds: [Vec<Value>; 2] = [(0..8).map(|_| taken(order, 5)).collect(), (0..8).map(back).collect()];
    for events in rounds {
        let mut tasks = Vec::new();
        for event in events {
            let client = payments.database.connect().await.unwrap();
            tasks.push(tokio::spawn(async move { receive(&client, &event).await.0 }));
        }
        // The answer to the shop's own question comes in between.
        payments.record(&[captured(order, 5)]).await;
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.push(task.await.unwrap());
        }
        assert!(outcomes.iter().all(|outcome| ["applied", "known"].contains(&outcome.as_str())), "{outcomes:?}");
        assert!(outcomes.iter().filter(|outcome| *outcome == "applied").count() <= 1, "{outcomes:?}");
        if payments.count("refunds").await == 0 {
            payments.apply(&[part_requested(order, refund, 2)]).await.unwrap();
        }
    }
    assert_eq!(payments.types_told().await, ["payment.captured", "payment.refunded"]);
    assert_eq!((payments.balance().await, payments.count("parked_outcomes").await), (3, 0));
}

#[tokio::test]
async fn another_amount_currency_or_key_is_put_aside_and_never_booked() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 500).await;
    assert_eq!(receive(&payments.client, &taken(order, 499)).await, parked("amount_mismatch"));
    assert_eq!(receive(&payments.client, &taken(order, 50_000)).await, parked("amount_mismatch"));
    let mut foreign = taken(order, 500);
    foreign["currency"] = "JPY".into();
    assert_eq!(receive(&payments.client, &foreign).await, parked("amount_mismatch"));
    let unknown = event("charge.captured", &format!("{}:1", Uuid::new_v4()), "ch_x", 500);
    assert_eq!(receive(&payments.client, &unknown).await, parked("unknown_key"));
    assert_eq!((payments.status(order).await.as_str(), payments.balance().await), ("unknown", 0));
    assert_eq!((payments.told().await.len(), payments.count("parked_outcomes").await), (0, 4));
}

#[tokio::test]
async fn one_movement_of_the_gateway_stands_for_one_of_ours() {
    let payments = Payments::new().await;
    let (paid, order) = (payments.captured_order(5).await, doubtful_order(&payments, 5).await);
    let stolen = event("charge.captured", &format!("{order}:1"), &format!("ch_{paid}"), 5);
    assert_eq!(receive(&payments.client, &stolen).await, parked("reference_taken"));
    let second = event("charge.captured", &format!("{paid}:1"), "ch_second", 5);
    assert_eq!(receive(&payments.client, &second).await, parked("not_booked"), "an order is captured once");
    assert_eq!((payments.balance().await, payments.told().await.len()), (5, 0));

    let [first, other] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[part_requested(paid, first, 2), part_requested(paid, other, 2)]).await.unwrap();
    payments.record(&[part_refunded(paid, first)]).await;
    let stolen = event("refund.succeeded", &refund_key(paid, other), &format!("re_{first}"), 2);
    assert_eq!(receive(&payments.client, &stolen).await, parked("reference_taken"));
    assert_eq!(payments.balance().await, 3);
}

#[tokio::test]
async fn a_decline_and_the_end_of_a_refund_are_believed_too() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 5).await;
    let refused = event("charge.declined", &format!("{order}:1"), "", 0);
    assert_eq!(receive(&payments.client, &refused).await, outcome("applied"));
    assert_eq!(payments.types_told().await, ["payment.declined"]);

    let paid = payments.captured_order(100).await;
    let [made, failed] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[part_requested(paid, made, 30), part_requested(paid, failed, 40)]).await.unwrap();
    let event_of =
        |kind: &str, refund: Uuid, amount| event(kind, &refund_key(paid, refund), &format!("re_{refund}"), amount);
    assert_eq!(receive(&payments.client, &event_of("refund.succeeded", made, 31)).await, parked("amount_mismatch"));
    assert_eq!(receive(&payments.client, &event_of("refund.succeeded", made, 30)).await, outcome("applied"));
    assert_eq!(receive(&payments.client, &event_of("refund.failed", failed, 40)).await, outcome("applied"));
    assert_eq!(payments.types_told().await, ["payment.refunded", "payment.refund_failed"]);
    assert_eq!(payments.balance().await, 70);
}

#[tokio::test]
async fn a_refusal_of_what_was_done_changes_no_book_and_waits_for_a_person() {
    let payments = Payments::new().await;
    let paid = payments.captured_order(100).await;
    let refund = Uuid::new_v4();
    payments.apply(&[part_requested(paid, refund, 30)]).await.unwrap();
    payments.record(&[part_refunded(paid, refund)]).await;
    payments.told().await;
    let bounced = event("refund.failed", &refund_key(paid, refund), &format!("re_{refund}"), 30);
    assert_eq!(receive(&payments.client, &bounced).await, parked("was_refunded"));
    let disputed = event("charge.declined", &format!("{paid}:1"), &format!("ch_{paid}"), 100);
    assert_eq!(receive(&payments.client, &disputed).await, parked("was_captured"));
    assert_eq!(receive(&payments.client, &disputed).await, outcome("replayed"));
    assert_eq!((payments.told().await.len(), payments.balance().await), (0, 70));
    assert_eq!((payments.status(paid).await.as_str(), payments.count("parked_outcomes").await), ("captured", 2));

    // Of an earlier attempt it is no news: another attempt took the money.
    let order = doubtful_order(&payments, 5).await;
    payments.record(&[declined(order)]).await;
    payments.apply(&[requested_again(order, 5, 2)]).await.unwrap();
    payments.claim().await;
    let late = event("charge.declined", &format!("{order}:1"), "", 0);
    assert_eq!(receive(&payments.client, &late).await, outcome("known"));
    assert_eq!(payments.status(order).await, "charging");
}

#[tokio::test]
async fn events_of_other_types_are_remembered_and_do_nothing() {
    let payments = Payments::new().await;
    let event = event("payout.created", "po_1", "po_1", 5);
    assert_eq!(receive(&payments.client, &event).await, outcome("ignored"));
    assert_eq!(receive(&payments.client, &event).await, outcome("replayed"));
    assert_eq!((payments.told().await.len(), payments.count("parked_outcomes").await), (0, 0));
}

#[tokio::test]
async fn a_webhook_of_a_charge_that_was_given_up_brings_the_money_into_the_books() {
    let payments = Payments::new().await;
    let order = doubtful_order(&payments, 5).await;
    payments.record(&[not_found(order)]).await;
    payments.apply(&[cancelled(order)]).await.unwrap();
    assert_eq!(receive(&payments.client, &taken(order, 5)).await, outcome("applied"));
    assert_eq!(payments.types_told().await, ["payment.declined", "payment.captured"]);
    assert_eq!((payments.status(order).await.as_str(), payments.balance().await), ("captured", 5));
}

#[tokio::test]
async fn old_webhooks_are_forgotten_and_recent_ones_are_not() {
    let payments = Payments::new().await;
    let [old, recent] = [event("payout.created", "a", "a", 1), event("payout.created", "b", "b", 1)];
    receive(&payments.client, &old).await;
    receive(&payments.client, &recent).await;
    let age = "UPDATE webhook_events SET received_at = now() - interval '31 days' WHERE key = 'a'";
    payments.client.execute(age, &[]).await.unwrap();
    payments.client.execute("SELECT forget_old_events(100)", &[]).await.unwrap();
    assert_eq!(payments.count("webhook_events").await, 1);
    assert_eq!(receive(&payments.client, &recent).await, outcome("replayed"));
}
