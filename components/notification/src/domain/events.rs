//! The events that this service listens to, as it reads them: only the fields that a mail needs, and any others are
//! passed over, so that a publisher may add some.

use serde::{Deserialize, Deserializer};
use souk_core::event::{Event, InvalidEvent};
use souk_core::money::Money;
use std::borrow::Cow;
use std::fmt;
use uuid::Uuid;

/// What this service acts on.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// Somebody opened an account.
    Registered(Registered<'a>),
    /// An order is paid and its stock is committed.
    Confirmed(Order<'a>),
    /// An order could not be filled.
    Rejected(Order<'a>),
    /// An order was called off.
    Cancelled(Order<'a>),
    /// Money went back to the shopper.
    Refunded(Refunded),
    /// The mailer handed a mail over.
    Delivered(Report<'a>),
    /// The mailer gave a mail up.
    Failed(Report<'a>),
}

impl<'a> Incoming<'a> {
    /// Whether events of this type are acted on at all.
    pub fn wants(event_type: &str) -> bool {
        matches!(
            event_type,
            "user.registered"
                | "order.confirmed"
                | "order.rejected"
                | "order.cancelled"
                | "payment.refunded"
                | "mail.delivered"
                | "mail.failed"
        )
    }

    /// Reads an event; `None` for a type that is not acted on.
    pub fn read(event: &'a Event) -> Result<Option<Self>, InvalidEvent> {
        Ok(Some(match event.type_.as_str() {
            "user.registered" => Self::Registered(event.data()?),
            "order.confirmed" => Self::Confirmed(event.data()?),
            "order.rejected" => Self::Rejected(event.data()?),
            "order.cancelled" => Self::Cancelled(event.data()?),
            "payment.refunded" => Self::Refunded(event.data()?),
            "mail.delivered" => Self::Delivered(event.data()?),
            "mail.failed" => Self::Failed(event.data()?),
            _ => return Ok(None),
        }))
    }
}

/// `user.registered`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Registered<'a> {
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
}

/// `order.confirmed`, `order.rejected` and `order.cancelled`; the latter two leave the parts of the sum out.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Order<'a> {
    pub order_id: Uuid,
    #[serde(deserialize_with = "text_or_number")]
    pub number: String,
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(default, borrow)]
    pub lines: Vec<Line<'a>>,
    #[serde(default)]
    pub subtotal: Option<Money>,
    #[serde(default)]
    pub discount: Option<Money>,
    #[serde(default)]
    pub shipping: Option<Money>,
    #[serde(default)]
    pub tax: Option<Money>,
    pub total: Money,
    #[serde(default, borrow)]
    pub shipping_address: Option<Destination<'a>>,
    #[serde(default, borrow)]
    pub reason: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub detail: Option<Cow<'a, str>>,
}

/// One line of an order.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Line<'a> {
    #[serde(borrow)]
    pub sku: Cow<'a, str>,
    #[serde(default, borrow)]
    pub title: Cow<'a, str>,
    pub quantity: u32,
    #[serde(default)]
    pub unit_price: Option<Money>,
}

/// Where an order goes.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Destination<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub line1: Cow<'a, str>,
    #[serde(default, borrow)]
    pub line2: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub city: Cow<'a, str>,
    #[serde(borrow)]
    pub postal_code: Cow<'a, str>,
    #[serde(default, borrow)]
    pub region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub country: Cow<'a, str>,
}

/// `payment.refunded`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Refunded {
    pub order_id: Uuid,
    pub amount: Money,
}

/// `mail.delivered` and `mail.failed`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Report<'a> {
    pub message_id: Uuid,
    #[serde(default, borrow)]
    pub error: Option<Cow<'a, str>>,
}

/// An order's number is for people: whether it is written as text or as a number does not matter here.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Number;
    impl serde::de::Visitor<'_> for Number {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an order number")
        }
        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }
    deserializer.deserialize_any(Number)
}
