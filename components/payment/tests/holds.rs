//! Money that is held before it is taken: with manual capture, after a crash, for orders that were cancelled.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use souk_payment::domain::work::Work;
use support::*;
use uuid::Uuid;

async fn tokens(payments: &Payments) -> i64 {
    let sql = "SELECT count(*) FROM intents WHERE payment_token IS NOT NULL";
    payments.client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn with_manual_capture_money_is_held_until_staff_takes_it() {
    let payments = Payments::new().await;
    let order = payments.held_order(4820).await;
    assert_eq!((payments.balance().await, tokens(&payments).await), (0, 0));
    let shown = payments.shown(order).await.unwrap();
    assert!(shown["status"] == "authorized" && shown["authorized_until"].is_string(), "{shown}");
    assert_eq!(payments.claim_manual().await.len(), 0, "nobody takes it by himself");

    assert_eq!(payments.settle(order, "capture").await, "ok");
    assert_eq!(payments.settle(order, "capture").await, "ok", "twice is no error");
    assert_eq!(payments.settle(order, "void").await, "not_authorized");
    let work = payments.claim_manual().await;
    assert_eq!(work.len(), 1);
    assert_eq!(
        (&work[0]["kind"], &work[0]["then"], &work[0]["authorization"]),
        (&"capture".into(), &"capture".into(), &format!("au_{order}").into())
    );
    assert!(matches!(serde_json::from_value(work[0].clone()).unwrap(), Work::Capture(_)));
    payments.record(&[captured(order, 4820)]).await;
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.captured".to_owned()], 4820));
    assert_eq!(payments.settle(order, "capture").await, "ok");
    assert_eq!(payments.settle(order, "void").await, "not_authorized", "too late");
}

#[tokio::test]
async fn a_hold_that_staff_lets_go_tells_the_waiting_order_that_no_money_will_come() {
    let payments = Payments::new().await;
    let order = payments.held_order(100).await;
    assert_eq!(payments.settle(order, "void").await, "ok");
    assert_eq!(payments.claim_manual().await[0]["kind"], "void");
    payments.record(&[charge(order, "voided")]).await;
    let told = payments.told().await;
    assert_eq!((told[0].0.as_str(), &told[0].1["reason"]), ("payment.voided", &"by_merchant".into()));
    assert_eq!((told[1].0.as_str(), &told[1].1["reason"]), ("payment.declined", &"by_merchant".into()));
    assert_eq!((payments.settle(order, "void").await.as_str(), payments.balance().await), ("ok", 0));
    assert_eq!(payments.settle(order, "capture").await, "not_authorized");
}

#[tokio::test]
async fn only_what_is_held_can_be_settled() {
    let payments = Payments::new().await;
    let [pending, unheard, only_cancelled] = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(pending, 1), cancelled(only_cancelled)]).await.unwrap();
    for wish in ["capture", "void"] {
        assert_eq!(payments.settle(pending, wish).await, "not_authorized");
        assert_eq!(payments.settle(unheard, wish).await, "not_found");
        assert_eq!(payments.settle(only_cancelled, wish).await, "not_found", "it never asked for money");
    }
}

#[tokio::test]
async fn the_hold_of_a_cancelled_order_is_let_go() {
    let payments = Payments::new().await;
    let order = payments.held_order(100).await;
    payments.apply(&[cancelled(order)]).await.unwrap();
    let work = payments.claim_manual().await;
    assert_eq!((&work[0]["kind"], &work[0]["authorization"]), (&"void".into(), &format!("au_{order}").into()));
    payments.record(&[charge(order, "voided")]).await;
    let told = payments.told().await;
    assert_eq!(
        (told.len(), told[0].0.as_str(), &told[0].1["reason"]),
        (1, "payment.voided", &"order_cancelled".into())
    );
}

#[tokio::test]
async fn a_hold_that_turns_up_for_a_cancelled_order_is_let_go() {
    let payments = Payments::new().await;
    let [held_late, asked] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(held_late, 5), requested(asked, 5)]).await.unwrap();
    payments.claim_manual().await;
    payments.record(&[timeout(asked)]).await;
    payments.apply(&[cancelled(held_late), cancelled(asked)]).await.unwrap();
    payments.record(&[held(held_late)]).await;
    assert_eq!(payments.types_told().await, ["payment.unknown"], "of the first nothing");
    payments.time_passes().await;
    let work = payments.claim_manual().await;
    assert_eq!(work.len(), 2);
    for work in work {
        let kind = if work["order_id"] == held_late.to_string() { "void" } else { "lookup" };
        assert_eq!((&work["kind"], &work["then"]), (&kind.into(), &"void".into()));
    }
    payments.record(&[charge(held_late, "voided"), charge(asked, "voided")]).await;
    assert_eq!(payments.types_told().await, ["payment.voided", "payment.voided"]);
}

#[tokio::test]
async fn a_hold_that_nobody_captures_is_let_go_when_its_time_is_up() {
    let payments = Payments::new().await;
    let order = payments.held_order(100).await;
    let sql = "SELECT extract(epoch FROM due_at - now())::int8 FROM intents WHERE order_id = $1";
    let seconds: i64 = payments.client.query_one(sql, &[&order]).await.unwrap().get(0);
    assert!((604_700..=604_800).contains(&seconds), "{seconds}");
    assert_eq!(payments.hold_expires(order).await[0]["kind"], "void");
    payments.record(&[charge(order, "voided")]).await;
    assert_eq!(payments.told().await[0].1["reason"], "authorization_expired");
}

#[tokio::test]
async fn a_capture_without_an_answer_is_told_once_and_asked_about_before_it_is_made_again() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[charge(order, "capture_unknown")]).await;
    assert_eq!((payments.types_told().await, tokens(&payments).await), (vec!["payment.unknown".to_owned()], 0));
    for _ in 0..3 {
        payments.time_passes().await;
        let work = payments.claim().await;
        assert_eq!((&work[0]["kind"], &work[0]["then"]), (&"lookup".into(), &"capture".into()));
        assert_eq!((&work[0]["authorization"], &work[0]["payment_token"]), (&format!("au_{order}").into(), &().into()));
        payments.record(&[charge(order, "capture_unknown")]).await;
    }
    payments.record(&[captured(order, 5)]).await;
    assert_eq!(payments.types_told().await, ["payment.captured"]);
}

#[tokio::test]
async fn who_dies_while_settling_leaves_a_lease_after_which_the_gateway_is_asked() {
    let payments = Payments::new().await;
    for wish in ["capture", "void"] {
        let order = payments.held_order(100).await;
        payments.settle(order, wish).await;
        assert_eq!(payments.claim_manual().await[0]["kind"], wish);
        assert_eq!(payments.claim_manual().await.len(), 0, "the lease holds");
        payments.client.execute("UPDATE intents SET due_at = now() WHERE order_id = $1", &[&order]).await.unwrap();
        let work = payments.claim_manual().await;
        assert_eq!((&work[0]["kind"], &work[0]["then"]), (&"lookup".into(), &wish.into()));
        payments.record(&[captured(order, 100)]).await;
        assert_eq!(payments.types_told().await, ["payment.captured"]);
    }
}

#[tokio::test]
async fn an_order_cancelled_while_its_capture_is_in_doubt_has_its_hold_let_go_or_its_money_told() {
    let payments = Payments::new().await;
    let [free, taken] = [Uuid::new_v4(), Uuid::new_v4()];
    payments.apply(&[requested(free, 5), requested(taken, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[charge(free, "capture_unknown"), charge(taken, "capture_unknown")]).await;
    payments.apply(&[cancelled(free), cancelled(taken)]).await.unwrap();
    payments.told().await;
    payments.time_passes().await;
    assert!(payments.claim().await.iter().all(|work| work["kind"] == "lookup" && work["then"] == "void"));
    payments.record(&[charge(free, "void_unknown"), captured(taken, 5)]).await;
    assert_eq!(payments.types_told().await, ["payment.captured"]);
    assert_eq!(payments.status(free).await, "voiding");
    payments.record(&[charge(free, "voided")]).await;
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.voided".to_owned()], 5));
}

#[tokio::test]
async fn a_hold_that_the_gateway_does_not_let_us_take_is_a_decline_and_is_let_go() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[capture_refused(order)]).await;
    let told = payments.told().await;
    assert_eq!(
        (told.len(), told[0].0.as_str(), &told[0].1["reason"]),
        (1, "payment.declined", &"authorization_expired".into())
    );
    assert_eq!(payments.claim().await[0]["kind"], "void");
    payments.record(&[charge(order, "voided")]).await;
    let told = payments.told().await;
    assert_eq!(
        (told.len(), told[0].0.as_str(), &told[0].1["reason"]),
        (1, "payment.voided", &"capture_refused".into())
    );
    let shown = payments.shown(order).await.unwrap();
    assert_eq!((&shown["status"], &shown["declined"]["reason"]), (&"voided".into(), &"authorization_expired".into()));
}

#[tokio::test]
async fn a_declined_payment_may_be_tried_again_under_a_key_of_its_own() {
    let payments = Payments::new().await;
    let order = Uuid::new_v4();
    payments.apply(&[requested(order, 5)]).await.unwrap();
    payments.claim().await;
    payments.record(&[declined(order)]).await;
    payments.apply(&[requested_again(order, 5, 1)]).await.unwrap();
    assert_eq!(payments.claim().await.len(), 0, "the same attempt is over");
    payments.apply(&[requested_again(order, 6, 2)]).await.unwrap();
    let work = payments.claim().await;
    assert_eq!((&work[0]["key"], &work[0]["amount_minor"]), (&format!("{order}:2").into(), &6.into()));
    // What is said late of the first attempt is not taken for the second.
    let mut late = declined(order);
    late["key"] = format!("{order}:1").into();
    payments.record(&[late]).await;
    payments.told().await;
    payments.record(&[captured(order, 6)]).await;
    assert_eq!((payments.types_told().await, payments.balance().await), (vec!["payment.captured".to_owned()], 6));
    let shown = payments.shown(order).await.unwrap();
    let outcomes: Vec<_> = shown["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["outcome"]).collect();
    assert_eq!(outcomes, ["declined", "captured"]);
}

#[tokio::test]
async fn the_database_refuses_a_hold_for_a_cancelled_order() {
    let payments = Payments::new().await;
    let order = payments.held_order(100).await;
    let sql = "UPDATE intents SET order_cancelled_at = now() WHERE order_id = $1";
    let refused = payments.client.execute(sql, &[&order]).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("intents_hold"));
}
