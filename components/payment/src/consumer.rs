//! The doorbell's side of the service: applies the orders' events, then takes what is due to the gateway.

use crate::{
    domain::work::{self, Outcome},
    gateway::Composed,
    store,
};
use souk_core::event::Event;
use souk_host::{
    consumer::{ApplyError, Consumer},
    db::DbError,
};

/// Claims of one round. All of them must be through within the lease (`claim_lease` in migration V4).
const CLAIM: usize = 64;

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
        if let Err(error) = work_off().await {
            let line = serde_json::json!({"level": "warn", "service": "payment", 
                "message": "charging stopped; a tick goes on",
                "why": error.to_string()});
            eprintln!("{line}");
        }
        Ok(())
    }

    async fn tick(&self) -> Result<(), ApplyError> {
        work_off().await?;
        Ok(store::forget_old_events().await?)
    }
}

/// Claims and does what is due until nothing is. The gateway may have moved money before its answer is written down:
/// who dies in between leaves a lease behind, after which the gateway is asked what happened.
async fn work_off() -> Result<(), DbError> {
    loop {
        let due = store::claim_work(CLAIM).await?;
        let claimed = due.len();
        let outcomes: Vec<Outcome> = due.iter().map(|work| work::perform(&Composed, work)).collect();
        if !outcomes.is_empty() {
            store::record_outcomes(&outcomes).await?;
        }
        if claimed < CLAIM {
            return Ok(());
        }
    }
}
