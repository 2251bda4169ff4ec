//! Claims, answers of the gateway, and what becomes of those that never came.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeSet;
use support::*;
use uuid::Uuid;

#[tokio::test]
async fn concurrent_claims_share_the_work_and_never_a_charge() {
    let payments = Payments::new().await;
    let orders: Vec<Uuid> = (0..200).map(|_| Uuid::new_v4()).collect();
    payments.apply(&orders.iter().map(|order| requested(*order, 1)).collect::<Vec<_>>()).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let client = payments.database.connect().await.unwrap();
        tasks.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let work = claim(&client, 7).await;
                if work.is_empty() {
                    return mine;
                }
                mine.extend(work);
            }
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    let keys: BTreeSet<String> = all.iter().map(|work| work["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!((all.len(), keys.len()), (200, 200));
}

#[tokio::test]
async fn a_timeout_is_told_once_and_asked_about_until_the_gateway_says_what_happened() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[timeout(order)]).await;
    assert_eq!(payments.types_told().await, ["payment.unknown"]);
    assert_eq!(payments.claim().await.len(), 0, "not before the pause is over");
    for _ in 0..3 {
        payments.time_passes().await;
        assert_eq!(payments.claim().await[0]["kind"], "lookup");
        payments.record(&[timeout(order)]).await;
    }
    assert!(payments.told().await.is_empty());
    payments.time_passes().await;
    payments.claim().await;
    payments.record(&[captured(order, 5)]).await;
    assert_eq!(payments.types_told().await, ["payment.captured"]);
}

#[tokio::test]
async fn pauses_between_lookups_grow_to_five_minutes() {
    let payments = Payments::new().await;
    let sql = "SELECT array_agg(extract(epoch FROM retry_after(n))::int ORDER BY n) FROM generate_series(0, 40) AS n";
    let seconds: Vec<i32> = payments.client.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(&seconds[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    assert_eq!(seconds[40], 300);
}

#[tokio::test]
async fn a_charge_that_timed_out_and_never_was_is_declined_as_not_charged() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[timeout(order)]).await;
    payments.time_passes().await;
    payments.claim().await;
    payments.record(&[not_found(order)]).await;
    let told = payments.told().await;
    assert_eq!((told[1].0.as_str(), &told[1].1["reason"]), ("payment.declined", &serde_json::json!("not_charged")));
    assert_eq!((payments.status(order).await.as_str(), payments.balance().await), ("declined", 0));
}

#[tokio::test]
async fn a_decline_is_told_with_the_gateways_reason_and_forgets_the_token() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[declined(order), declined(order)]).await;
    let told = payments.told().await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].1["reason"], &told[0].1["message"]), (&"card_declined".into(), &"No.".into()));
    assert_eq!(payments.record(&[declined(order)]).await, 0);
    let sql = "SELECT count(*) FROM intents WHERE payment_token IS NOT NULL";
    assert_eq!(payments.client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn who_dies_while_charging_leaves_a_lease_after_which_the_gateway_is_asked() {
    let payments = Payments::new().await;
    let [charged, unheard] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(charged, 5), requested(unheard, 6)]).await.unwrap();
    assert_eq!(payments.claim().await.len(), 2);
    assert_eq!(payments.claim().await.len(), 0, "the lease holds");
    payments.time_passes().await;
    let work = payments.claim().await;
    assert!(work.len() == 2 && work.iter().all(|work| work["kind"] == "lookup"));
    payments.record(&[captured(charged, 5), not_found(unheard)]).await;
    assert_eq!(payments.types_told().await, ["payment.captured"]);

    // The gateway never heard of the second: it is charged after all, under the same key.
    let again = payments.claim().await;
    assert_eq!((&again[0]["kind"], &again[0]["key"]), (&"charge".into(), &format!("{unheard}:1").into()));
    payments.record(&[captured(unheard, 6)]).await;
    assert_eq!((payments.balance().await, payments.count("attempts").await), (11, 2));
}

#[tokio::test]
async fn a_charge_cut_off_again_and_again_is_given_up_and_one_of_a_cancelled_order_at_once() {
    let payments = Payments::new().await;
    let [stubborn, unwanted] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(stubborn, 5), requested(unwanted, 5)]).await.unwrap();
    payments.claim().await;
    payments.apply(&[cancelled(unwanted)]).await.unwrap();
    payments.record(&[not_found(unwanted), not_found(stubborn)]).await;
    assert_eq!(payments.types_told().await, ["payment.declined"]);
    for _ in 0..2 {
        assert_eq!(payments.status(stubborn).await, "pending");
        payments.claim().await;
        payments.record(&[not_found(stubborn)]).await;
    }
    assert_eq!(
        (payments.status(stubborn).await, payments.types_told().await),
        ("declined".into(), vec!["payment.declined".into()])
    );
}

#[tokio::test]
async fn money_that_moved_after_all_is_written_down_and_nothing_else_late_is() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[timeout(order)]).await;
    payments.record(&[not_found(order)]).await;
    payments.record(&[captured(order, 5)]).await;
    payments.record(&[captured(order, 5), timeout(order)]).await;
    payments.record(&[declined(order)]).await;
    assert_eq!(payments.types_told().await, ["payment.unknown", "payment.declined", "payment.captured"]);
    assert_eq!(
        (payments.status(order).await, payments.balance().await, payments.count("captures").await),
        ("captured".into(), 5, 1)
    );
}

#[tokio::test]
async fn two_replicas_with_the_same_answer_capture_once() {
    let payments = Payments::new().await;
    let orders: Vec<Uuid> = (0..40).map(|_| Uuid::new_v4()).collect();
    payments.apply(&orders.iter().map(|order| requested(*order, 3)).collect::<Vec<_>>()).await.unwrap();
    payments.claim().await;
    let mut tasks = Vec::new();
    for turn in 0..4 {
        let client = payments.database.connect().await.unwrap();
        let mut outcomes: Vec<_> = orders.iter().map(|order| captured(*order, 3)).collect();
        outcomes.rotate_left(turn * 11);
        tasks.push(tokio::spawn(async move { record(&client, &outcomes).await.unwrap() }));
    }
    let mut told = 0;
    for task in tasks {
        told += task.await.unwrap();
    }
    assert_eq!((told, payments.told().await.len()), (40, 40));
    assert_eq!((payments.count("captures").await, payments.balance().await), (40, 120));
}

#[tokio::test]
async fn one_charge_of_the_gateway_cannot_pay_for_two_orders() {
    let payments = Payments::new().await;
    let [first, second] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(first, 5), requested(second, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[captured(first, 5)]).await;
    let mut stolen = captured(second, 5);
    stolen["reference"] = format!("ch_{first}").into();
    let refused = record(&payments.client, &[stolen]).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("captures_gateway_reference_key"));
    assert_eq!(payments.balance().await, 5);
}
