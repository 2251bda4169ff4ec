//! The mails: one function for each, from an event to subject, HTML and text.
//!
//! Whatever people typed (names, titles, addresses) is one line when it gets into a letter and is escaped in its HTML, so
//! no name can break out of its place.

use super::amount::Amount;
use super::effect::Contact;
use super::events::{Account, BackInStock, Link, Order, Returned};
use super::letter::{self, Values};
use super::locale::Locale;
use super::moment::Moment;
use super::shop::Shop;
use super::template::{Category, Template};
use super::text::one_line;
use super::views::{OrderView, title};
use super::words::Words;
use serde::Serialize;
use souk_core::money::Money;

pub use super::letter::LetterError;

/// A rendered mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Which of the mails it is; unique together with the event that caused it.
    pub template: Template,
    /// Which kind of mail it is.
    pub category: Category,
    /// The language that it is in.
    pub locale: Locale,
    /// The recipient's address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part, which says the same.
    pub text: String,
    /// What its link to end this kind of mail says; only its hash is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe_token: Option<String>,
    /// Where a mail program can end this kind of mail by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_unsubscribe: Option<String>,
}

/// What stands around a letter.
#[derive(Debug)]
pub(super) struct Frame {
    /// The shop's address.
    pub(super) home: String,
    /// Why the recipient gets the mail.
    pub(super) why: &'static str,
    /// Where this kind of mail can be ended.
    pub(super) stop_url: Option<String>,
}

/// What writing a mail takes besides its event.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The shop that writes.
    pub shop: &'a Shop<'a>,
    /// The recipient's language.
    pub locale: Locale,
}

type Written = Result<Mail, LetterError>;

impl Desk<'_> {
    /// After an account was opened.
    pub fn welcome(&self, account: &Account<'_>) -> Written {
        let values = Values::default().text("name", &account.name).shown("home", self.shop.home());
        self.write(Template::Welcome, &account.email, &values, None)
    }

    /// The link that proves an address.
    pub fn verify_email(&self, link: &Link<'_>) -> Written {
        self.link(Template::VerifyEmail, link, self.shop.verify_email(&link.token))
    }

    /// The link to a new password.
    pub fn reset_password(&self, link: &Link<'_>) -> Written {
        self.link(Template::ResetPassword, link, self.shop.reset_password(&link.token))
    }

    fn link(&self, template: Template, link: &Link<'_>, url: String) -> Written {
        let until = link.expires_at.as_deref().and_then(Moment::parse).map(|until| until.full(self.locale));
        let values = Values::default().text("name", &link.name).shown("link", url).maybe("until", until);
        self.write(template, &link.email, &values, None)
    }

    /// After a password was changed.
    pub fn password_changed(&self, account: &Account<'_>, occurred_at: &str) -> Written {
        let when = Moment::parse(occurred_at).map(|when| when.full(self.locale));
        let values = Values::default()
            .text("name", &account.name)
            .maybe("when", when)
            .shown("forgot", self.shop.forgot_password());
        self.write(Template::PasswordChanged, &account.email, &values, None)
    }

    /// After an order was paid and its stock committed.
    pub fn order_confirmed(&self, order: &Order<'_>) -> Written {
        self.order(Template::OrderConfirmed, order, |values| values)
    }

    /// After an order could not be filled, with what there is not enough of.
    pub fn order_rejected(&self, order: &Order<'_>) -> Written {
        let short = order.shortages.iter().flatten();
        let lines = short.filter_map(|short| order.lines.iter().find(|line| line.sku == short.sku));
        let titles: Vec<_> = lines.take(5).map(|line| title(&line.title, &line.sku)).collect();
        let short = Some(titles.join("; ")).filter(|titles| !titles.is_empty());
        self.order(Template::OrderRejected, order, |values| values.maybe("short", short))
    }

    /// After an order was called off, with the reason in plain words.
    pub fn order_cancelled(&self, order: &Order<'_>) -> Written {
        const REASONS: [&str; 5] =
            ["by_shopper", "payment_declined", "payment_timeout", "stock_expired", "stock_commit_failed"];
        let given = order.reason.as_deref().unwrap_or_default();
        let reason = REASONS.into_iter().find(|reason| *reason == given).unwrap_or("other");
        // What the gateway says about a declined card may be shown to the shopper; other details are not for mails.
        let said = order.detail.as_deref().filter(|_| reason == "payment_declined").unwrap_or_default();
        self.order(Template::OrderCancelled, order, |values| values.flag(reason, true).text("said", said))
    }

    /// After an order was handed to the carrier.
    pub fn order_shipped(&self, order: &Order<'_>) -> Written {
        let (carrier, number) = (order.carrier.as_deref(), order.tracking_number.as_deref());
        self.order(Template::OrderShipped, order, |values| {
            values.text("carrier", carrier.unwrap_or_default()).text("tracking", number.unwrap_or_default())
        })
    }

    /// After an order arrived.
    pub fn order_delivered(&self, order: &Order<'_>, occurred_at: &str) -> Written {
        let day = Moment::parse(occurred_at).map(|when| when.day(self.locale));
        self.order(Template::OrderDelivered, order, |values| values.maybe("day", day))
    }

    /// After somebody asked to send goods back.
    pub fn return_requested(&self, order: &Order<'_>) -> Written {
        self.order(Template::ReturnRequested, order, |values| values)
    }

    fn order<'v>(
        &self,
        template: Template,
        order: &'v Order<'_>,
        more: impl FnOnce(Values<'v>) -> Values<'v>,
    ) -> Written {
        let view = OrderView::new(order, self.locale);
        let values = Values::default()
            .text("name", &order.name)
            .text("number", &order.number)
            .shown("total", view.total)
            .shown("order_url", self.shop.order(order.order_id))
            .shown("home", self.shop.home());
        self.write(template, &order.email, &more(values), Some(&view))
    }

    /// After goods came back.
    pub fn order_returned(&self, returned: &Returned<'_>) -> Written {
        let view = OrderView::returned(&returned.lines, returned.refund, self.locale);
        let values = Values::default()
            .text("name", &returned.name)
            .text("number", &returned.number)
            .maybe("refund", Some(view.total).filter(|_| returned.refund.amount_minor > 0))
            .shown("order_url", self.shop.order(returned.order_id));
        self.write(Template::OrderReturned, &returned.email, &values, Some(&view))
    }

    /// After money went back to the shopper: all of it, or a part.
    pub fn payment_refunded(&self, to: &Contact, amount: Money) -> Written {
        let extent = match to.total {
            Some(total) if total == amount => "whole",
            Some(_) => "part",
            None => "unknown",
        };
        let values = Values::default()
            .text("name", &to.name)
            .text("number", &to.number)
            .shown("amount", Amount(amount, self.locale))
            .maybe("total", to.total.map(|total| Amount(total, self.locale)))
            .flag(extent, true)
            .shown("order_url", self.shop.order(to.order_id));
        self.write(Template::PaymentRefunded, &to.email, &values, None)
    }

    /// When something can be bought again that somebody waits for. `token` is what its link to end such mails says.
    pub fn back_in_stock(&self, news: &BackInStock<'_>, token: &str) -> Written {
        let url = news.slug.as_deref().map_or_else(|| self.shop.home(), |slug| self.shop.product(slug));
        let values = Values::default()
            .text("name", &news.name)
            .shown("title", title(&news.title, &news.sku))
            .shown("product_url", url)
            // More than a handful is no reason to hurry.
            .flag("last", news.available == 1)
            .maybe("few", Some(news.available).filter(|n| (2..=10).contains(n)));
        let mail =
            self.compose(Template::BackInStock, &news.email, &values, None, Some(self.shop.unsubscribe(token)))?;
        Ok(Mail {
            unsubscribe_token: Some(token.to_owned()),
            list_unsubscribe: Some(self.shop.one_click_unsubscribe(token)),
            ..mail
        })
    }

    fn write(&self, template: Template, to: &str, values: &Values<'_>, order: Option<&OrderView<'_>>) -> Written {
        self.compose(template, to, values, order, None)
    }

    fn compose(
        &self,
        template: Template,
        to: &str,
        values: &Values<'_>,
        order: Option<&OrderView<'_>>,
        stop_url: Option<String>,
    ) -> Written {
        let locale = self.locale;
        let letter = letter::fill(template.source(locale), values, order)?;
        let category = template.category();
        let frame = Frame { home: self.shop.home(), why: Words::of(locale).why(category), stop_url };
        Ok(Mail {
            template,
            category,
            locale,
            to: one_line(to).into_owned(),
            html: letter::html(&letter, &frame, locale)?,
            text: letter::plain(&letter, &frame, locale),
            subject: letter.subject,
            unsubscribe_token: None,
            list_unsubscribe: None,
        })
    }
}

#[cfg(test)]
mod tests;
