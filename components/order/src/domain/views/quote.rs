//! Quotes.

use crate::domain::quote::{Discount, Quote, Rate};
use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;

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
        let option = |rate: &Rate| ShippingOption {
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
    let applied = |discount: &Discount| AppliedDiscount {
        code: discount.code.clone(),
        label: discount.label.clone(),
        amount: Money::new(discount.amount_minor, quote.total.currency),
        free_shipping: discount.free_shipping,
    };
    quote.discounts.iter().map(applied).collect()
}
