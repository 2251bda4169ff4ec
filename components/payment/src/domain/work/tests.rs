use super::*;
use serde_json::{Value, json};
use std::cell::RefCell;
use uuid::Uuid;

/// A gateway that gives one answer after the other, and remembers what it was asked.
struct Says {
    answers: RefCell<Vec<Answer>>,
    asked: RefCell<Vec<String>>,
}

impl Says {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        answers.reverse();
        Self { answers: RefCell::new(answers), asked: RefCell::default() }
    }

    fn next(&self, question: String) -> Answer {
        self.asked.borrow_mut().push(question);
        self.answers.borrow_mut().pop().expect("no more questions")
    }
}

impl Gateway for Says {
    fn authorize(&self, _: &Charge) -> Answer {
        self.next("authorize".to_owned())
    }
    fn lookup(&self, _: &Charge) -> Answer {
        self.next("lookup".to_owned())
    }
    fn capture(&self, _: &Charge, authorization: &str) -> Answer {
        self.next(format!("capture {authorization}"))
    }
    fn void(&self, _: &Charge, authorization: &str) -> Answer {
        self.next(format!("void {authorization}"))
    }
    fn refund(&self, _: &Refund) -> Answer {
        self.next("refund".to_owned())
    }
}

fn work(kind: &str, then: &str, amount_minor: i64) -> Work {
    serde_json::from_value(json!({
        "kind": kind, "order_id": Uuid::nil(), "key": "k", "then": then, "payment_token": "tok_success",
        "authorization": "known", "capture_reference": "r", "amount_minor": amount_minor, "currency": "EUR",
    }))
    .unwrap()
}

/// The outcome, and what the gateway was asked for it.
fn told(kind: &str, then: &str, answers: impl IntoIterator<Item = Answer>) -> (Value, Vec<String>) {
    let gateway = Says::new(answers);
    let outcome = perform(&gateway, &work(kind, then, 100));
    (serde_json::to_value(outcome).unwrap(), gateway.asked.into_inner())
}

fn result(kind: &str, then: &str, answers: impl IntoIterator<Item = Answer>) -> String {
    told(kind, then, answers).0["result"].as_str().unwrap().to_owned()
}

fn money(reference: &str, amount_minor: i64, currency: &str) -> Money {
    Money { reference: reference.to_owned(), amount_minor, currency: currency.to_owned() }
}

fn held() -> Answer {
    Answer::Authorized(money("hold", 100, "EUR"))
}

fn taken() -> Answer {
    Answer::Captured(money("ref", 100, "EUR"))
}

fn no() -> Answer {
    Answer::Declined { code: "no".to_owned(), message: "No.".to_owned() }
}

#[test]
fn what_is_held_is_captured_in_the_same_piece_of_work_and_told_as_it_was_taken() {
    let (outcome, asked) = told("charge", "capture", [held(), Answer::Captured(money("ref", 99, "USD"))]);
    assert_eq!(
        outcome,
        json!({"kind": "charge", "order_id": Uuid::nil(), "key": "k", "result": "captured", "reference": "ref",
            "amount_minor": 99, "currency": "USD", "authorization": "hold"})
    );
    assert_eq!(asked, ["authorize", "capture hold"]);
}

#[test]
fn a_hold_is_kept_let_go_or_taken_as_is_wished() {
    for kind in ["charge", "lookup"] {
        assert_eq!(result(kind, "hold", [held()]), "authorized");
        assert_eq!(result(kind, "void", [held(), Answer::Voided]), "voided");
        assert_eq!(result(kind, "capture", [held(), taken()]), "captured");
    }
    assert_eq!(told("capture", "capture", [taken()]).1, ["capture known"]);
    assert_eq!(told("void", "void", [Answer::Voided]).1, ["void known"]);
}

#[test]
fn a_void_that_comes_too_late_tells_of_the_capture() {
    assert_eq!(result("void", "void", [taken()]), "captured");
    assert_eq!(result("lookup", "void", [taken()]), "captured");
}

#[test]
fn where_the_gateway_fell_silent_is_told() {
    for (then, expected) in [("capture", "capture_unknown"), ("void", "void_unknown")] {
        let (outcome, _) = told("charge", then, [held(), Answer::Timeout]);
        assert_eq!((&outcome["result"], &outcome["authorization"]), (&expected.into(), &"hold".into()));
    }
    assert_eq!(result("charge", "capture", [Answer::Timeout]), "timeout");
    assert_eq!(result("lookup", "capture", [Answer::Timeout]), "timeout");
    assert_eq!(result("refund", "capture", [Answer::Timeout]), "timeout");
}

#[test]
fn what_was_refused_is_told() {
    assert_eq!(result("charge", "capture", [no()]), "declined");
    assert_eq!(result("lookup", "void", [no()]), "declined");
    assert_eq!(result("charge", "capture", [held(), no()]), "capture_refused");
    assert_eq!(result("lookup", "void", [held(), no()]), "void_refused");
    assert_eq!(result("refund", "capture", [no()]), "declined");
}

#[test]
fn an_answer_that_makes_no_sense_is_none() {
    let back = |reference: &str| Answer::Refunded { reference: reference.to_owned() };
    for (kind, answer) in [
        ("charge", taken()),
        ("charge", Answer::NotFound),
        ("charge", Answer::Voided),
        ("charge", back("ref")),
        ("charge", Answer::Authorized(money("", 100, "EUR"))),
        ("charge", Answer::Authorized(money("hold", 99, "EUR"))),
        ("charge", Answer::Authorized(money("hold", 100, "USD"))),
        ("lookup", Answer::Captured(money("", 100, "EUR"))),
        ("lookup", Answer::Captured(money("ref", -1, "EUR"))),
        ("lookup", Answer::Captured(money("ref", 100, "euro"))),
        ("refund", taken()),
        ("refund", held()),
        ("refund", back("a\nb")),
        ("refund", Answer::NotFound),
    ] {
        assert_eq!(result(kind, "capture", [answer.clone()]), "timeout", "{kind} {answer:?}");
    }
    assert_eq!(result("lookup", "capture", [Answer::NotFound]), "not_found");
    assert_eq!(result("charge", "capture", [held(), held()]), "capture_unknown");
    assert_eq!(result("void", "void", [Answer::NotFound]), "void_unknown");
    assert_eq!(result("lookup", "void", [Answer::Authorized(money("hold", 1, "USD")), Answer::Voided]), "voided");
}

#[test]
fn what_a_gateway_writes_is_cut_and_cleaned() {
    let answer = Answer::Declined { code: "\u{0}".to_owned(), message: "é\u{7}".repeat(400) };
    let (outcome, _) = told("charge", "capture", [answer]);
    assert_eq!(outcome["code"], "declined");
    assert_eq!(outcome["message"], "é".repeat(300));
}

#[test]
fn what_costs_nothing_never_reaches_the_gateway() {
    for (kind, then, expected) in [
        ("charge", "capture", "captured"),
        ("charge", "hold", "captured"),
        ("lookup", "capture", "captured"),
        ("lookup", "void", "voided"),
        ("refund", "capture", "refunded"),
    ] {
        let outcome = serde_json::to_value(perform(&Says::new([]), &work(kind, then, 0))).unwrap();
        assert_eq!(outcome["result"], expected);
        assert!(expected == "voided" || outcome["reference"] == "free:k");
    }
}

#[test]
fn a_payment_token_shows_itself_to_nobody_else() {
    let shown = format!("{:?}", work("charge", "capture", 1));
    assert!(!shown.contains("tok_success") && shown.contains("PaymentToken(***)"), "{shown}");
}
