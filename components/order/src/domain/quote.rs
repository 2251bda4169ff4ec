//! What a cart costs: its lines at the offers they were loaded with, plus what the checkout plug-ins say.
//!
//! Plug-ins are a trait here, so that everything but their composition runs natively. They are believed about their
//! subject and about nothing else: amounts outside of what their contract allows fail the request (plugin_answer.rs).

use super::{
    plugin_answer,
    promotion::{self, Asked, Rule},
};
use serde::Deserialize;
use souk_core::{
    address::Address,
    money::{Currency, Money, MoneyError},
};
use uuid::Uuid;

/// A line of the cart with the offer it is priced by.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Line {
    /// What is bought.
    pub sku: String,
    /// Name of the product and its variant.
    pub title: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece.
    pub unit_price_minor: i64,
    /// Currency of the price.
    pub currency: Currency,
    /// Weight of one piece.
    pub grams: u32,
    /// Whether it can still be bought.
    pub active: bool,
}

impl Line {
    /// Price of one piece.
    pub fn unit_price(&self) -> Money {
        Money::new(self.unit_price_minor, self.currency)
    }
}

/// An open cart as `checkout_load` gives it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Cart {
    /// Its id.
    pub id: Uuid,
    /// Currency of all its lines.
    pub currency: Currency,
    /// Stands for everything a quote depends on; null without lines. `place_order` compares it.
    pub fingerprint: Option<String>,
    /// What is in it.
    pub lines: Vec<Line>,
    /// What is known about the promotion codes that were asked for.
    #[serde(default)]
    pub promotions: Vec<Asked>,
}

/// A way to send the cart, and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Stable name.
    pub method: String,
    /// What the shopper reads.
    pub label: String,
    /// Price.
    pub amount_minor: i64,
}

/// A discount that a code earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// The code.
    pub code: String,
    /// What the shopper reads.
    pub label: String,
    /// What it takes off.
    pub amount_minor: i64,
    /// Whether shipping costs nothing.
    pub free_shipping: bool,
}

/// The tax on a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// What is due.
    pub amount_minor: i64,
    /// What the shopper reads.
    pub label: String,
}

/// A plug-in's "no", which the shopper can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable name of the reason.
    pub code: String,
    /// What the shopper reads.
    pub message: String,
}

/// The three checkout plug-ins (wit/checkout).
pub trait Plugins {
    /// The ways to send the cart, cheapest first; empty where it cannot be delivered.
    fn rates(&self, cart: &Cart, destination: &Address) -> Result<Vec<Rate>, Refusal>;
    /// What the rules of the asked codes earn.
    fn discounts(&self, cart: &Cart, destination: &Address, rules: &[Rule]) -> Result<Vec<Discount>, Refusal>;
    /// The tax, given what is taken off and what shipping costs.
    fn tax(&self, cart: &Cart, destination: &Address, discount: i64, shipping: i64) -> Result<Tax, Refusal>;
}

/// What a cart costs, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Sum of the lines.
    pub subtotal: Money,
    /// What the codes take off, zero or more.
    pub discount: Money,
    /// The chosen way to send it.
    pub shipping: Money,
    /// Tax.
    pub tax: Money,
    /// subtotal - discount + shipping + tax
    pub total: Money,
    /// The chosen way.
    pub chosen: Rate,
    /// All ways.
    pub rates: Vec<Rate>,
    /// Each code's part.
    pub discounts: Vec<Discount>,
    /// Name of the tax.
    pub tax_label: String,
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuoteError {
    /// Nothing to buy.
    #[error("the cart is empty")]
    Empty,
    /// These SKUs cannot be bought any more.
    #[error("no longer for sale: {0:?}")]
    Unavailable(Vec<String>),
    /// No way leads there.
    #[error("not deliverable to {0}")]
    NotDeliverable(String),
    /// The asked method is not one of these.
    #[error("no such shipping method; there is {0:?}")]
    UnknownMethod(Vec<String>),
    /// A plug-in said no.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The total is nothing, and there are no orders without a payment.
    #[error("nothing to pay")]
    NothingToPay,
    /// Amounts beyond all measure.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// A plug-in broke its contract.
    #[error("plug-in {0} gave {1}")]
    Plugin(&'static str, String),
}

/// What the cart costs when sent to `destination` by `method` (or the cheapest one), with the codes it was loaded with.
pub fn quote(
    cart: &Cart,
    destination: &Address,
    method: Option<&str>,
    plugins: &impl Plugins,
) -> Result<Quote, QuoteError> {
    if cart.lines.is_empty() {
        return Err(QuoteError::Empty);
    }
    let for_sale = |line: &&Line| line.active && line.currency == cart.currency;
    let gone: Vec<String> = cart.lines.iter().filter(|line| !for_sale(line)).map(|line| line.sku.clone()).collect();
    if !gone.is_empty() {
        return Err(QuoteError::Unavailable(gone));
    }
    let money = |amount_minor| Money::new(amount_minor, cart.currency);
    let line_totals = cart.lines.iter().map(|line| line.unit_price().times(line.quantity));
    let subtotal = Money::sum(cart.currency, line_totals.collect::<Result<Vec<_>, _>>()?)?;

    let rates = plugin_answer::rates(plugins.rates(cart, destination))?;
    let chosen = match method {
        None => rates.iter().min_by_key(|rate| rate.amount_minor),
        Some(name) => rates.iter().find(|rate| rate.method == name),
    };
    let Some(chosen) = chosen.cloned() else {
        return Err(match rates.is_empty() {
            true => QuoteError::NotDeliverable(destination.country.clone()),
            false => QuoteError::UnknownMethod(rates.into_iter().map(|rate| rate.method).collect()),
        });
    };
    let rules = promotion::usable(&cart.promotions).map_err(QuoteError::Refused)?;
    let discounts = match rules.as_slice() {
        [] => vec![],
        rules => plugin_answer::discounts(plugins.discounts(cart, destination, rules), rules, subtotal.amount_minor)?,
    };
    let discount = Money::sum(cart.currency, discounts.iter().map(|discount| money(discount.amount_minor)))?;
    let is_free = discounts.iter().any(|discount| discount.free_shipping);
    let shipping = money(if is_free { 0 } else { chosen.amount_minor });
    let tax = plugin_answer::tax(plugins.tax(cart, destination, discount.amount_minor, shipping.amount_minor))?;
    let taxed = money(tax.amount_minor);
    let total = subtotal.checked_sub(discount)?.checked_add(shipping)?.checked_add(taxed)?;
    if total.amount_minor == 0 {
        return Err(QuoteError::NothingToPay);
    }
    Ok(Quote { subtotal, discount, shipping, tax: taxed, total, chosen, rates, discounts, tax_label: tax.label })
}

/// The part of a quote's tax that is on its shipping: what would not be due if sending it cost nothing. All of the tax
/// counts as that of the goods where the plug-in has no answer to that.
pub fn tax_on_shipping(cart: &Cart, destination: &Address, quote: &Quote, plugins: &impl Plugins) -> i64 {
    let tax = quote.tax.amount_minor;
    if tax == 0 || quote.shipping.amount_minor == 0 {
        return 0;
    }
    let on_goods = plugin_answer::tax(plugins.tax(cart, destination, quote.discount.amount_minor, 0));
    on_goods.map_or(0, |on_goods| (tax - on_goods.amount_minor).max(0))
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
