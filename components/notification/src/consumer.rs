//! What the service does with events: plan in Rust, render, then one statement for the whole batch.

use crate::domain::Shop;
use crate::domain::events::Incoming;
use crate::domain::plan::{Batch, Known, PlanError, Supplies};
use crate::{store, token};
use souk_core::event::Event;
use souk_core::id::new_id;
use souk_host::consumer::{ApplyError, Consumer};
use souk_host::{config, outbox};

/// The consumer of the notification service.
pub struct Notifications;

impl Consumer for Notifications {
    fn service(&self) -> &'static str {
        "notification"
    }

    fn wants(&self, event_type: &str) -> bool {
        Incoming::wants(event_type)
    }

    async fn apply(&self, events: &[Event]) -> Result<(), ApplyError> {
        let batch = Batch::read(events)?;
        let known = match batch.ask() {
            Some(ask) => store::known(&ask).await?,
            None => Known::default(),
        };
        let shop_url = config::get("shop_url").await?;
        let supplies = Supplies { shop: &Shop::new(&shop_url), new_id, new_token: token::new };
        let effects = batch.plan(known, supplies)?;
        if store::apply(&effects).await? > 0 {
            outbox::hint("notification");
        }
        Ok(())
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        Ok(store::sweep().await?)
    }
}

impl From<PlanError> for ApplyError {
    /// Each of them is about one event: it is tried again, and parked when it keeps failing. A refund whose order is
    /// unknown is usually just early.
    fn from(error: PlanError) -> Self {
        Self::Rejected(error.to_string())
    }
}
