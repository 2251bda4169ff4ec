//! The shapes of the API's answers. Carts and orders are written as JSON by the database (migrations V2); that its
//! documents are these shapes, field for field, is tested in tests/checkout.rs.

use super::{
    quote::{Cart, Quote},
    request::CheckoutRequest,
    status::Status,
};
use serde::{Deserialize, Serialize};
use souk_core::{address::Address, money::Money};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line of a cart at today's price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartItem {
    /// What is to be bought.
    pub sku: String,
    /// Name of the product and its variant.
    pub title: String,
    /// Address name of the product's page.
    pub slug: String,
    /// Picture of the product.
    pub image_url: Option<String>,
    /// Pieces, 1 to 1000.
    pub quantity: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Price of all.
    pub line_total: Money,
    /// False once it can no longer be bought; such a line must be taken out before checkout, and does not count.
    pub available: bool,
}

/// A shopper's open cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename = "Cart")]
#[schema(as = Cart)]
pub struct CartView {
    /// Null until something was put in.
    pub id: Option<Uuid>,
    /// Grows with each change.
    pub version: u64,
    /// In the order in which they were put in.
    pub items: Vec<CartItem>,
    /// Sum of the lines that are available.
    pub subtotal: Money,
}

/// A way to send the cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShippingOption {
    /// Send it back as `shipping_method`.
    pub method: String,
    /// What the shopper reads.
    pub label: String,
    /// Its price, before any code that makes shipping free.
    pub amount: Money,
}

/// What a promotion code earned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppliedDiscount {
    /// The code.
    pub code: String,
    /// What the shopper reads.
    pub label: String,
    /// What it takes off the goods.
    pub amount: Money,
    /// Whether it makes shipping free.
    pub free_shipping: bool,
}

/// What the cart costs, all of it. Binding only at checkout, which compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteView {
    /// Sum of the lines.
    pub subtotal: Money,
    /// What the codes take off, zero or more.
    pub discount: Money,
    /// Shipping by the chosen method.
    pub shipping: Money,
    /// Tax.
    pub tax: Money,
    /// subtotal - discount + shipping + tax
    pub total: Money,
    /// The chosen method.
    pub shipping_method: String,
    /// All methods that reach the address.
    pub shipping_options: Vec<ShippingOption>,
    /// Each code's part.
    pub discounts: Vec<AppliedDiscount>,
    /// Name of the tax, as in "VAT 23 %".
    pub tax_label: String,
}

impl From<&Quote> for QuoteView {
    fn from(quote: &Quote) -> Self {
        let money = |amount_minor| Money::new(amount_minor, quote.total.currency);
        let option = |rate: &super::quote::Rate| ShippingOption {
            method: rate.method.clone(),
            label: rate.label.clone(),
            amount: money(rate.amount_minor),
        };
        Self {
            subtotal: quote.subtotal,
            discount: quote.discount,
            shipping: quote.shipping,
            tax: quote.tax,
            total: quote.total,
            shipping_method: quote.chosen.method.clone(),
            shipping_options: quote.rates.iter().map(option).collect(),
            discounts: discounts(quote),
            tax_label: quote.tax_label.clone(),
        }
    }
}

/// What each code of a quote earned.
pub fn discounts(quote: &Quote) -> Vec<AppliedDiscount> {
    let applied = |discount: &super::quote::Discount| AppliedDiscount {
        code: discount.code.clone(),
        label: discount.label.clone(),
        amount: Money::new(discount.amount_minor, quote.total.currency),
        free_shipping: discount.free_shipping,
    };
    quote.discounts.iter().map(applied).collect()
}

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
    /// One of the order's states, or `paid`, `payment_unknown`, `refund_requested`.
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
    /// Each code's part of the discount.
    pub discounts: Vec<AppliedDiscount>,
    /// The codes as the shopper gave them.
    pub promotion_codes: Vec<String>,
    /// How it is sent.
    pub shipping_method: String,
    /// How it is sent, for people.
    pub shipping_label: String,
    /// Name of the tax.
    pub tax_label: String,
    /// Where it goes; null once it was erased with its account.
    pub shipping_address: Option<Address>,
    /// Why it was rejected or cancelled: insufficient_stock, unknown_sku, by_shopper, payment_declined,
    /// payment_timeout, stock_expired or stock_commit_failed.
    pub reason: Option<String>,
    /// More about the reason, for people.
    pub detail: Option<String>,
    /// Whether it can still be cancelled.
    pub cancellable: bool,
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
        let item = |line: &super::quote::Line| OrderItem {
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
            discounts: discounts(quote),
            promotion_codes: request.promotion_codes,
            shipping_method: quote.chosen.method.clone(),
            shipping_label: quote.chosen.label.clone(),
            tax_label: quote.tax_label.clone(),
            shipping_address: Some(request.shipping_address),
            reason: None,
            detail: None,
            cancellable: status.is_cancellable(),
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
