//! Waiting for the end of everything that was begun.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::sources::Sources;
use crate::output;

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Work that is not an event on its way: service, how to count it, and its name.
const WORK: [(&str, &str, &str); 3] = [
    ("order", include_str!("sql/unsettled_orders.sql"), "orders neither confirmed nor ended"),
    ("payment", include_str!("sql/unsettled_payments.sql"), "payments or refunds under way"),
    ("notification", include_str!("sql/unsettled_mails.sql"), "mails not delivered yet"),
];

/// Waits until nothing is under way; what still was when the time ran out.
pub async fn wait(sources: &mut Sources, within: Duration, tell: bool) -> Result<Option<String>> {
    let start = Instant::now();
    let mut told = Instant::now();
    loop {
        let Some(what) = under_way(sources).await? else { return Ok(None) };
        if start.elapsed() > within {
            return Ok(Some(what));
        }
        if tell && told.elapsed() > Duration::from_secs(2) {
            told = Instant::now();
            output::note(format!("waiting: {what}"));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Work leads to events and events to work, so work is counted before and after the events' way was found empty.
async fn under_way(sources: &mut Sources) -> Result<Option<String>> {
    if let Some(work) = work(sources).await? {
        return Ok(Some(work));
    }
    if let Some(events) = sources.pipes.busy().await? {
        return Ok(Some(events));
    }
    work(sources).await
}

async fn work(sources: &Sources) -> Result<Option<String>> {
    for (service, sql, name) in WORK {
        let count = sources.count(service, sql).await?;
        if count > 0 {
            return Ok(Some(format!("{count} {name}")));
        }
    }
    Ok(None)
}
