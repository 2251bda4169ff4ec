//! The events that this service listens to, as it reads them: only the fields that a mail needs, and any others are
//! passed over, so that a publisher may add some.

use super::locale::Locale;
use serde::{Deserialize, Deserializer};
use souk_core::event::{Event, InvalidEvent};
use souk_core::money::Money;
use std::borrow::Cow;
use std::fmt;
use uuid::Uuid;

/// Declares what is acted on: the variant, the type of its events, and the shape of their data.
macro_rules! incoming {
    ($($(#[$doc:meta])* $name:ident($data:ty) = $type_:literal),* $(,)?) => {
        /// What this service acts on.
        #[derive(Debug)]
        pub enum Incoming<'a> { $($(#[$doc])* $name($data)),* }

        impl<'a> Incoming<'a> {
            /// Whether events of this type are acted on at all.
            pub fn wants(event_type: &str) -> bool {
                matches!(event_type, $($type_)|*)
            }

            /// Reads an event; `None` for a type that is not acted on.
            pub fn read(event: &'a Event) -> Result<Option<Self>, InvalidEvent> {
                Ok(Some(match event.type_.as_str() {
                    $($type_ => Self::$name(event.data()?),)*
                    _ => return Ok(None),
                }))
            }
        }
    };
}

incoming! {
    /// Somebody opened an account.
    Registered(Account<'a>) = "user.registered",
    /// An account has another name, address or language.
    Updated(Account<'a>) = "user.updated",
    /// An account is no more.
    Deleted(Deleted) = "user.deleted",
    /// An address is to be proved.
    VerificationRequested(Link<'a>) = "user.verification_requested",
    /// Somebody forgot a password.
    PasswordResetRequested(Link<'a>) = "user.password_reset_requested",
    /// An account has another password.
    PasswordChanged(Account<'a>) = "user.password_changed",
    /// An order is paid and its stock is committed.
    Confirmed(Order<'a>) = "order.confirmed",
    /// An order could not be filled.
    Rejected(Order<'a>) = "order.rejected",
    /// An order was called off.
    Cancelled(Order<'a>) = "order.cancelled",
    /// An order was handed to the carrier.
    Shipped(Order<'a>) = "order.shipped",
    /// An order has arrived.
    OrderDelivered(Order<'a>) = "order.delivered",
    /// Somebody wants to send goods back.
    ReturnRequested(Order<'a>) = "order.return_requested",
    /// Goods came back.
    Returned(Returned<'a>) = "order.returned",
    /// Money went back to the shopper.
    Refunded(Refunded) = "payment.refunded",
    /// Something can be bought again.
    BackInStock(BackInStock<'a>) = "stock.back_in_stock",
    /// The mailer handed a mail over.
    MailDelivered(Report<'a>) = "mail.delivered",
    /// The mailer gave a mail up.
    MailFailed(Report<'a>) = "mail.failed",
    /// The mail server said that there is no such address.
    MailBounced(Report<'a>) = "mail.bounced",
}

/// `user.registered`, `user.updated` and `user.password_changed`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Account<'a> {
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(default)]
    pub locale: Option<Locale>,
}

/// `user.deleted`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Deleted {
    pub user_id: Uuid,
}

/// `user.verification_requested` and `user.password_reset_requested`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Link<'a> {
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(default)]
    pub locale: Option<Locale>,
    #[serde(borrow)]
    pub token: Cow<'a, str>,
    #[serde(default, borrow)]
    pub expires_at: Option<Cow<'a, str>>,
}

/// The events about an order as a whole; all but `order.confirmed` leave the parts of the sum out.
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
    #[serde(default, borrow)]
    pub shortages: Option<Vec<Shortage<'a>>>,
    #[serde(default, borrow)]
    pub carrier: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub tracking_number: Option<Cow<'a, str>>,
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

/// Something that there is not enough of.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Shortage<'a> {
    #[serde(borrow)]
    pub sku: Cow<'a, str>,
}

/// Where an order goes.
#[derive(Debug, Default, Deserialize)]
#[allow(missing_docs)]
#[serde(default)]
pub struct Destination<'a> {
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(borrow)]
    pub line1: Cow<'a, str>,
    #[serde(borrow)]
    pub line2: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub city: Cow<'a, str>,
    #[serde(borrow)]
    pub postal_code: Cow<'a, str>,
    #[serde(borrow)]
    pub region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub country: Cow<'a, str>,
}

/// `order.returned`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Returned<'a> {
    pub order_id: Uuid,
    #[serde(deserialize_with = "text_or_number")]
    pub number: String,
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(default, borrow)]
    pub lines: Vec<ReturnedLine<'a>>,
    pub refund: Money,
}

/// Pieces that came back.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct ReturnedLine<'a> {
    #[serde(borrow)]
    pub sku: Cow<'a, str>,
    #[serde(default, borrow)]
    pub title: Cow<'a, str>,
    pub quantity: u32,
}

/// `payment.refunded`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Refunded {
    pub order_id: Uuid,
    pub amount: Money,
}

/// `stock.back_in_stock`.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub struct BackInStock<'a> {
    #[serde(borrow)]
    pub sku: Cow<'a, str>,
    #[serde(default, borrow)]
    pub title: Cow<'a, str>,
    #[serde(default, borrow)]
    pub slug: Option<Cow<'a, str>>,
    pub user_id: Uuid,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(default)]
    pub available: i64,
}

/// `mail.delivered`, `mail.failed` and `mail.bounced`.
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
