//! The mailer's side of the streams: reads the group `mailer` of souk:notification, reports on souk:mailer, parks what
//! it cannot read on souk:notification:dead, and notes which mails were sent.
//!
//! Calls wait out an outage of Redis: they return when Redis has answered.

use crate::config::Config;
use crate::connection::{Backoff, Reconnecting};
use crate::metrics::Metrics;
use anyhow::{Context, Result};
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{Client, Cmd, FromRedisValue, Pipeline, RedisError, cmd, pipe};
use souk_otlp::Tracer;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use uuid::Uuid;

const STREAM: &str = "souk:notification";
const DEAD: &str = "souk:notification:dead";
const REPORTS: &str = "souk:mailer";
const GROUP: &str = "mailer";

/// Entries read at once.
const BATCH: usize = 256;
/// How long a read waits for new entries.
const BLOCK: Duration = Duration::from_secs(1);
/// An entry that its reader has not touched for so long is taken over.
pub const STALE: Duration = Duration::from_secs(60);
/// How long one attempt to send may hold a mail. Attempts are cut off well before.
const HOLD: Duration = Duration::from_secs(90);
/// How long a sent mail is remembered: longer than any repetition of its event can be late.
const REMEMBER: Duration = Duration::from_secs(7 * 24 * 3600);

/// One entry of the stream.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id in the stream.
    pub id: String,
    /// Its event, as JSON text.
    pub event: String,
}

/// Whether a mail may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nobody else sends it for now.
    Ours,
    /// Somebody else is about to.
    Elsewhere,
    /// It was sent.
    Sent,
}

/// The streams, as the mailer uses them. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Queue {
    commands: Arc<Reconnecting>,
    blocking: Arc<Reconnecting>,
    consumer: Arc<str>,
    metrics: Arc<Metrics>,
    tracer: Option<Arc<Tracer>>,
}

impl Queue {
    /// The queue at `config.redis_url`. Connects later.
    pub fn new(config: &Config, metrics: Arc<Metrics>, tracer: Option<Arc<Tracer>>) -> Result<Self> {
        // The error could show the address, and with it a password.
        let client = Client::open(config.redis_url.as_str())
            .ok()
            .context("MAILER_REDIS_URL (--redis-url) is not the address of a Redis, as in redis://127.0.0.1:6379/0")?;
        Ok(Self {
            commands: Arc::new(Reconnecting::new(client.clone(), Duration::from_secs(5))),
            blocking: Arc::new(Reconnecting::new(client, BLOCK + Duration::from_secs(5))),
            consumer: config.consumer.as_str().into(),
            metrics,
            tracer,
        })
    }

    /// What this queue counts into.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Where spans go, when the mailer exports traces.
    pub fn tracer(&self) -> Option<&Tracer> {
        self.tracer.as_deref()
    }

    /// New entries; none after a while without any.
    pub async fn read_new(&self) -> Vec<Entry> {
        let mut command = cmd("XREADGROUP");
        command.arg("GROUP").arg(GROUP).arg(&*self.consumer).arg("COUNT").arg(BATCH);
        command.arg("BLOCK").arg(BLOCK.as_millis() as u64).arg("STREAMS").arg(STREAM).arg(">");
        entries(self.ask::<Option<StreamReadReply>>(&self.blocking, &command).await.unwrap_or_default())
    }

    /// Entries that this consumer read before it was restarted, from after the entry `after`.
    pub async fn read_unfinished(&self, after: &str) -> Vec<Entry> {
        let mut command = cmd("XREADGROUP");
        command.arg("GROUP").arg(GROUP).arg(&*self.consumer).arg("COUNT").arg(BATCH);
        command.arg("STREAMS").arg(STREAM).arg(after);
        entries(self.ask::<Option<StreamReadReply>>(&self.commands, &command).await.unwrap_or_default())
    }

    /// Takes over entries that nobody has touched for [`STALE`].
    pub async fn claim_stale(&self) -> Vec<Entry> {
        let mut command = cmd("XAUTOCLAIM");
        command.arg(STREAM).arg(GROUP).arg(&*self.consumer).arg(STALE.as_millis() as u64).arg("0-0");
        command.arg("COUNT").arg(BATCH);
        let reply: StreamAutoClaimReply = self.ask(&self.commands, &command).await;
        reply.claimed.into_iter().filter_map(entry).collect()
    }

    /// Tells the group that these entries are still being worked on.
    pub async fn touch(&self, ids: &[String]) {
        for ids in ids.chunks(BATCH) {
            let mut command = cmd("XCLAIM");
            command.arg(STREAM).arg(GROUP).arg(&*self.consumer).arg(0).arg(ids).arg("JUSTID");
            let _: redis::Value = self.ask(&self.commands, &command).await;
        }
    }

    /// Writes the reports and acknowledges the entries, all at once or not at all. An entry without a report was not
    /// for the mailer.
    pub async fn finish(&self, done: &[(String, Option<String>)]) {
        if done.is_empty() {
            return;
        }
        let mut pipeline = pipe();
        pipeline.atomic();
        for report in done.iter().filter_map(|(_, report)| report.as_ref()) {
            pipeline.cmd("XADD").arg(REPORTS).arg("*").arg("event").arg(report).ignore();
        }
        let ids: Vec<&str> = done.iter().map(|(id, _)| id.as_str()).collect();
        pipeline.cmd("XACK").arg(STREAM).arg(GROUP).arg(ids).ignore();
        self.ask_pipeline(&pipeline).await;
    }

    /// Parks an entry that can never be delivered because it cannot be read.
    pub async fn park(&self, entry: &Entry, error: &str) {
        let mut pipeline = pipe();
        pipeline.atomic().cmd("XADD").arg(DEAD).arg("*").arg("event").arg(&entry.event).arg("error").arg(error);
        pipeline.arg("group").arg(GROUP).arg("source_id").arg(&entry.id).arg("deliveries").arg(1).ignore();
        pipeline.cmd("XACK").arg(STREAM).arg(GROUP).arg(&entry.id).ignore();
        self.ask_pipeline(&pipeline).await;
        Metrics::add(&self.metrics.parked, 1);
        tracing::error!(entry = entry.id, error, "parked an unreadable entry");
    }

    /// Asks to send a mail, alone: of two entries about one mail only one gets [`Hold::Ours`].
    pub async fn hold(&self, message_id: Uuid) -> Hold {
        let mut command = cmd("SET");
        command.arg(sent_key(message_id)).arg("sending").arg("NX").arg("GET").arg("PX").arg(HOLD.as_millis() as u64);
        match self.ask::<Option<String>>(&self.commands, &command).await.as_deref() {
            None => Hold::Ours,
            Some("sent") => Hold::Sent,
            Some(_) => Hold::Elsewhere,
        }
    }

    /// Lets go of a mail that was not sent.
    pub async fn release(&self, message_id: Uuid) {
        let _: redis::Value = self.ask(&self.commands, cmd("DEL").arg(sent_key(message_id))).await;
    }

    /// Notes that a mail was sent.
    pub async fn note_sent(&self, message_id: Uuid) {
        let mut command = cmd("SET");
        command.arg(sent_key(message_id)).arg("sent").arg("EX").arg(REMEMBER.as_secs());
        let _: redis::Value = self.ask(&self.commands, &command).await;
    }

    async fn ask<T: FromRedisValue>(&self, over: &Reconnecting, command: &Cmd) -> T {
        let mut backoff = Backoff::default();
        loop {
            let outcome = match over.get().await {
                Ok(mut connection) => command.query_async(&mut connection).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(value) => return self.answered(value),
                Err(error) => self.recover(over, &error, &mut backoff).await,
            }
        }
    }

    async fn ask_pipeline(&self, pipeline: &Pipeline) {
        let mut backoff = Backoff::default();
        loop {
            let outcome = match self.commands.get().await {
                Ok(mut connection) => pipeline.query_async::<()>(&mut connection).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => return self.answered(()),
                Err(error) => self.recover(&self.commands, &error, &mut backoff).await,
            }
        }
    }

    fn answered<T>(&self, value: T) -> T {
        self.metrics.redis_up.store(true, Relaxed);
        value
    }

    /// After an error: makes the group when that is what is missing, else waits and lets the next attempt reconnect.
    async fn recover(&self, over: &Reconnecting, error: &RedisError, backoff: &mut Backoff) {
        if error.code() == Some("NOGROUP") && self.make_group(over).await.is_ok() {
            return;
        }
        self.metrics.redis_up.store(false, Relaxed);
        over.forget().await;
        if backoff.wait().await {
            tracing::warn!(error = %error.category(), detail = ?error.detail(), "Redis does not answer; trying again");
        }
    }

    /// From the beginning of the stream: a group made late must not miss a mail.
    async fn make_group(&self, over: &Reconnecting) -> Result<(), RedisError> {
        let mut connection = over.get().await?;
        let mut command = cmd("XGROUP");
        command.arg("CREATE").arg(STREAM).arg(GROUP).arg("0").arg("MKSTREAM");
        match command.query_async::<()>(&mut connection).await {
            Err(error) if error.code() != Some("BUSYGROUP") => Err(error),
            _ => Ok(()),
        }
    }
}

fn sent_key(message_id: Uuid) -> String {
    format!("souk:mailer:sent:{message_id}")
}

fn entries(reply: StreamReadReply) -> Vec<Entry> {
    reply.keys.into_iter().flat_map(|key| key.ids).filter_map(entry).collect()
}

/// `None` for an entry that was trimmed away while it was pending: there is nothing left to deliver.
fn entry(id: StreamId) -> Option<Entry> {
    if id.map.is_empty() {
        return None;
    }
    let event = id.get("event").unwrap_or_default();
    Some(Entry { id: id.id, event })
}
