//! Where events may get stuck: outboxes, consumer groups, dead letters.

use anyhow::Result;
use souk_local::{SERVICES, Topology};

use super::outcome::Outcome;
use super::sources::Sources;
use crate::streams;

/// An event that stays in an outbox is stuck; one that passes through is not.
pub async fn outboxes_are_empty(sources: &Sources) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for service in SERVICES {
        outcome.checked += 1;
        for (id, detail) in sources.outcome(service, include_str!("sql/outbox.sql")).await?.offenders {
            outcome.blame(format!("{service}/{id}"), detail);
        }
    }
    Ok(outcome)
}

/// A group is named with the oldest entry that it has not acknowledged, so one that is behind but moves is not blamed.
pub async fn streams_are_read(sources: &mut Sources) -> Result<Outcome> {
    let snapshot = streams::snapshot(&mut sources.redis, &sources.topology).await?;
    let mut outcome = Outcome::default();
    for group in snapshot.groups {
        outcome.checked += 1;
        if let Some(oldest) = group.oldest {
            let detail = format!("{} undelivered, {} unacknowledged", group.lag, group.pending);
            outcome.blame(format!("{} > {} at {oldest}", group.stream, group.group), detail);
        }
    }
    Ok(outcome)
}

/// How many events were given up, over all streams.
pub async fn dead_letters(sources: &mut Sources) -> Result<u64> {
    let mut total = 0;
    for stream in sources.topology.streams.keys() {
        let dead = Topology::dead_letters(stream);
        total += redis::cmd("XLEN").arg(dead).query_async::<u64>(&mut sources.redis).await?;
    }
    Ok(total)
}
