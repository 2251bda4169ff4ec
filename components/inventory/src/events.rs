//! What the service does with events and with time: orders reserve, commit, release and bring back stock, the catalogue
//! makes SKUs known, an erased account wishes for nothing any more, and reservations whose time is over are released.

use crate::store;
use souk_core::event::Event;
use souk_host::{
    config,
    consumer::{ApplyError, Consumer},
    outbox,
};

/// Reservations released in one statement.
const EXPIRY_BATCH: i32 = 200;
/// Statements in one tick; what is left waits a second.
const EXPIRY_ROUNDS: usize = 25;

/// The consumer group `inventory`.
#[derive(Debug)]
pub struct Inventory;

impl Consumer for Inventory {
    fn service(&self) -> &'static str {
        "inventory"
    }

    fn wants(&self, event_type: &str) -> bool {
        matches!(
            event_type,
            "order.placed"
                | "order.confirmed"
                | "order.cancelled"
                | "order.rejected"
                | "order.returned"
                | "product.changed"
                | "user.deleted"
        )
    }

    async fn apply(&self, batch: &[Event]) -> Result<(), ApplyError> {
        let reservation_ttl_s = config::number("reservation_ttl_s").await?;
        let default_low = store::default_threshold().await?;
        if store::apply_events(batch, reservation_ttl_s, default_low).await? > 0 {
            outbox::hint(self.service());
        }
        Ok(())
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        for _ in 0..EXPIRY_ROUNDS {
            if store::expire_reservations(EXPIRY_BATCH).await? == 0 {
                break;
            }
            outbox::hint(self.service());
        }
        Ok(store::forget_old_requests().await?)
    }
}
