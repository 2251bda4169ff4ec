//! From a batch of events to what it leads to: which mails, which contacts, which reports.

use super::Shop;
use super::effect::{Contact, Effect, Message, Outcome};
use super::events::{Incoming, Order, Report};
use super::mail::{self, Mail, RenderError};
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
    #[error("a mail could not be rendered: {0}")]
    Render(#[from] RenderError),
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

    /// The refunded orders that the batch itself says nothing else about: their contacts have to be looked up.
    pub fn orders_to_look_up(&self) -> Vec<Uuid> {
        let told: HashSet<Uuid> = self.0.iter().filter_map(|(_, incoming)| order_of(incoming)).collect();
        let refunded = self.0.iter().filter_map(|(_, incoming)| match incoming {
            Incoming::Refunded(refund) if !told.contains(&refund.order_id) => Some(refund.order_id),
            _ => None,
        });
        refunded.collect()
    }

    /// What the batch leads to. `known` are the contacts that were looked up, `new_id` makes message ids.
    pub fn plan(
        &self,
        known: impl IntoIterator<Item = Contact>,
        shop: &Shop<'_>,
        new_id: impl Fn() -> Uuid,
    ) -> Result<Vec<Effect>, PlanError> {
        let mut contacts: HashMap<Uuid, Contact> =
            known.into_iter().map(|contact| (contact.order_id, contact)).collect();
        contacts.extend(self.0.iter().filter_map(|(_, incoming)| contact_in(incoming)).map(|c| (c.order_id, c)));
        self.0.iter().map(|(event, incoming)| effect(event, incoming, &contacts, shop, &new_id)).collect()
    }
}

fn effect(
    event: &Event,
    incoming: &Incoming<'_>,
    contacts: &HashMap<Uuid, Contact>,
    shop: &Shop<'_>,
    new_id: &impl Fn() -> Uuid,
) -> Result<Effect, PlanError> {
    let message = |user_id: Uuid, order_id: Option<Uuid>, mail: Mail| {
        Some(Message { id: new_id(), user_id, order_id, mail, traceparent: event.traceparent.clone() })
    };
    let message = match incoming {
        Incoming::Registered(account) => message(account.user_id, None, mail::welcome(account, shop)?),
        Incoming::Confirmed(order) => message(order.user_id, Some(order.order_id), mail::order_confirmed(order, shop)?),
        Incoming::Rejected(order) => message(order.user_id, Some(order.order_id), mail::order_rejected(order, shop)?),
        Incoming::Cancelled(order) => message(order.user_id, Some(order.order_id), mail::order_cancelled(order, shop)?),
        Incoming::Refunded(refund) => {
            let to = contacts.get(&refund.order_id).ok_or(PlanError::UnknownOrder(refund.order_id))?;
            message(to.user_id, Some(to.order_id), mail::payment_refunded(to, refund.amount, shop)?)
        }
        Incoming::Delivered(_) | Incoming::Failed(_) => None,
    };
    let report = match incoming {
        Incoming::Delivered(report) => Some(outcome(report, "delivered")),
        Incoming::Failed(report) => Some(outcome(report, "failed")),
        _ => None,
    };
    Ok(Effect { id: event.id, contact: contact_in(incoming), message, report })
}

fn outcome(report: &Report<'_>, status: &'static str) -> Outcome {
    let error = report.error.as_ref().map(|error| error.replace('\0', " "));
    Outcome { message_id: report.message_id, status, error }
}

/// Only these two come before a refund, so only they are remembered.
fn contact_in(incoming: &Incoming<'_>) -> Option<Contact> {
    match incoming {
        Incoming::Confirmed(order) | Incoming::Cancelled(order) => Some(contact(order)),
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
    }
}

fn order_of(incoming: &Incoming<'_>) -> Option<Uuid> {
    match incoming {
        Incoming::Confirmed(order) | Incoming::Cancelled(order) => Some(order.order_id),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
