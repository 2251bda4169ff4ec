//! What a batch of events leads to, in the shape that `apply_effects` in the migrations takes.

use super::mail::Mail;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The consequences of one event.
#[derive(Debug, Serialize)]
pub struct Effect {
    /// The event's id.
    pub id: Uuid,
    /// Whom to write to about the order from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The mail to send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// What became of an earlier mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Outcome>,
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
    /// W3C trace context of the event that caused it.
    pub traceparent: Option<String>,
}

/// What became of a mail.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// The message.
    pub message_id: Uuid,
    /// `delivered` or `failed`.
    pub status: &'static str,
    /// Why it failed.
    pub error: Option<String>,
}
