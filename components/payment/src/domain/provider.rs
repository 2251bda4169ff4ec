//! A payment provider, as the rules know it.

use serde::Deserialize;
use std::fmt;
use uuid::Uuid;

/// The shopper's means of payment, an opaque token. It shows itself to the provider only.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PaymentToken(String);

impl PaymentToken {
    /// The token itself, for the provider.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentToken(***)")
    }
}

/// What is wanted of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// Take the money.
    Capture,
    /// Nothing yet: somebody decides later.
    Hold,
    /// Let it go.
    Void,
}

/// One attempt to pay for an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// The order that is paid for.
    pub order_id: Uuid,
    /// The provider's idempotency key.
    pub key: String,
    /// What to do with the hold.
    pub then: Wish,
    /// The shopper's means of payment, until the hold is known.
    pub payment_token: Option<PaymentToken>,
    /// The provider's reference of the hold, once it is known.
    pub authorization: Option<String>,
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
    /// The provider's idempotency key.
    pub key: String,
    /// The provider's reference of the capture.
    pub capture_reference: String,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// Money that the provider holds or took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The provider's reference.
    pub reference: String,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// What a provider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The money is held.
    Authorized(Money),
    /// The money was taken.
    Captured(Money),
    /// The hold was let go.
    Voided,
    /// The provider refused, for good.
    Declined {
        /// Stable.
        code: String,
        /// May be shown to the shopper.
        message: String,
    },
    /// The provider never saw the attempt.
    NotFound,
    /// The money was given back.
    Refunded {
        /// The provider's reference.
        reference: String,
    },
    /// No answer in time.
    Timeout,
}

/// A payment provider. Each call is idempotent by its key.
pub trait Gateway {
    /// Holds the money.
    fn authorize(&self, charge: &Charge) -> Answer;
    /// Says what became of an attempt.
    fn lookup(&self, charge: &Charge) -> Answer;
    /// Takes what is held as `authorization`.
    fn capture(&self, charge: &Charge, authorization: &str) -> Answer;
    /// Lets go what is held as `authorization`.
    fn void(&self, charge: &Charge, authorization: &str) -> Answer;
    /// Gives money back.
    fn refund(&self, refund: &Refund) -> Answer;
}
