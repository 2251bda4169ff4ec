//! Orders, as their shoppers see them.

use super::{AppliedDiscount, RefundView, ReturnView, discounts};
use crate::domain::{
    quote::{Cart, Line, Quote},
    request::CheckoutRequest,
    status::Status,
};
use serde::{Deserialize, Serialize};
use souk_core::{address::Address, money::Money};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line of an order at the price it was ordered at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderItem {
    /// What was bought.
    pub sku: String,
    /// Name of the product and its variant.
    pub title: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Price of all.
    pub line_total: Money,
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelineEntry {
    /// One of the order's states, or `paid`, `payment_unknown`, `return_requested`, `return_rejected`,
    /// `refund_requested`, `partly_refunded`, `refund_failed`.
    #[schema(example = "placed")]
    pub status: String,
    /// RFC 3339.
    pub at: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Order)]
pub struct OrderView {
    /// Its id.
    pub id: Uuid,
    /// The number that people use.
    #[schema(example = "S-7KQ2-M9XR")]
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// RFC 3339.
    pub placed_at: String,
    /// What was ordered.
    pub items: Vec<OrderItem>,
    /// Sum of the lines.
    pub subtotal: Money,
    /// What the codes took off.
    pub discount: Money,
    /// Shipping.
    pub shipping: Money,
    /// Tax.
    pub tax: Money,
    /// What is paid.
    pub total: Money,
    /// What of it is back.
    pub refunded: Money,
    /// Each code's part of the discount.
    pub discounts: Vec<AppliedDiscount>,
    /// The codes that were used.
    pub promotion_codes: Vec<String>,
    /// How it is sent.
    pub shipping_method: String,
    /// How it is sent, for people.
    pub shipping_label: String,
    /// Name of the tax.
    pub tax_label: String,
    /// Where it goes; null once it was erased with its account.
    pub shipping_address: Option<Address>,
    /// Why it ended: insufficient_stock, unknown_sku, by_shopper, payment_declined, payment_timeout, stock_expired,
    /// stock_commit_failed, returned, or by_support for one that was refunded whole.
    pub reason: Option<String>,
    /// More about the reason, for people.
    pub detail: Option<String>,
    /// Whether it can still be cancelled.
    pub cancellable: bool,
    /// Money that goes or went back, oldest first.
    pub refunds: Vec<RefundView>,
    /// What was asked to send back, oldest first.
    pub returns: Vec<ReturnView>,
    /// What happened to it, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

impl OrderView {
    /// The order that was just made of `cart` at `quote`: what the database would say about it, without asking.
    pub fn placed(
        (id, number, placed_at): (Uuid, String, String),
        cart: &Cart,
        quote: &Quote,
        request: CheckoutRequest,
    ) -> Self {
        let item = |line: &Line| OrderItem {
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price(),
            // The quote has multiplied all lines already, so this one fits.
            line_total: line.unit_price().times(line.quantity).unwrap_or(line.unit_price()),
        };
        let status = Status::Placed;
        Self {
            id,
            number,
            status,
            items: cart.lines.iter().map(item).collect(),
            subtotal: quote.subtotal,
            discount: quote.discount,
            shipping: quote.shipping,
            tax: quote.tax,
            total: quote.total,
            refunded: Money::zero(quote.total.currency),
            discounts: discounts(quote),
            promotion_codes: request.promotion_codes,
            shipping_method: quote.chosen.method.clone(),
            shipping_label: quote.chosen.label.clone(),
            tax_label: quote.tax_label.clone(),
            shipping_address: Some(request.shipping_address),
            reason: None,
            detail: None,
            cancellable: status.is_cancellable(),
            refunds: vec![],
            returns: vec![],
            timeline: vec![TimelineEntry { status: status.as_str().to_owned(), at: placed_at.clone() }],
            placed_at,
        }
    }
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderSummary {
    /// Its id.
    pub id: Uuid,
    /// The number that people use.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// RFC 3339.
    pub placed_at: String,
    /// What is paid.
    pub total: Money,
    /// Pieces over all lines.
    pub pieces: u64,
    /// Titles of the first three lines.
    pub titles: Vec<String>,
}

/// A page of a shopper's orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrderPage {
    /// Newest first.
    pub items: Vec<OrderSummary>,
    /// Send it back as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}
