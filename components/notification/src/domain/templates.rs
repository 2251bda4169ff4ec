//! The files in `templates/`, compiled into the component, and the values they show. HTML is escaped by the file's
//! extension; text is not, and so everything shown passes through [`one_line`] first.

use super::amount::Amount;
use super::events::{Destination, Line, Order};
use super::mail::Reason;
use askama::Template;
use std::borrow::Cow;
use uuid::Uuid;

type Parts = Result<(String, String), askama::Error>;

/// Columns of a text mail's tables.
const TEXT_WIDTH: usize = 60;

/// Where mails send the shopper.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    url: &'a str,
}

impl<'a> Shop<'a> {
    /// The shop at `url`, with or without a slash at its end.
    pub fn new(url: &'a str) -> Self {
        Self { url: url.trim_end_matches('/') }
    }

    /// The first page.
    pub fn home(&self) -> String {
        format!("{}/", self.url)
    }

    /// The page of an order.
    pub fn order_url(&self, order_id: Uuid) -> String {
        format!("{}/orders/{order_id}", self.url)
    }
}

/// `raw` with everything that could start a new line or turn the text around replaced by a space.
pub(super) fn one_line(raw: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if raw.contains(bad) { Cow::Owned(raw.replace(bad, " ").trim().to_owned()) } else { Cow::Borrowed(raw.trim()) }
}

/// An order as the mails show it.
pub(super) struct OrderView<'a> {
    pub(super) number: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) lines: Vec<LineView<'a>>,
    pub(super) sums: Vec<(&'static str, Amount)>,
    pub(super) total: Amount,
    pub(super) address: Vec<Cow<'a, str>>,
    pub(super) url: String,
}

/// A line of an order as the mails show it.
pub(super) struct LineView<'a> {
    pub(super) title: Cow<'a, str>,
    pub(super) quantity: u32,
    /// Price of one piece, where the event has it.
    pub(super) unit_price: Option<Amount>,
    /// Price of all pieces.
    pub(super) total: Option<Amount>,
}

impl<'a> OrderView<'a> {
    /// What there is to show of `order`.
    pub(super) fn new(order: &'a Order<'_>, shop: &Shop<'_>) -> Self {
        let parts = [("Goods", order.subtotal), ("Shipping", order.shipping), ("Tax", order.tax)];
        let mut sums: Vec<_> = parts.into_iter().filter_map(|(label, money)| Some((label, Amount(money?)))).collect();
        if let Some(discount) = order.discount.filter(|discount| discount.amount_minor != 0) {
            let mut taken_off = discount;
            taken_off.amount_minor = discount.amount_minor.saturating_neg();
            sums.insert(sums.len().min(1), ("Discount", Amount(taken_off)));
        }
        Self {
            number: one_line(&order.number),
            name: one_line(&order.name),
            lines: order.lines.iter().map(LineView::new).collect(),
            sums,
            total: Amount(order.total),
            address: order.shipping_address.as_ref().map(address_lines).unwrap_or_default(),
            url: shop.order_url(order.order_id),
        }
    }

    /// The sums in a text mail, the total last.
    fn text_sums(&self) -> Vec<String> {
        let total = ("Total", self.total);
        self.sums.iter().chain([&total]).map(|(label, amount)| text_row(label, amount)).collect()
    }
}

impl<'a> LineView<'a> {
    fn new(line: &'a Line<'_>) -> Self {
        Self {
            title: one_line(if line.title.is_empty() { &line.sku } else { &line.title }),
            quantity: line.quantity,
            unit_price: line.unit_price.map(Amount),
            total: line.unit_price.and_then(|price| price.times(line.quantity).ok()).map(Amount),
        }
    }

    /// The line in a text mail.
    fn text(&self) -> String {
        let label = format!("{} x {}", self.quantity, self.title);
        match self.total {
            Some(total) => text_row(&label, &total),
            None => label,
        }
    }
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

/// A label and an amount at the two ends of a line, or on two lines when they do not fit into one.
fn text_row(label: &str, amount: &Amount) -> String {
    let amount = amount.to_string();
    let used = label.chars().count() + 1 + amount.chars().count();
    if used > TEXT_WIDTH {
        return format!("{label}\n{amount:>TEXT_WIDTH$}");
    }
    format!("{label}{:pad$}{amount}", "", pad = TEXT_WIDTH - used + 1)
}

/// Declares a mail's HTML and text templates with one set of fields, and the function that renders both.
macro_rules! pair {
    ($render:ident, $html:ident $html_path:literal, $text:ident $text_path:literal, $($field:ident: $type:ty),*) => {
        #[derive(Template)]
        #[template(path = $html_path)]
        struct $html<'a> { shop: &'a Shop<'a>, subject: &'a str, $($field: $type),* }

        #[derive(Template)]
        #[template(path = $text_path)]
        struct $text<'a> { shop: &'a Shop<'a>, $($field: $type),* }

        pub(super) fn $render<'a>(shop: &'a Shop<'a>, subject: &'a str, $($field: $type),*) -> Parts {
            let html = $html { shop, subject, $($field),* }.render()?;
            let text = $text { shop, $($field),* }.render()?;
            Ok((html, text))
        }
    };
}

pair!(welcome, WelcomeHtml "welcome.html", WelcomeText "welcome.txt", name: &'a str);
pair!(order_confirmed, ConfirmedHtml "order_confirmed.html", ConfirmedText "order_confirmed.txt",
      order: &'a OrderView<'a>);
pair!(order_rejected, RejectedHtml "order_rejected.html", RejectedText "order_rejected.txt",
      order: &'a OrderView<'a>);
pair!(order_cancelled, CancelledHtml "order_cancelled.html", CancelledText "order_cancelled.txt",
      order: &'a OrderView<'a>, reason: &'a Reason, said: Option<&'a str>);
pair!(payment_refunded, RefundedHtml "payment_refunded.html", RefundedText "payment_refunded.txt",
      name: &'a str, number: &'a str, amount: Amount, order_url: &'a str);
