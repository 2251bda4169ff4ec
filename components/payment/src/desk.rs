//! The desk where the gateway is dealt with: what is due is claimed, brought before the gateway, and written down.
//!
//! The gateway may have moved money before its answer is written down: who dies in between leaves a lease behind, after
//! which the gateway is asked what happened.

use crate::{
    config,
    domain::{outcome::Outcome, work},
    gateway::Composed,
    store,
};
use serde_json::json;
use souk_host::{consumer::ApplyError, db::DbError};
use std::slice;

/// Claims of one round. All of them must be through within the lease (`claim_lease` in migration V4).
const CLAIM: usize = 64;

/// Claims and does what is due until nothing is.
pub async fn work_off() -> Result<(), ApplyError> {
    while round(CLAIM).await? >= CLAIM {}
    Ok(())
}

/// Claims and does up to `at_most` pieces of each kind of work, and says how many there were.
pub async fn round(at_most: usize) -> Result<usize, ApplyError> {
    let (manual, hold_s) = (config::manual_capture().await?, config::authorization_ttl_s().await?);
    let due = store::claim_work(at_most, manual).await?;
    let outcomes: Vec<Outcome> = due.iter().map(|work| work::perform(&Composed, work)).collect();
    if !outcomes.is_empty() {
        record(&outcomes, hold_s).await?;
    }
    Ok(due.len())
}

/// One statement for all. Should one of them be impossible (a gateway that names one charge for two orders), the others
/// are written down one by one, and that one is looked up again when its lease runs out.
async fn record(outcomes: &[Outcome], hold_s: i64) -> Result<(), DbError> {
    match store::record_outcomes(outcomes, hold_s).await {
        Err(error) if !error.is_transient() => {}
        done => return done,
    }
    for outcome in outcomes {
        match store::record_outcomes(slice::from_ref(outcome), hold_s).await {
            Err(error) if !error.is_transient() => log_refused(outcome, &error),
            done => done?,
        }
    }
    Ok(())
}

fn log_refused(outcome: &Outcome, error: &DbError) {
    let message = "an answer of the gateway cannot be booked";
    let line = json!({"level": "error", "service": "payment", "message": message, "order_id": outcome.order_id(),
        "why": error.to_string()});
    eprintln!("{line}");
}

/// Logs that the desk was left before all was done.
pub fn log_stopped(error: &ApplyError) {
    let message = "work with the gateway stopped; a tick goes on";
    let line = json!({"level": "warn", "service": "payment", "message": message, "why": error.to_string()});
    eprintln!("{line}");
}
