//! Which events are counted. The table `metrics` says as what; a test holds the two together.

use crate::store;
use souk_core::event::Event;
use souk_host::consumer::{ApplyError, Consumer};

/// The types of the events that become facts.
pub const COUNTED: [&str; 23] = [
    "cart.started",
    "notification.queued",
    "order.cancelled",
    "order.confirmed",
    "order.delivered",
    "order.payment_requested",
    "order.placed",
    "order.refund_requested",
    "order.rejected",
    "order.return_requested",
    "order.returned",
    "order.shipped",
    "payment.authorized",
    "payment.captured",
    "payment.declined",
    "payment.refund_failed",
    "payment.refunded",
    "payment.unknown",
    "payment.voided",
    "stock.changed",
    "stock.low",
    "user.deleted",
    "user.registered",
];

/// The consumer group `analytics`.
#[derive(Debug)]
pub struct Analytics;

impl Consumer for Analytics {
    fn service(&self) -> &'static str {
        "analytics"
    }

    fn wants(&self, event_type: &str) -> bool {
        COUNTED.contains(&event_type)
    }

    async fn apply(&self, batch: &[Event]) -> Result<(), ApplyError> {
        Ok(store::apply_events(batch).await?)
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        Ok(store::forget_old_events().await?)
    }
}
