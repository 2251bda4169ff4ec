//! The mails: one function for each, from an event to subject, HTML and text.
//!
//! Whatever people typed (names, titles, addresses) is one line when it gets here and is escaped by the HTML
//! templates, so no name can break out of its place.

use super::amount::Amount;
use super::effect::Contact;
use super::events::{Order, Registered};
use super::templates::{self, OrderView, Shop};
use serde::Serialize;
use souk_core::money::Money;

/// A rendered mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Which of the mails it is; unique together with the event that caused it.
    pub template: &'static str,
    /// The recipient's address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part, which says the same.
    pub text: String,
}

/// Rendering failed, which only a defect in a template can cause.
pub type RenderError = askama::Error;

/// After an account was opened.
pub fn welcome(account: &Registered<'_>, shop: &Shop<'_>) -> Result<Mail, RenderError> {
    let name = templates::one_line(&account.name);
    let subject = "Welcome to Souk".to_owned();
    let (html, text) = templates::welcome(shop, &subject, &name)?;
    Ok(Mail { template: "welcome", to: account.email.clone().into_owned(), subject, html, text })
}

/// After an order was paid and its stock committed.
pub fn order_confirmed(order: &Order<'_>, shop: &Shop<'_>) -> Result<Mail, RenderError> {
    let view = OrderView::new(order, shop);
    let subject = format!("Your order {} is confirmed", view.number);
    let (html, text) = templates::order_confirmed(shop, &subject, &view)?;
    Ok(mail("order_confirmed", order, subject, html, text))
}

/// After an order could not be filled.
pub fn order_rejected(order: &Order<'_>, shop: &Shop<'_>) -> Result<Mail, RenderError> {
    let view = OrderView::new(order, shop);
    let subject = format!("We could not fill your order {}", view.number);
    let (html, text) = templates::order_rejected(shop, &subject, &view)?;
    Ok(mail("order_rejected", order, subject, html, text))
}

/// After an order was called off, with the reason in plain words.
pub fn order_cancelled(order: &Order<'_>, shop: &Shop<'_>) -> Result<Mail, RenderError> {
    let view = OrderView::new(order, shop);
    let subject = format!("Your order {} is cancelled", view.number);
    let reason = cancellation(order.reason.as_deref().unwrap_or_default());
    // What the gateway says about a declined card may be shown to the shopper; other details are not for mails.
    let said = order.detail.as_deref().filter(|_| order.reason.as_deref() == Some("payment_declined"));
    let said = said.map(templates::one_line);
    let (html, text) = templates::order_cancelled(shop, &subject, &view, &reason, said.as_deref())?;
    Ok(mail("order_cancelled", order, subject, html, text))
}

/// After money went back to the shopper.
pub fn payment_refunded(to: &Contact, amount: Money, shop: &Shop<'_>) -> Result<Mail, RenderError> {
    let (number, name) = (templates::one_line(&to.number), templates::one_line(&to.name));
    let amount = Amount(amount);
    let subject = format!("{amount} on the way back to you");
    let order_url = shop.order_url(to.order_id);
    let (html, text) = templates::payment_refunded(shop, &subject, &name, &number, amount, &order_url)?;
    Ok(Mail { template: "payment_refunded", to: to.email.clone(), subject, html, text })
}

fn mail(template: &'static str, order: &Order<'_>, subject: String, html: String, text: String) -> Mail {
    Mail { template, to: order.email.clone().into_owned(), subject, html, text }
}

/// Why an order was cancelled and what that means for the shopper's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// What happened.
    pub why: &'static str,
    /// What happens to the money.
    pub money: &'static str,
    /// What to do next.
    pub next: &'static str,
}

fn cancellation(reason: &str) -> Reason {
    const RETURNED: &str =
        "Anything you paid for it goes back to you by itself, and we write again when it is on its way.";
    const ORDER_AGAIN: &str = "If you still want these things, you are welcome to order them again.";
    match reason {
        "by_shopper" => Reason { why: "You asked us to cancel it, so we did.", money: RETURNED, next: "" },
        "payment_declined" => Reason {
            why: "Your payment did not go through.",
            money: "Nothing was charged.",
            next: "You are welcome to order again with another means of payment.",
        },
        "payment_timeout" => Reason {
            why: "We waited for your payment, but no answer came in time.",
            money: RETURNED,
            next: ORDER_AGAIN,
        },
        "stock_expired" => Reason {
            why: "We could only hold your things for a while, and that time ran out before the payment was through.",
            money: RETURNED,
            next: ORDER_AGAIN,
        },
        "stock_commit_failed" => Reason {
            why: "By the time your payment came through, the last pieces were gone. We are sorry.",
            money: RETURNED,
            next: "",
        },
        _ => Reason { why: "It could not be completed.", money: RETURNED, next: ORDER_AGAIN },
    }
}

#[cfg(test)]
mod tests;
