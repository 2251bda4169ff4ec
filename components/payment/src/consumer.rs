//! The doorbell's side of the service: applies the orders' events, then takes what is due to the gateway.

use crate::{desk, store};
use souk_core::event::Event;
use souk_host::consumer::{ApplyError, Consumer};

/// The consumer of the payment service.
#[derive(Debug)]
pub struct Payments;

impl Consumer for Payments {
    fn service(&self) -> &'static str {
        "payment"
    }

    fn wants(&self, event_type: &str) -> bool {
        matches!(event_type, "order.payment_requested" | "order.cancelled" | "order.refund_requested")
    }

    async fn apply(&self, batch: &[Event]) -> Result<(), ApplyError> {
        store::apply_events(batch).await?;
        // The events are done with. What fails from here on is not their fault: the next tick takes it up.
        if let Err(error) = desk::work_off().await {
            desk::log_stopped(&error);
        }
        Ok(())
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        desk::work_off().await?;
        Ok(store::forget_old_events().await?)
    }
}
