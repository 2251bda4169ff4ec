//! Publishes the outbox of one service, for as long as this relay leads its database.

use crate::leader::{Leader, OutboxRow, Session, SessionError};
use crate::redis_link::Backoff;
use crate::run::{Service, Shared};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

const DEPTH_EVERY: Duration = Duration::from_secs(2);

/// Keeps a session with the service's database, whatever happens to it, until the relay stops.
pub(crate) async fn keep_publishing(shared: Arc<Shared>, service: Arc<Service>) {
    let mut backoff = Backoff::new();
    while !shared.stop.is_cancelled() {
        let result = session(&shared, &service, &mut backoff).await;
        service.set_leads(false);
        shared.metrics.set_depth(&service.name, None);
        let Err(error) = result else { return };
        service.set_postgres_up(false);
        if backoff.is_fresh() {
            tracing::warn!(service = %service.name, %error, "not publishing until the database answers again");
        }
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = tokio::time::sleep(backoff.next_wait()) => {}
        }
    }
}

async fn session(shared: &Shared, service: &Service, backoff: &mut Backoff) -> Result<(), SessionError> {
    let stopped = shared.stop.cancelled();
    let leading = async {
        let session = Session::open(&service.pg_url).await?;
        service.set_postgres_up(true);
        service.reached.cancel();
        session.lead().await
    };
    // Until it leads there is nothing to finish.
    let leader = tokio::select! {
        () = stopped => return Ok(()),
        leader = leading => leader?,
    };
    backoff.reset();
    service.set_leads(true);
    tracing::info!(service = %service.name, "leading");
    Publisher { shared, service, leader, depth_read: None }.run().await
}

struct Publisher<'a> {
    shared: &'a Shared,
    service: &'a Service,
    leader: Leader,
    depth_read: Option<Instant>,
}

impl Publisher<'_> {
    async fn run(mut self) -> Result<(), SessionError> {
        let batch_max = self.shared.options.batch_max;
        let poll_min = self.shared.options.poll_min();
        let mut poll = poll_min;
        loop {
            if self.shared.stop.is_cancelled() {
                return Ok(());
            }
            let mut rows = self.leader.read(batch_max).await?;
            let full = rows.len() >= usize::try_from(batch_max).unwrap_or(usize::MAX);
            if !rows.is_empty() {
                self.publish(&mut rows).await?;
                poll = poll_min;
            }
            self.read_depth().await?;
            if full {
                continue;
            }
            if !rows.is_empty() && self.pause(self.shared.options.linger(), false).await? == Woken::Stopped {
                return Ok(());
            }
            match self.pause(poll, true).await? {
                Woken::Stopped => return Ok(()),
                Woken::Hinted => poll = poll_min,
                Woken::TimedOut => poll = (poll * 2).min(self.shared.options.poll_max()),
            }
        }
    }

    /// Adds the rows to their streams and rings for them, then deletes them. Retries Redis for as long as it leads.
    async fn publish(&self, rows: &mut [OutboxRow]) -> Result<(), SessionError> {
        let hops = self.shared.traces.begin(rows);
        let mut backoff = Backoff::new();
        while let Err(error) = add(self.shared, rows).await {
            self.shared.metrics.count_publish_failure(&self.service.name);
            if backoff.is_fresh() {
                tracing::warn!(service = %self.service.name, %error, "events wait until Redis takes them");
            }
            // Ending here is safe: the rows are still in the outbox.
            if self.pause(backoff.next_wait(), false).await? == Woken::Stopped {
                return Ok(());
            }
        }
        self.shared.traces.end(hops);
        let mut counts = BTreeMap::<&str, u64>::new();
        for row in rows.iter() {
            *counts.entry(&row.stream).or_default() += 1;
        }
        let readers: BTreeSet<&str> = counts.keys().flat_map(|stream| self.shared.topology.groups(stream)).collect();
        for service in readers.into_iter().filter_map(|group| self.shared.services.get(group)) {
            service.bell.notify_one();
        }
        self.shared.metrics.count_published(&self.service.name, counts);
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        self.leader.delete(&ids).await
    }

    async fn pause(&self, longest: Duration, until_hinted: bool) -> Result<Woken, SessionError> {
        tokio::select! {
            biased;
            () = self.leader.lost() => Err(SessionError::Lost),
            () = self.shared.stop.cancelled() => Ok(Woken::Stopped),
            () = self.service.hint.notified(), if until_hinted => Ok(Woken::Hinted),
            () = tokio::time::sleep(longest) => Ok(Woken::TimedOut),
        }
    }

    async fn read_depth(&mut self) -> Result<(), SessionError> {
        if self.depth_read.is_none_or(|at| at.elapsed() >= DEPTH_EVERY) {
            self.shared.metrics.set_depth(&self.service.name, Some(self.leader.depth().await?));
            self.depth_read = Some(Instant::now());
        }
        Ok(())
    }
}

#[derive(PartialEq, Eq)]
enum Woken {
    Stopped,
    Hinted,
    TimedOut,
}

/// All rows or none, in their order: a batch of which only a part was added would break the order of a key when
/// the rest is retried.
async fn add(shared: &Shared, rows: &[OutboxRow]) -> redis::RedisResult<()> {
    let mut pipeline = redis::pipe();
    pipeline.atomic();
    for row in rows {
        pipeline.cmd("XADD").arg(&row.stream).arg("*").arg("event").arg(&row.event).ignore();
    }
    pipeline.exec_async(&mut shared.redis.clone()).await
}
