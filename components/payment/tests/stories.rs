//! The SQL functions do what the specification in domain::lifecycle says: both are told the same random stories.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;
use souk_payment::domain::lifecycle::{Answer, Payment, Status, Step, Told};
use std::collections::BTreeMap;
use support::*;
use uuid::Uuid;

const STORIES: usize = 200;

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => Just(Answer::Authorized),
        3 => (0i64..100).prop_map(Answer::Captured),
        1 => Just(Answer::Declined),
        2 => Just(Answer::NotFound),
        1 => Just(Answer::Voided),
        1 => Just(Answer::CaptureRefused),
        2 => Just(Answer::Timeout),
        1 => Just(Answer::CaptureUnknown),
        1 => Just(Answer::VoidUnknown),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1u32..4).prop_map(Step::Requested),
        1 => Just(Step::OrderCancelled),
        3 => Just(Step::Claimed),
        1 => Just(Step::HoldExpired),
        2 => Just(Step::CaptureWished),
        1 => Just(Step::VoidWished),
        8 => answer().prop_map(Step::Answered),
        6 => (0usize..4, 0i64..60).prop_map(|(id, amount)| Step::RefundRequested(id, amount)),
        5 => (0usize..4).prop_map(Step::Refunded),
        2 => (0usize..4).prop_map(Step::RefundDeclined),
        1 => (0usize..4).prop_map(Step::RefundTimeout),
    ]
}

/// An order in a story, and the ids of the refunds that it may ask for. The first is a refund without an id of its own.
struct Story {
    order: Uuid,
    refunds: [Uuid; 4],
}

/// Does the step in the database. False when it was refused.
async fn play(payments: &Payments, story: &Story, step: Step) -> bool {
    let order = story.order;
    let event = match step {
        Step::Requested(attempt) => Some(requested_again(order, 50, attempt)),
        Step::OrderCancelled => Some(cancelled(order)),
        Step::RefundRequested(0, amount) => Some(refund_requested(order, amount)),
        Step::RefundRequested(id, amount) => Some(part_requested(order, story.refunds[id], amount)),
        _ => None,
    };
    if let Some(event) = event {
        return payments.apply(&[event]).await.is_ok();
    }
    let outcome = match step {
        Step::Answered(answer) => answered(order, answer),
        Step::Refunded(id) => part_refunded(order, story.refunds[id]),
        Step::RefundDeclined(id) => part_declined(order, story.refunds[id]),
        Step::RefundTimeout(id) => part_timeout(order, story.refunds[id]),
        Step::CaptureWished | Step::VoidWished => {
            payments.settle(order, if step == Step::CaptureWished { "capture" } else { "void" }).await;
            return true;
        }
        Step::HoldExpired => {
            payments.hold_expires(order).await;
            return true;
        }
        _ => {
            payments.claim().await;
            return true;
        }
    };
    payments.record(&[outcome]).await;
    true
}

fn answered(order: Uuid, answer: Answer) -> Value {
    match answer {
        Answer::Authorized => held(order),
        Answer::Captured(amount) => captured(order, amount),
        Answer::Declined => declined(order),
        Answer::NotFound => not_found(order),
        Answer::Voided => charge(order, "voided"),
        Answer::CaptureRefused => capture_refused(order),
        Answer::Timeout => timeout(order),
        Answer::CaptureUnknown => charge(order, "capture_unknown"),
        Answer::VoidUnknown => charge(order, "void_unknown"),
    }
}

async fn status(payments: &Payments, order: Uuid) -> Status {
    let row = payments.client.query_opt("SELECT status FROM intents WHERE order_id = $1", &[&order]).await.unwrap();
    match row.map(|row| row.get::<_, String>(0)).as_deref() {
        None => Status::Absent,
        Some("pending") => Status::Pending,
        Some("charging") => Status::Charging,
        Some("unknown") => Status::Unknown,
        Some("authorized") => Status::Authorized,
        Some("capturing") => Status::Capturing,
        Some("voiding") => Status::Voiding,
        Some("captured") => Status::Captured,
        Some("declined") => Status::Declined,
        Some("voided") => Status::Voided,
        Some("cancelled") => Status::Cancelled,
        Some(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_database_and_the_specification_tell_the_same_of_every_story() {
    let payments = Payments::new().await;
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(7), ..Config::default() });
    // Most stories begin as they do in a shop; what never began is told in the others.
    let beginning = prop::sample::select(vec![0, 1, 2, 2, 2, 3, 3, 4, 4]);
    let stories = (beginning, prop::collection::vec(step(), 3..30)).prop_map(|(steps, rest)| {
        let (held, taken) = (Step::Answered(Answer::Authorized), Step::Answered(Answer::Captured(50)));
        let mut story = [Step::Requested(1), Step::Claimed, held, taken][..steps].to_vec();
        story.extend(rest);
        story
    });
    let mut told_in_all = BTreeMap::<String, u32>::new();
    for number in 0..STORIES {
        let steps = stories.new_tree(&mut runner).unwrap().current();
        let order = Uuid::new_v4();
        let story = Story { order, refunds: [order, Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()] };
        let mut model = Payment::default();
        let before = payments.balance().await;
        for (at, step) in steps.iter().enumerate() {
            // A claim of a charge that is under way asks about it, which the model does not count.
            let expected = model.step(*step);
            let accepted = play(&payments, &story, *step).await;
            let context = format!("story {number}, step {at} of {steps:?}");
            assert_eq!(accepted, expected.is_ok(), "{context}");
            let told = payments.types_told().await;
            let expected: Vec<&str> = expected.unwrap_or_default().into_iter().map(name).collect();
            assert_eq!(told, expected, "{context}");
            assert_eq!(status(&payments, order).await, model.status, "{context}");
            told.into_iter().for_each(|kind| *told_in_all.entry(kind).or_default() += 1);
        }
        assert_eq!(payments.balance().await - before, model.balance(), "story {number}: {steps:?}");
        // Leave nothing due for the next story.
        payments.client.execute("UPDATE intents SET due_at = 'infinity' WHERE due_at IS NOT NULL", &[]).await.unwrap();
        payments.client.execute("UPDATE refunds SET due_at = 'infinity' WHERE due_at IS NOT NULL", &[]).await.unwrap();
    }
    let rarest = told_in_all.values().min().copied().unwrap_or_default();
    assert!(told_in_all.len() == 7 && rarest >= 5, "the stories are worth telling: {told_in_all:?}");
}

fn name(told: Told) -> &'static str {
    match told {
        Told::Authorized => "payment.authorized",
        Told::Captured => "payment.captured",
        Told::Declined => "payment.declined",
        Told::Unknown => "payment.unknown",
        Told::Voided => "payment.voided",
        Told::Refunded => "payment.refunded",
        Told::RefundFailed => "payment.refund_failed",
    }
}
