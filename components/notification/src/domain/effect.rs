//! What a batch of events leads to, in the shape that `apply_effects` in the migrations takes.

use super::locale::Locale;
use super::mail::Mail;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use souk_core::money::Money;
use uuid::Uuid;

/// The consequences of one event.
#[derive(Debug, Serialize)]
pub struct Effect {
    /// The event's id.
    pub id: Uuid,
    /// When it happened, RFC 3339.
    pub occurred_at: String,
    /// Who an account is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// The account that is to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase: Option<Uuid>,
    /// Whom to write to about the order from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The mail to send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The event itself, when the mail may be made again from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<RawValue>>,
    /// What became of an earlier mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Outcome>,
}

/// Who an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The account.
    pub user_id: Uuid,
    /// Its address.
    pub email: String,
    /// Its holder's name.
    pub name: String,
    /// The language that it names.
    pub locale: Locale,
}

/// Whom to write to about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The order.
    pub order_id: Uuid,
    /// Its number, as the shopper knows it.
    pub number: String,
    /// The shopper.
    pub user_id: Uuid,
    /// The shopper's address.
    pub email: String,
    /// The shopper's name.
    pub name: String,
    /// What the order came to; unknown for orders from before that was noted.
    pub total: Option<Money>,
}

/// A mail and what it is about.
#[derive(Debug, Serialize)]
pub struct Message {
    /// UUIDv7; the mailer delivers a message id once.
    pub id: Uuid,
    /// Whose message it is.
    pub user_id: Uuid,
    /// The order that it is about.
    pub order_id: Option<Uuid>,
    /// The mail.
    #[serde(flatten)]
    pub mail: Mail,
    /// Its recipient asked for it a moment ago.
    pub asked_for: bool,
    /// W3C trace context of the event that caused it.
    pub traceparent: Option<String>,
    /// The message that this one repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resend_of: Option<Uuid>,
    /// Who sends it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resent_by: Option<Uuid>,
}

/// What became of a mail.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// The message.
    pub message_id: Uuid,
    /// `delivered`, `failed` or `bounced`.
    pub status: &'static str,
    /// Why it failed.
    pub error: Option<String>,
}
