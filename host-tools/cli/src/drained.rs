//! Whether anything is still on its way: an event in an outbox, on a stream, or being applied.

use std::time::{Duration, Instant};

use anyhow::Result;
use redis::aio::MultiplexedConnection;
use souk_local::{Environment, SERVICES, Topology};
use tokio_postgres::Client;

use crate::streams;

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Connections to everything an event passes through.
pub struct Pipes {
    topology: Topology,
    redis: MultiplexedConnection,
    databases: Vec<(&'static str, Client)>,
}

impl Pipes {
    pub async fn open(environment: &Environment) -> Result<Self> {
        let topology = Topology::load(&environment.settings().project)?;
        let mut databases = Vec::new();
        for service in SERVICES {
            databases.push((service, environment.connect(service).await?));
        }
        Ok(Self { topology, redis: environment.connect_redis().await?, databases })
    }

    /// What is on its way, in words; `None` when nothing is.
    ///
    /// An event moves from outbox to stream to consumer, whose outbox it may fill before it is acknowledged. So the
    /// streams are looked at before and after the outboxes: if they were idle and no entry came between, nothing moved.
    pub async fn busy(&mut self) -> Result<Option<String>> {
        let before = streams::snapshot(&mut self.redis, &self.topology).await?;
        if let Some(group) = before.groups.iter().find(|group| group.oldest.is_some()) {
            let total: u64 = before.groups.iter().map(|group| group.lag + group.pending).sum();
            return Ok(Some(format!("{total} events to apply ({} for {} first)", group.stream, group.group)));
        }
        for (service, client) in &self.databases {
            let rows: i64 = client.query_one("SELECT count(*) FROM outbox", &[]).await?.try_get(0)?;
            if rows > 0 {
                return Ok(Some(format!("{rows} events in the outbox of {service}")));
            }
        }
        let after = streams::snapshot(&mut self.redis, &self.topology).await?;
        Ok((!after.idle() || after.last_ids != before.last_ids).then(|| "events are moving".to_owned()))
    }

    /// Waits until nothing is on its way; what still was when the time ran out. `tell` hears of it about once a second.
    pub async fn wait(&mut self, within: Duration, tell: impl Fn(&str)) -> Result<Option<String>> {
        let start = Instant::now();
        let mut told = Instant::now();
        loop {
            let Some(what) = self.busy().await? else { return Ok(None) };
            if start.elapsed() > within {
                return Ok(Some(what));
            }
            if told.elapsed() > Duration::from_secs(1) {
                told = Instant::now();
                tell(&what);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
