//! Orders as mails show them.

use super::amount::Amount;
use super::events::{Destination, Line, Order, ReturnedLine};
use super::locale::Locale;
use super::text::one_line;
use super::words::Words;
use souk_core::money::Money;
use std::borrow::Cow;

/// Goods, what they come to, and where they go.
#[derive(Debug, PartialEq, Eq)]
pub struct OrderView<'a> {
    pub lines: Vec<LineView<'a>>,
    pub sums: Vec<(&'static str, Amount)>,
    pub total: Amount,
    pub address: Vec<Cow<'a, str>>,
}

/// Pieces of one thing.
#[derive(Debug, PartialEq, Eq)]
pub struct LineView<'a> {
    pub title: Cow<'a, str>,
    pub quantity: u32,
    /// Price of one piece, where the event has it.
    pub unit_price: Option<Amount>,
    /// Price of all pieces.
    pub total: Option<Amount>,
}

impl<'a> OrderView<'a> {
    /// What there is to show of `order`.
    pub fn new(order: &'a Order<'_>, locale: Locale) -> Self {
        let words = Words::of(locale);
        let amount = |money| Amount(money, locale);
        let parts = [(words.goods, order.subtotal), (words.shipping, order.shipping), (words.tax, order.tax)];
        let mut sums: Vec<_> = parts.into_iter().filter_map(|(label, money)| Some((label, amount(money?)))).collect();
        if let Some(discount) = order.discount.filter(|discount| discount.amount_minor != 0) {
            let taken_off = Money::new(discount.amount_minor.saturating_neg(), discount.currency);
            sums.insert(sums.len().min(1), (words.discount, amount(taken_off)));
        }
        let lines = order.lines.iter().map(|line| LineView::new(line, locale)).collect();
        let address = order.shipping_address.as_ref().map(address_lines).unwrap_or_default();
        Self { lines, sums, total: amount(order.total), address }
    }

    /// Goods that came back, and what is paid back for them.
    pub fn returned(lines: &'a [ReturnedLine<'_>], refund: Money, locale: Locale) -> Self {
        let line = |line: &'a ReturnedLine<'_>| LineView {
            title: title(&line.title, &line.sku),
            quantity: line.quantity,
            unit_price: None,
            total: None,
        };
        Self {
            lines: lines.iter().map(line).collect(),
            sums: Vec::new(),
            total: Amount(refund, locale),
            address: Vec::new(),
        }
    }
}

impl<'a> LineView<'a> {
    fn new(line: &'a Line<'_>, locale: Locale) -> Self {
        Self {
            title: title(&line.title, &line.sku),
            quantity: line.quantity,
            unit_price: line.unit_price.map(|price| Amount(price, locale)),
            total: line.unit_price.and_then(|price| price.times(line.quantity).ok()).map(|sum| Amount(sum, locale)),
        }
    }
}

/// What a thing is called, on one line.
pub fn title<'a>(title: &'a str, sku: &'a str) -> Cow<'a, str> {
    one_line(if title.trim().is_empty() { sku } else { title })
}

fn address_lines<'a>(to: &'a Destination<'_>) -> Vec<Cow<'a, str>> {
    let city = match &to.region {
        Some(region) if !region.is_empty() => format!("{} {}, {region}", to.postal_code, to.city),
        _ => format!("{} {}", to.postal_code, to.city),
    };
    let lines = [&*to.name, &*to.line1, to.line2.as_deref().unwrap_or("")];
    let mut lines: Vec<_> = lines.into_iter().map(one_line).collect();
    lines.push(Cow::Owned(one_line(&city).into_owned()));
    lines.push(one_line(&to.country));
    lines.retain(|line| !line.is_empty());
    lines
}
