//! One piece of work for the gateway, and how its answer is read. An answer that makes no sense counts as none: the
//! gateway is asked again, and nothing is taken for a decline that was not one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest code and message of a gateway that are kept, in characters.
const CODE_MAX: usize = 64;
const MESSAGE_MAX: usize = 300;

/// What `claim_work` (migration V4) hands out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Work {
    /// Take the money.
    Charge(Charge),
    /// Ask what became of a charge.
    Lookup(Charge),
    /// Give the money back.
    Refund(Refund),
}

/// A charge, as it is made and as it is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// The order that is paid for.
    pub order_id: Uuid,
    /// The gateway's idempotency key.
    pub key: String,
    /// The shopper's means of payment.
    pub payment_token: String,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// A refund of a capture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// The order whose payment is given back.
    pub order_id: Uuid,
    /// The gateway's idempotency key.
    pub key: String,
    /// The gateway's reference of the capture.
    pub capture_reference: String,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// What a gateway answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The money was taken.
    Captured {
        /// The gateway's reference.
        reference: String,
        /// Minor units.
        amount_minor: i64,
        /// ISO 4217.
        currency: String,
    },
    /// The gateway refused.
    Declined {
        /// Stable.
        code: String,
        /// May be shown to the shopper.
        message: String,
    },
    /// The gateway never saw the charge.
    NotFound,
    /// The money was given back.
    Refunded {
        /// The gateway's reference.
        reference: String,
    },
    /// No answer in time.
    Timeout,
}

/// A payment provider. Each call is idempotent by its key.
pub trait Gateway {
    /// Takes money.
    fn charge(&self, charge: &Charge) -> Answer;
    /// Says what became of a charge.
    fn lookup(&self, charge: &Charge) -> Answer;
    /// Gives money back.
    fn refund(&self, refund: &Refund) -> Answer;
}

/// What `record_outcomes` (migration V4) takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    kind: &'static str,
    order_id: Uuid,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Does one piece of work. What costs nothing (a voucher paid for all of it) is not brought before the gateway.
pub fn perform(gateway: &impl Gateway, work: &Work) -> Outcome {
    match work {
        Work::Charge(charge) | Work::Lookup(charge) if charge.amount_minor == 0 => {
            let reference = format!("free:{}", charge.key);
            outcome(
                "charge",
                charge.order_id,
                Answer::Captured { reference, amount_minor: 0, currency: charge.currency.clone() },
            )
        }
        Work::Charge(charge) => outcome("charge", charge.order_id, gateway.charge(charge)),
        Work::Lookup(charge) => outcome("lookup", charge.order_id, gateway.lookup(charge)),
        Work::Refund(refund) if refund.amount_minor == 0 => {
            outcome("refund", refund.order_id, Answer::Refunded { reference: format!("free:{}", refund.key) })
        }
        Work::Refund(refund) => outcome("refund", refund.order_id, gateway.refund(refund)),
    }
}

fn outcome(kind: &'static str, order_id: Uuid, answer: Answer) -> Outcome {
    let mut outcome = Outcome {
        kind,
        order_id,
        result: "timeout",
        reference: None,
        amount_minor: None,
        currency: None,
        code: None,
        message: None,
    };
    match answer {
        Answer::Captured { reference, amount_minor, currency }
            if kind != "refund" && is_reference(&reference) && amount_minor >= 0 && is_currency(&currency) =>
        {
            outcome.result = "captured";
            outcome.reference = Some(reference);
            outcome.amount_minor = Some(amount_minor);
            outcome.currency = Some(currency);
        }
        Answer::Refunded { reference } if kind == "refund" && is_reference(&reference) => {
            outcome.result = "refunded";
            outcome.reference = Some(reference);
        }
        Answer::Declined { code, message } => {
            outcome.result = "declined";
            outcome.code = Some(plain(&code, CODE_MAX, "declined"));
            outcome.message = Some(plain(&message, MESSAGE_MAX, "The payment was declined."));
        }
        Answer::NotFound if kind == "lookup" => outcome.result = "not_found",
        Answer::NotFound | Answer::Captured { .. } | Answer::Refunded { .. } => {
            outcome.message = Some("the gateway's answer makes no sense".to_owned());
        }
        Answer::Timeout => {}
    }
    outcome
}

fn is_reference(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && !text.contains(char::is_control)
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The text without control characters, cut to `max`, or `otherwise` when nothing is left.
fn plain(text: &str, max: usize, otherwise: &str) -> String {
    let kept: String = text.chars().filter(|character| !character.is_control()).take(max).collect();
    if kept.trim().is_empty() { otherwise.to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Says(Answer);

    impl Gateway for Says {
        fn charge(&self, _: &Charge) -> Answer {
            self.0.clone()
        }
        fn lookup(&self, _: &Charge) -> Answer {
            self.0.clone()
        }
        fn refund(&self, _: &Refund) -> Answer {
            self.0.clone()
        }
    }

    fn work(kind: &str, amount_minor: i64) -> Work {
        serde_json::from_value(json!({
            "kind": kind, "order_id": Uuid::nil(), "key": "k", "payment_token": "tok_success", "capture_reference": "r",
            "amount_minor": amount_minor, "currency": "EUR",
        }))
        .unwrap()
    }

    fn result(kind: &str, answer: Answer) -> serde_json::Value {
        serde_json::to_value(perform(&Says(answer), &work(kind, 100))).unwrap()
    }

    fn captured(reference: &str, amount_minor: i64, currency: &str) -> Answer {
        Answer::Captured { reference: reference.to_owned(), amount_minor, currency: currency.to_owned() }
    }

    #[test]
    fn a_capture_is_told_with_what_was_really_taken() {
        let told = result("charge", captured("ref", 99, "USD"));
        assert_eq!(
            told,
            json!({"kind": "charge", "order_id": Uuid::nil(), "result": "captured", "reference": "ref",
                "amount_minor": 99, "currency": "USD"})
        );
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_none() {
        for (kind, answer) in [
            ("charge", captured("", 100, "EUR")),
            ("charge", captured("ref", -1, "EUR")),
            ("lookup", captured("ref", 100, "euro")),
            ("charge", Answer::NotFound),
            ("charge", Answer::Refunded { reference: "ref".to_owned() }),
            ("refund", captured("ref", 100, "EUR")),
            ("refund", Answer::Refunded { reference: "a\nb".to_owned() }),
            ("refund", Answer::NotFound),
        ] {
            assert_eq!(result(kind, answer.clone())["result"], "timeout", "{kind} {answer:?}");
        }
        assert_eq!(result("lookup", Answer::NotFound)["result"], "not_found");
    }

    #[test]
    fn what_a_gateway_writes_is_cut_and_cleaned() {
        let told = result("charge", Answer::Declined { code: "\u{0}".to_owned(), message: "é\u{7}".repeat(400) });
        assert_eq!(told["code"], "declined");
        assert_eq!(told["message"], "é".repeat(300));
    }

    #[test]
    fn what_costs_nothing_never_reaches_the_gateway() {
        let never = Says(Answer::Declined { code: "asked".to_owned(), message: String::new() });
        for (kind, expected) in [("charge", "captured"), ("lookup", "captured"), ("refund", "refunded")] {
            let told = serde_json::to_value(perform(&never, &work(kind, 0))).unwrap();
            assert_eq!(told["result"], expected);
            assert_eq!(told["reference"], "free:k");
        }
    }
}
