//! What a batch of events leads to: which mails, which contacts, which reports.

use super::Shop;
use super::effect::{Contact, Effect, Message, Outcome, Person};
use super::events::{Incoming, Order, Report};
use super::locale::{Language, Locale};
use super::mail::{Desk, LetterError, Mail};
use serde::Deserialize;
use serde_json::value::RawValue;
use souk_core::event::{Event, InvalidEvent};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Why a batch could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// An event's data does not have the shape that its type promises.
    #[error("event {id} ({type_}) cannot be read: {source}")]
    Unreadable {
        /// The event.
        id: Uuid,
        /// Its type.
        type_: String,
        /// What is wrong with it.
        source: InvalidEvent,
    },
    /// A refund arrived before the order that it belongs to.
    #[error("nothing is known yet about order {0}, whose payment was refunded")]
    UnknownOrder(Uuid),
    /// A template failed.
    #[error("a mail could not be written: {0}")]
    Letter(#[from] LetterError),
}

/// What the database knows about the orders and accounts of a batch, as its function `known` tells it.
#[derive(Debug, Default, Deserialize)]
pub struct Known {
    /// Whom to write to about orders.
    pub contacts: Vec<Contact>,
    /// The languages of those accounts that were heard of.
    pub languages: HashMap<Uuid, Language>,
}

/// What to look up before a batch can be planned.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Refunded orders that the batch itself says nothing else about.
    pub orders: Vec<Uuid>,
    /// Accounts that are written to.
    pub users: Vec<Uuid>,
}

/// What planning needs from outside, so that it stays pure.
#[derive(Debug, Clone, Copy)]
pub struct Supplies<'a> {
    /// Where mails send the shopper.
    pub shop: &'a Shop<'a>,
    /// Makes message ids.
    pub new_id: fn() -> Uuid,
    /// Makes words that cannot be guessed.
    pub new_token: fn() -> String,
}

/// A batch, read.
pub struct Batch<'a>(Vec<(&'a Event, Incoming<'a>)>);

impl<'a> Batch<'a> {
    /// Reads the events that this service acts on.
    pub fn read(events: &'a [Event]) -> Result<Self, PlanError> {
        let mut batch = Vec::with_capacity(events.len());
        for event in events {
            let incoming = Incoming::read(event).map_err(|source| PlanError::Unreadable {
                id: event.id,
                type_: event.type_.clone(),
                source,
            })?;
            batch.extend(incoming.map(|incoming| (event, incoming)));
        }
        Ok(Self(batch))
    }

    /// What to look up; `None` when nothing is needed.
    pub fn ask(&self) -> Option<Ask> {
        let told: HashSet<Uuid> =
            self.0.iter().filter_map(|(_, incoming)| remembered(incoming)).map(|order| order.order_id).collect();
        let mut ask = Ask::default();
        for (_, incoming) in &self.0 {
            match incoming {
                Incoming::Refunded(refund) if !told.contains(&refund.order_id) => ask.orders.push(refund.order_id),
                // Nobody chose anything before there was an account.
                Incoming::Registered(_) => {}
                other => ask.users.extend(addressee(other)),
            }
        }
        Some(ask).filter(|ask| *ask != Ask::default())
    }

    /// What the batch leads to.
    pub fn plan(&self, known: Known, supplies: Supplies<'_>) -> Result<Vec<Effect>, PlanError> {
        let Known { contacts, mut languages } = known;
        let mut contacts: HashMap<Uuid, Contact> = contacts.into_iter().map(|c| (c.order_id, c)).collect();
        contacts.extend(self.0.iter().filter_map(|(_, i)| remembered(i)).map(|order| (order.order_id, contact(order))));
        for (user_id, said) in self.0.iter().filter_map(|(_, incoming)| named(incoming)) {
            let before = languages.get(&user_id).copied();
            languages.insert(user_id, Language::after(before, said));
        }
        let plan = Plan { contacts, languages, supplies };
        self.0.iter().map(|(event, incoming)| plan.effect(event, incoming)).collect()
    }
}

struct Plan<'a> {
    contacts: HashMap<Uuid, Contact>,
    languages: HashMap<Uuid, Language>,
    supplies: Supplies<'a>,
}

impl Plan<'_> {
    fn effect(&self, event: &Event, incoming: &Incoming<'_>) -> Result<Effect, PlanError> {
        let message = self.message(event, incoming)?;
        let kept = message.as_ref().is_some_and(|message| !message.mail.template.is_secret());
        Ok(Effect {
            id: event.id,
            occurred_at: event.occurred_at.clone(),
            person: person(incoming),
            erase: if let Incoming::Deleted(account) = incoming { Some(account.user_id) } else { None },
            contact: remembered(incoming).map(contact),
            message,
            source: kept.then(|| RawValue::from_string(event.raw().to_owned()).ok()).flatten(),
            report: report(incoming),
        })
    }

    fn message(&self, event: &Event, incoming: &Incoming<'_>) -> Result<Option<Message>, PlanError> {
        let about = |order: &Order<'_>, mail: Mail| (order.user_id, Some(order.order_id), mail);
        let at = |user_id: Uuid| self.desk(user_id);
        let (user_id, order_id, mail) = match incoming {
            Incoming::Registered(a) => (a.user_id, None, at(a.user_id).welcome(a)?),
            Incoming::VerificationRequested(l) => (l.user_id, None, at(l.user_id).verify_email(l)?),
            Incoming::PasswordResetRequested(l) => (l.user_id, None, at(l.user_id).reset_password(l)?),
            Incoming::PasswordChanged(a) => (a.user_id, None, at(a.user_id).password_changed(a, &event.occurred_at)?),
            Incoming::Confirmed(o) => about(o, at(o.user_id).order_confirmed(o)?),
            Incoming::Rejected(o) => about(o, at(o.user_id).order_rejected(o)?),
            Incoming::Cancelled(o) => about(o, at(o.user_id).order_cancelled(o)?),
            Incoming::Shipped(o) => about(o, at(o.user_id).order_shipped(o)?),
            Incoming::OrderDelivered(o) => about(o, at(o.user_id).order_delivered(o, &event.occurred_at)?),
            Incoming::ReturnRequested(o) => about(o, at(o.user_id).return_requested(o)?),
            Incoming::Returned(r) => (r.user_id, Some(r.order_id), at(r.user_id).order_returned(r)?),
            Incoming::Refunded(refund) => {
                let to = self.contacts.get(&refund.order_id).ok_or(PlanError::UnknownOrder(refund.order_id))?;
                (to.user_id, Some(to.order_id), at(to.user_id).payment_refunded(to, refund.amount)?)
            }
            Incoming::BackInStock(news) => {
                let token = (self.supplies.new_token)();
                (news.user_id, None, at(news.user_id).back_in_stock(news, &token)?)
            }
            Incoming::Updated(_) | Incoming::Deleted(_) => return Ok(None),
            Incoming::MailDelivered(_) | Incoming::MailFailed(_) | Incoming::MailBounced(_) => return Ok(None),
        };
        // A guest may have left no address: there is nobody to write to.
        if mail.to.is_empty() {
            return Ok(None);
        }
        Ok(Some(Message {
            id: (self.supplies.new_id)(),
            user_id,
            order_id,
            asked_for: mail.template.is_secret(),
            mail,
            traceparent: event.traceparent.clone(),
            resend_of: None,
            resent_by: None,
        }))
    }

    fn desk(&self, user_id: Uuid) -> Desk<'_> {
        let locale = self.languages.get(&user_id).map(|language| language.locale).unwrap_or_default();
        Desk { shop: self.supplies.shop, locale }
    }
}

/// Whom an event is written about to.
fn addressee(incoming: &Incoming<'_>) -> Option<Uuid> {
    Some(match incoming {
        Incoming::Registered(account) | Incoming::Updated(account) | Incoming::PasswordChanged(account) => {
            account.user_id
        }
        Incoming::VerificationRequested(link) | Incoming::PasswordResetRequested(link) => link.user_id,
        Incoming::Confirmed(order)
        | Incoming::Rejected(order)
        | Incoming::Cancelled(order)
        | Incoming::Shipped(order)
        | Incoming::OrderDelivered(order)
        | Incoming::ReturnRequested(order) => order.user_id,
        Incoming::Returned(returned) => returned.user_id,
        Incoming::BackInStock(news) => news.user_id,
        Incoming::Refunded(_) | Incoming::Deleted(_) => return None,
        Incoming::MailDelivered(_) | Incoming::MailFailed(_) | Incoming::MailBounced(_) => return None,
    })
}

/// The language that an account names in an event.
fn named(incoming: &Incoming<'_>) -> Option<(Uuid, Locale)> {
    match incoming {
        Incoming::Registered(account) | Incoming::Updated(account) | Incoming::PasswordChanged(account) => {
            Some((account.user_id, account.locale?))
        }
        Incoming::VerificationRequested(link) | Incoming::PasswordResetRequested(link) => {
            Some((link.user_id, link.locale?))
        }
        _ => None,
    }
}

fn person(incoming: &Incoming<'_>) -> Option<Person> {
    match incoming {
        Incoming::Registered(account) | Incoming::Updated(account) => Some(Person {
            user_id: account.user_id,
            email: account.email.clone().into_owned(),
            name: account.name.clone().into_owned(),
            locale: account.locale.unwrap_or_default(),
        }),
        _ => None,
    }
}

fn report(incoming: &Incoming<'_>) -> Option<Outcome> {
    let outcome = |report: &Report<'_>, status| {
        let error = report.error.as_ref().map(|error| error.replace('\0', " "));
        Some(Outcome { message_id: report.message_id, status, error })
    };
    match incoming {
        Incoming::MailDelivered(report) => outcome(report, "delivered"),
        Incoming::MailFailed(report) => outcome(report, "failed"),
        Incoming::MailBounced(report) => outcome(report, "bounced"),
        _ => None,
    }
}

/// Orders whose shopper is remembered: only these two come before a refund.
fn remembered<'i, 'a>(incoming: &'i Incoming<'a>) -> Option<&'i Order<'a>> {
    match incoming {
        Incoming::Confirmed(order) | Incoming::Cancelled(order) => Some(order),
        _ => None,
    }
}

fn contact(order: &Order<'_>) -> Contact {
    Contact {
        order_id: order.order_id,
        number: order.number.clone(),
        user_id: order.user_id,
        email: order.email.clone().into_owned(),
        name: order.name.clone().into_owned(),
        total: Some(order.total),
    }
}

#[cfg(test)]
mod tests;
