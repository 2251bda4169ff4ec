//! What the gateway tells by itself: the events that it may send, and what they must contain.

use super::outcome::{clean_code, clean_message, is_reference};
use serde::{Deserialize, Serialize};
use souk_core::{address::FieldError, money::Money};
use utoipa::ToSchema;

/// An event of the payment provider. Members that are not named here are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct WebhookEvent {
    /// Unique for the event, also when it is sent again.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9_.:-]+$", example = "evt_1")]
    pub id: String,
    /// `charge.captured`, `charge.declined`, `refund.succeeded` or `refund.failed`; others are accepted and do nothing.
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9_.]+$", example = "charge.captured")]
    pub type_: String,
    /// What it is about.
    pub data: WebhookData,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct WebhookData {
    /// The key under which the shop asked: that of the attempt (`order_id:attempt`) or of the refund.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9_.:-]+$")]
    pub key: String,
    /// The provider's reference of the charge or refund; needed for charge.captured and refund.succeeded.
    #[schema(min_length = 1, max_length = 200)]
    pub reference: Option<String>,
    /// How much moved; needed for charge.captured and refund.succeeded.
    pub amount: Option<Money>,
    /// Why it was refused, for charge.declined and refund.failed.
    pub code: Option<String>,
    /// The same in words that may be shown to the shopper.
    pub message: Option<String>,
}

/// What `receive_webhook` (migration V13) takes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Received {
    id: String,
    #[serde(rename = "type")]
    type_: String,
    key: String,
    reference: Option<String>,
    amount_minor: Option<i64>,
    currency: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

impl Received {
    /// The key of the attempt or refund that it names.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl WebhookEvent {
    /// Checks what it contains; on failure one entry per field that does not pass.
    pub fn check(self) -> Result<Received, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut need = |passes: bool, field: &str, message: &str| {
            if !passes {
                errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
            }
        };
        let data = &self.data;
        let moves = matches!(self.type_.as_str(), "charge.captured" | "refund.succeeded");
        let refuses = matches!(self.type_.as_str(), "charge.declined" | "refund.failed");
        need(is_word(&self.id, 200), "id", "must be 1 to 200 letters, digits, or _ . : -");
        need(is_type(&self.type_), "type", "must be 1 to 64 small letters, digits, or _ .");
        need(is_word(&data.key, 200), "data.key", "must be 1 to 200 letters, digits, or _ . : -");
        need(!moves || data.reference.is_some(), "data.reference", "is needed for this type");
        need(
            data.reference.as_deref().is_none_or(is_reference),
            "data.reference",
            "must be 1 to 200 characters, none of them a control character",
        );
        need(!moves || data.amount.is_some(), "data.amount", "is needed for this type");
        if !errors.is_empty() {
            return Err(errors);
        }
        let data = self.data;
        Ok(Received {
            id: self.id,
            type_: self.type_,
            key: data.key,
            reference: data.reference,
            amount_minor: data.amount.map(|amount| amount.amount_minor),
            currency: data.amount.map(|amount| amount.currency.to_string()),
            code: refuses.then(|| clean_code(data.code.as_deref().unwrap_or_default())),
            message: refuses.then(|| clean_message(data.message.as_deref().unwrap_or_default())),
        })
    }
}

fn is_word(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-'))
}

fn is_type(text: &str) -> bool {
    is_word(text, 64)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(kind: &str, data: Value) -> Result<Received, Vec<String>> {
        let event: WebhookEvent = serde_json::from_value(json!({"id": "evt_1", "type": kind, "data": data})).unwrap();
        event.check().map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn what_moved_money_says_how_much_and_under_which_reference() {
        let whole = json!({"key": "o:1", "reference": "ch_1", "amount": {"amount_minor": 5, "currency": "EUR"}});
        let received = serde_json::to_value(event("charge.captured", whole).unwrap()).unwrap();
        assert_eq!(
            (&received["amount_minor"], &received["currency"], &received["code"]),
            (&5.into(), &"EUR".into(), &Value::Null)
        );
        for kind in ["charge.captured", "refund.succeeded"] {
            assert_eq!(event(kind, json!({"key": "o:1"})).unwrap_err(), ["data.reference", "data.amount"]);
        }
    }

    #[test]
    fn a_refusal_has_a_code_and_words_whatever_the_gateway_wrote() {
        let received =
            serde_json::to_value(event("refund.failed", json!({"key": "k", "message": "a\u{0}b"})).unwrap()).unwrap();
        assert_eq!((&received["code"], &received["message"]), (&"declined".into(), &"ab".into()));
    }

    #[test]
    fn names_that_cannot_be_ours_are_refused() {
        for key in ["", " ", "a\u{0}", "é", &"k".repeat(201)] {
            assert_eq!(event("charge.declined", json!({"key": key})).unwrap_err(), ["data.key"]);
        }
        assert_eq!(event("Charge.Declined", json!({"key": "k"})).unwrap_err(), ["type"]);
        let long = json!({"key": "k", "reference": "x\ny"});
        assert_eq!(event("payout.created", long).unwrap_err(), ["data.reference"]);
        assert!(event("payout.created", json!({"key": "k", "other": 1})).is_ok());
    }
}
