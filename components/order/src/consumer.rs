//! The doorbell's side of the service: the process manager. What events do is in migrations V5 on.

use crate::store;
use souk_core::event::Event;
use souk_host::{
    config,
    consumer::{ApplyError, Consumer},
};

/// The consumer of the order service.
pub struct Orders;

impl Consumer for Orders {
    fn service(&self) -> &'static str {
        "order"
    }

    fn wants(&self, event_type: &str) -> bool {
        matches!(
            event_type,
            "product.changed"
                | "product.removed"
                | "user.deleted"
                | "stock.reserved"
                | "stock.rejected"
                | "stock.released"
                | "stock.commit_failed"
                | "payment.captured"
                | "payment.declined"
                | "payment.unknown"
                | "payment.refunded"
                | "payment.refund_failed"
        )
    }

    async fn apply(&self, batch: &[Event]) -> Result<(), ApplyError> {
        Ok(store::apply_events(batch).await?)
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        let timeout_s = config::number("payment_timeout_s").await?;
        store::cancel_overdue(timeout_s).await?;
        Ok(store::clean_up().await?)
    }
}
