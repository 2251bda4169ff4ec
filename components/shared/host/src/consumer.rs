//! The stream consumer of a service: woken by a doorbell, it drains its consumer groups and goes away.
//!
//! Delivery is at least once, so [`Consumer::apply`] must be idempotent (an inbox row in the same statement). A batch
//! that fails is applied event by event, so that one poison event does not hold up the others. What fails stays
//! pending, is claimed again on later ticks, and after [`MAX_DELIVERIES`] deliveries goes to the stream's dead letters,
//! unless the failure was an outage: an outage never kills an event.

use crate::{
    config,
    db::DbError,
    error::ApiError,
    redis::{Redis, RedisError, RedisResult, number, text},
    spans::Spans,
    stream_reply::{self, Entry},
};
use souk_core::event::Event;
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// Entries read at once, over all streams of a service.
const BATCH: i64 = 256;
/// How long an entry stays pending before another attempt, in milliseconds. Longer than a batch takes.
const MIN_IDLE_MS: i64 = 5_000;
/// Deliveries after which an event that keeps failing is parked.
pub const MAX_DELIVERIES: i64 = 5;
/// One wake-up works at most this long; the relay rings again while there is more.
const WAKE_BUDGET: Duration = Duration::from_secs(15);

/// Why an event or a batch was not applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Something it needs is away; the same event may succeed later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The event itself cannot be applied.
    #[error("{0}")]
    Rejected(String),
}

impl From<DbError> for ApplyError {
    fn from(error: DbError) -> Self {
        if error.is_transient() { Self::Unavailable(error.to_string()) } else { Self::Rejected(error.to_string()) }
    }
}

impl From<RedisError> for ApplyError {
    fn from(error: RedisError) -> Self {
        match error {
            RedisError::Unavailable(why) => Self::Unavailable(why),
            RedisError::Refused(why) => Self::Rejected(why),
        }
    }
}

impl From<ApiError> for ApplyError {
    fn from(error: ApiError) -> Self {
        if error.status() == 503 { Self::Unavailable(error.0.detail) } else { Self::Rejected(error.0.detail) }
    }
}

/// What a service does with events and with time.
pub trait Consumer {
    /// The service's name, which is also its consumer group.
    fn service(&self) -> &'static str;

    /// Whether events of this type matter; the others are acknowledged unread.
    fn wants(&self, event_type: &str) -> bool;

    /// The newest version of that type that this service understands. An event of a newer one may mean something else,
    /// so it is not applied: it waits among the dead letters for a service that knows it.
    fn newest_version(&self, _event_type: &str) -> u32 {
        1
    }

    /// Applies a batch in one statement, all or nothing, skipping events that were applied before.
    fn apply(&self, batch: &[Event]) -> impl Future<Output = Result<(), ApplyError>>;

    /// Once a second: timeouts and clean-up. Runs on every replica, so it must be safe to run twice at once.
    fn tick(&self) -> impl Future<Output = Result<(), ApplyError>>;
}

/// The body of a component's `#[redis_subscriber]` function. `message` is `ring` or `tick`.
///
/// Never an error: what failed is logged here and comes again.
pub async fn drain(consumer: &impl Consumer, message: &[u8]) -> Result<(), ApiError> {
    let service = consumer.service();
    let outcome = async {
        let streams = config::get("streams").await?;
        let streams: Vec<&str> = streams.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let drain = Drain { consumer, redis: Redis::events().await?, group: service, streams };
        if message == b"tick" {
            drain.claim_stale().await?;
            consumer.tick().await?;
        }
        drain.read_new().await
    };
    if let Err(error) = outcome.await {
        log(service, "drain stopped", &error.to_string());
    }
    Ok(())
}

struct Drain<'a, C> {
    consumer: &'a C,
    redis: Redis,
    group: &'static str,
    streams: Vec<&'a str>,
}

impl<C: Consumer> Drain<'_, C> {
    async fn read_new(&self) -> Result<(), ApplyError> {
        if self.streams.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        while started.elapsed() < WAKE_BUDGET {
            let mut args = vec![text("GROUP"), text(self.group), text(self.group), text("COUNT"), number(BATCH)];
            args.push(text("STREAMS"));
            args.extend(self.streams.iter().map(|name| text(name)));
            args.extend(self.streams.iter().map(|_| text(">")));
            let entries = stream_reply::read_group(&self.redis.command("XREADGROUP", args).await?);
            if entries.is_empty() {
                return Ok(());
            }
            self.process(entries).await?;
        }
        Ok(())
    }

    async fn claim_stale(&self) -> Result<(), ApplyError> {
        for stream in &self.streams {
            let args = [
                text(stream),
                text(self.group),
                text(self.group),
                number(MIN_IDLE_MS),
                text("0-0"),
                text("COUNT"),
                number(BATCH),
            ];
            let entries = stream_reply::auto_claim(stream, &self.redis.command("XAUTOCLAIM", args).await?);
            if !entries.is_empty() {
                self.process(entries).await?;
            }
        }
        Ok(())
    }

    /// Applies what is wanted as one batch, or one by one when that fails, and acknowledges what is done.
    async fn process(&self, entries: Vec<Entry>) -> Result<(), ApplyError> {
        let mut done: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut wanted: Vec<(Entry, Event)> = Vec::new();
        for entry in entries {
            match Event::parse(&entry.event) {
                Ok(event) if !self.consumer.wants(&event.type_) => done.push(entry),
                Ok(event) if event.version > self.consumer.newest_version(&event.type_) => {
                    let why = format!("version {} of {} is not known here", event.version, event.type_);
                    self.failed(entry, &why).await?;
                }
                Ok(event) => wanted.push((entry, event)),
                Err(error) => self.failed(entry, &error.to_string()).await?,
            }
        }
        let mut outage = None;
        if !wanted.is_empty() {
            let (entries, mut events): (Vec<Entry>, Vec<Event>) = wanted.into_iter().unzip();
            let count = events.len();
            let mut spans = Spans::begin(&entries, &mut events);
            match self.consumer.apply(&events).await {
                Ok(()) => done.extend(entries),
                Err(error @ ApplyError::Unavailable(_)) => {
                    spans.fail(0..count, &error.to_string());
                    outage = Some(error);
                }
                Err(ApplyError::Rejected(_)) => {
                    for (place, (entry, event)) in entries.into_iter().zip(&events).enumerate() {
                        match self.consumer.apply(std::slice::from_ref(event)).await {
                            Ok(()) => done.push(entry),
                            Err(ApplyError::Rejected(why)) => {
                                spans.fail(place..place + 1, &why);
                                self.failed(entry, &why).await?;
                            }
                            Err(error @ ApplyError::Unavailable(_)) => {
                                spans.fail(place..count, &error.to_string());
                                outage = Some(error);
                                break;
                            }
                        }
                    }
                }
            }
            spans.publish(self.redis, self.group).await;
        }
        self.acknowledge(&done).await?;
        outage.map_or(Ok(()), Err)
    }

    async fn acknowledge(&self, done: &[Entry]) -> Result<(), ApplyError> {
        for stream in &self.streams {
            let ids: Vec<_> =
                done.iter().filter(|entry| entry.stream == *stream).map(|entry| text(&entry.id)).collect();
            if !ids.is_empty() {
                let args = [text(stream), text(self.group)].into_iter().chain(ids);
                self.redis.command("XACK", args).await?;
            }
        }
        Ok(())
    }

    /// Leaves the entry pending for another try, or parks it when it had enough.
    async fn failed(&self, entry: Entry, why: &str) -> Result<(), ApplyError> {
        let args = [text(&entry.stream), text(self.group), text(&entry.id), text(&entry.id), number(1)];
        let pending = self.redis.command("XPENDING", args).await?;
        let deliveries = match pending.get(3) {
            Some(RedisResult::Int64(count)) => *count,
            _ => 1,
        };
        log(self.group, &format!("{} {} failed, delivery {deliveries}", entry.stream, entry.id), why);
        if deliveries < MAX_DELIVERIES {
            return Ok(());
        }
        // First park, then acknowledge: a crash in between parks twice and loses nothing.
        let dead = format!("{}:dead", entry.stream);
        let args = [
            text(&dead),
            text("*"),
            text("event"),
            text(&entry.event),
            text("error"),
            text(why),
            text("group"),
            text(self.group),
            text("source_id"),
            text(&entry.id),
            text("deliveries"),
            number(deliveries),
        ];
        self.redis.command("XADD", args).await?;
        self.acknowledge(&[entry]).await
    }
}

fn log(service: &str, what: &str, why: &str) {
    eprintln!("{}", serde_json::json!({"level": "warn", "service": service, "message": what, "why": why}));
}
