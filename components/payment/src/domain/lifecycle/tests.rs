use super::*;
use proptest::prelude::*;

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        3 => Just(Answer::Authorized),
        3 => (0i64..200).prop_map(Answer::Captured),
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
        3 => (1u32..4).prop_map(Step::Requested),
        1 => Just(Step::OrderCancelled),
        4 => Just(Step::Claimed),
        1 => Just(Step::HoldExpired),
        2 => Just(Step::CaptureWished),
        1 => Just(Step::VoidWished),
        8 => answer().prop_map(Step::Answered),
        4 => (0usize..4, 0i64..90).prop_map(|(id, amount)| Step::RefundRequested(id, amount)),
        3 => (0usize..4).prop_map(Step::Refunded),
        1 => (0usize..4).prop_map(Step::RefundDeclined),
        1 => (0usize..4).prop_map(Step::RefundTimeout),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..50)
}

fn is_of_refund(told: &Told) -> bool {
    matches!(told, Told::Refunded | Told::RefundFailed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn money_moves_once_each_way_and_never_more_back_than_came(story in steps()) {
        let (mut payment, mut told) = (Payment::default(), Vec::new());
        for step in story {
            let before = payment.clone();
            match payment.step(step) {
                Ok(news) => told.extend(news),
                Err(Refused) => prop_assert_eq!(&payment, &before, "a refused step changes nothing"),
            }
            prop_assert!(payment.balance() >= 0 && payment.promised() <= payment.captured.unwrap_or_default());
            prop_assert!(before.captured.is_none() || payment.captured == before.captured);
            prop_assert_eq!(payment.captured.is_some(), payment.status == Status::Captured);
            for (was, is) in before.refunds.iter().zip(&payment.refunds) {
                prop_assert!((was.id, was.amount) == (is.id, is.amount));
                prop_assert!(was.status != RefundStatus::Refunded || is.status == RefundStatus::Refunded);
            }
        }
        prop_assert!(told.iter().filter(|news| **news == Told::Captured).count() <= 1, "{:?}", told);
        let made = payment.refunds.iter().filter(|refund| refund.status == RefundStatus::Refunded).count();
        prop_assert_eq!(told.iter().filter(|news| **news == Told::Refunded).count(), made);
        // After a capture the charge is over: nothing more is told of it but refunds.
        if let Some(at) = told.iter().position(|news| *news == Told::Captured) {
            prop_assert!(told[at + 1..].iter().all(is_of_refund), "{:?}", told);
        }
    }

    #[test]
    fn an_order_cancelled_before_its_charge_began_is_never_charged(story in steps()) {
        let mut payment = Payment::default();
        payment.step(Step::Requested(1)).unwrap();
        payment.step(Step::OrderCancelled).unwrap();
        for step in story {
            let _ = payment.step(step);
            prop_assert_eq!(payment.claims, 0);
            prop_assert_eq!(payment.captured, None);
        }
    }

    #[test]
    fn nothing_is_held_for_a_cancelled_order_but_to_be_let_go(story in steps()) {
        let mut payment = Payment::default();
        for step in story {
            let told = payment.step(step).unwrap_or_default();
            prop_assert!(!payment.order_cancelled || payment.status != Status::Authorized);
            prop_assert!(!payment.order_cancelled || !told.contains(&Told::Authorized));
        }
    }

    /// Whatever came before, one last answer settles a payment that is with the gateway, and the order learns of it.
    #[test]
    fn every_payment_that_is_with_the_gateway_can_come_to_an_end(story in steps()) {
        use Status::{Authorized, Captured, Capturing, Charging, Unknown, Voided, Voiding};
        let mut payment = Payment::default();
        for step in story {
            let _ = payment.step(step);
        }
        if matches!(payment.status, Charging | Unknown | Authorized | Capturing | Voiding) {
            let mut other = payment.clone();
            prop_assert_eq!(payment.step(Step::Answered(Answer::Captured(1))), Ok(vec![Told::Captured]));
            prop_assert_eq!(payment.status, Captured);
            prop_assert!(other.step(Step::Answered(Answer::Voided)).unwrap().contains(&Told::Voided));
            prop_assert_eq!(other.status, Voided);
        }
    }
}

fn told(steps: impl IntoIterator<Item = Step>) -> Vec<Told> {
    let mut payment = Payment::default();
    steps.into_iter().flat_map(|step| payment.step(step).unwrap()).collect()
}

#[test]
fn a_timeout_is_no_decline() {
    let timeout = Step::Answered(Answer::Timeout);
    let story = [Step::Requested(1), Step::Claimed, timeout, timeout, Step::Answered(Answer::Captured(5))];
    assert_eq!(told(story), [Told::Unknown, Told::Captured]);
}

#[test]
fn a_hold_that_is_let_go_tells_the_order_only_when_it_waits() {
    let held = [Step::Requested(1), Step::Claimed, Step::Answered(Answer::Authorized)];
    let end = |step| told(held.into_iter().chain([step, Step::Answered(Answer::Voided)]));
    assert_eq!(end(Step::VoidWished), [Told::Authorized, Told::Voided, Told::Declined]);
    assert_eq!(end(Step::HoldExpired), [Told::Authorized, Told::Voided, Told::Declined]);
    assert_eq!(end(Step::OrderCancelled), [Told::Authorized, Told::Voided]);
}

#[test]
fn a_refused_charge_may_be_tried_again_but_not_one_that_may_yet_turn_up() {
    let begun = [Step::Requested(1), Step::Claimed];
    let mut payment = Payment::default();
    for step in begun.into_iter().chain([Step::Answered(Answer::Declined), Step::Requested(1)]) {
        payment.step(step).unwrap();
    }
    assert_eq!(payment.status, Status::Declined);
    payment.step(Step::Requested(2)).unwrap();
    assert_eq!((payment.status, payment.claims), (Status::Pending, 0));

    let mut payment = Payment::default();
    let lost = [Step::Answered(Answer::Timeout), Step::Answered(Answer::NotFound), Step::Requested(2)];
    for step in begun.into_iter().chain(lost) {
        payment.step(step).unwrap();
    }
    assert_eq!(payment.status, Status::Declined);
}

#[test]
fn a_charge_cut_off_by_a_crash_is_made_again_but_not_for_ever() {
    let mut payment = Payment::default();
    payment.step(Step::Requested(1)).unwrap();
    for _ in 1..MAX_CLAIMS {
        payment.step(Step::Claimed).unwrap();
        assert_eq!(payment.step(Step::Answered(Answer::NotFound)), Ok(vec![]));
        assert_eq!(payment.status, Status::Pending);
    }
    payment.step(Step::Claimed).unwrap();
    assert_eq!(payment.step(Step::Answered(Answer::NotFound)), Ok(vec![Told::Declined]));
}
