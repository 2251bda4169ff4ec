//! The SQL functions do what the specification in domain::lifecycle says: both are told the same random stories.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use souk_payment::domain::lifecycle::{Payment, Refused, Status, Step, Told};
use std::collections::BTreeMap;
use support::*;
use uuid::Uuid;

const STORIES: usize = 150;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Requested),
        1 => Just(Step::OrderCancelled),
        4 => Just(Step::Claimed),
        3 => (0i64..100).prop_map(Step::Captured),
        1 => Just(Step::Declined),
        2 => Just(Step::NotFound),
        2 => Just(Step::Timeout),
        6 => (0i64..60).prop_map(Step::RefundRequested),
        5 => Just(Step::Refunded),
        1 => Just(Step::RefundFailed),
    ]
}

/// Does the step in the database. False when it was refused.
async fn play(payments: &Payments, order: Uuid, step: Step) -> bool {
    let event = match step {
        Step::Requested => Some(requested(order, 50)),
        Step::OrderCancelled => Some(cancelled(order)),
        Step::RefundRequested(amount) => Some(refund_requested(order, amount)),
        _ => None,
    };
    if let Some(event) = event {
        return payments.apply(&[event]).await.is_ok();
    }
    let outcome = match step {
        Step::Captured(amount) => captured(order, amount),
        Step::Declined => declined(order),
        Step::NotFound => not_found(order),
        Step::Timeout => timeout(order),
        Step::Refunded => refunded(order),
        Step::RefundFailed => refund_failed(order),
        _ => {
            payments.claim().await;
            return true;
        }
    };
    payments.record(&[outcome]).await;
    true
}

async fn status(payments: &Payments, order: Uuid) -> Status {
    let row = payments.client.query_opt("SELECT status FROM intents WHERE order_id = $1", &[&order]).await.unwrap();
    match row.map(|row| row.get::<_, String>(0)).as_deref() {
        None => Status::Absent,
        Some("pending") => Status::Pending,
        Some("charging") => Status::Charging,
        Some("unknown") => Status::Unknown,
        Some("captured") => Status::Captured,
        Some("declined") => Status::Declined,
        Some("cancelled") => Status::Cancelled,
        Some(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_database_and_the_specification_tell_the_same_of_every_story() {
    let payments = Payments::new().await;
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(7), ..Config::default() });
    // Most stories begin as they do in a shop; what never began is told in the others.
    let beginning = prop::sample::select(vec![0, 1, 2, 2, 2, 2]);
    let stories = (beginning, prop::collection::vec(step(), 3..24)).prop_map(|(steps, rest)| {
        let mut story = [Step::Requested, Step::Claimed][..steps].to_vec();
        story.extend(rest);
        story
    });
    let mut told_in_all = BTreeMap::<String, u32>::new();
    for number in 0..STORIES {
        let story = stories.new_tree(&mut runner).unwrap().current();
        let (order, mut model) = (Uuid::new_v4(), Payment::default());
        let before = payments.balance().await;
        for (at, step) in story.iter().enumerate() {
            // A claim of a charge that is under way asks about it, which the model does not count.
            let expected = model.step(*step);
            let accepted = play(&payments, order, *step).await;
            let context = format!("story {number}, step {at} of {story:?}");
            assert_eq!(accepted, expected != Err(Refused), "{context}");
            let told = payments.types_told().await;
            let expected: Vec<&str> = expected.ok().flatten().map(name).into_iter().collect();
            assert_eq!(told, expected, "{context}");
            assert_eq!(status(&payments, order).await, model.status, "{context}");
            told.into_iter().for_each(|kind| *told_in_all.entry(kind).or_default() += 1);
        }
        assert_eq!(payments.balance().await - before, model.balance(), "story {number}: {story:?}");
        // Leave nothing due for the next story.
        payments.client.execute("UPDATE intents SET due_at = 'infinity' WHERE due_at IS NOT NULL", &[]).await.unwrap();
        payments.client.execute("UPDATE refunds SET due_at = 'infinity' WHERE due_at IS NOT NULL", &[]).await.unwrap();
    }
    let rarest = told_in_all.values().min().copied().unwrap_or_default();
    assert!(told_in_all.len() == 4 && rarest >= 5, "the stories are worth telling: {told_in_all:?}");
}

fn name(told: Told) -> &'static str {
    match told {
        Told::Captured => "payment.captured",
        Told::Declined => "payment.declined",
        Told::Unknown => "payment.unknown",
        Told::Refunded => "payment.refunded",
    }
}
