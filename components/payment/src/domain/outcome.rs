//! What came of a piece of work, as the database takes it. What a provider writes is cut and cleaned here.

use super::provider::{Charge, Money, Refund};
use serde::Serialize;
use uuid::Uuid;

/// Longest code and message of a provider that are kept, in characters.
const CODE_MAX: usize = 64;
const MESSAGE_MAX: usize = 300;

/// What `record_outcomes` (migration V10) takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    kind: &'static str,
    order_id: Uuid,
    key: String,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Outcome {
    /// The outcome `result` of an attempt.
    pub fn of_charge(charge: &Charge, result: &'static str) -> Self {
        Self::new("charge", charge.order_id, &charge.key, result)
    }

    /// The outcome `result` of a refund.
    pub fn of_refund(refund: &Refund, result: &'static str) -> Self {
        Self::new("refund", refund.order_id, &refund.key, result)
    }

    fn new(kind: &'static str, order_id: Uuid, key: &str, result: &'static str) -> Self {
        Self {
            kind,
            order_id,
            key: key.to_owned(),
            result,
            reference: None,
            amount_minor: None,
            currency: None,
            authorization: None,
            code: None,
            message: None,
        }
    }

    /// The order that it is about.
    pub fn order_id(&self) -> Uuid {
        self.order_id
    }

    /// With money that moved.
    pub(super) fn money(self, money: Money) -> Self {
        Self {
            amount_minor: Some(money.amount_minor),
            currency: Some(money.currency),
            ..self.reference(money.reference)
        }
    }

    /// With the provider's reference.
    pub(super) fn reference(self, reference: String) -> Self {
        Self { reference: Some(reference), ..self }
    }

    /// With the reference of the hold.
    pub(super) fn hold(self, authorization: &str) -> Self {
        Self { authorization: Some(authorization.to_owned()), ..self }
    }

    /// With the provider's reason.
    pub(super) fn because(self, code: &str, message: &str) -> Self {
        Self { code: Some(clean_code(code)), message: Some(clean_message(message)), ..self }
    }

    /// With a remark for the operator.
    pub(super) fn remark(self, message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..self }
    }
}

/// A provider's code, fit to be kept.
pub fn clean_code(code: &str) -> String {
    plain(code, CODE_MAX, "declined")
}

/// A provider's message, fit to be kept and shown.
pub fn clean_message(message: &str) -> String {
    plain(message, MESSAGE_MAX, "The payment was declined.")
}

/// Whether a provider's reference can be kept.
pub fn is_reference(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 200 && !text.contains(char::is_control)
}

/// The text without control characters, cut to `max`, or `otherwise` when nothing is left.
fn plain(text: &str, max: usize, otherwise: &str) -> String {
    let kept: String = text.chars().filter(|character| !character.is_control()).take(max).collect();
    if kept.trim().is_empty() { otherwise.to_owned() } else { kept }
}
