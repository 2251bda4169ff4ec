//! A mailer under test: run in this process against a private Redis.

// Helpers of tests: panicking is how a test fails, and each test file uses some of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, dead_code)]

use anyhow::Result;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use redis::streams::StreamRangeReply;
use serde_json::{Value, json};
use souk_mailer::config::{Config, Delivery, Retry};
use souk_testkit::events::EventSchemas;
use souk_testkit::{Redis, eventually};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub struct Running {
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<()>>,
}

impl Running {
    /// Starts a mailer with fast retries.
    pub async fn start(redis: &Redis, delivery: Delivery) -> Result<Self> {
        let retry = Retry {
            first: Duration::from_millis(20),
            longest: Duration::from_millis(100),
            give_up: Duration::from_secs(3600),
        };
        let config = Config {
            redis_url: redis.url(),
            delivery,
            from: "Souk <hello@souk.example>".parse()?,
            consumer: "test".to_owned(),
            retry,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, shutdown) = watch::channel(false);
        let task = tokio::spawn(souk_mailer::run(config, listener, shutdown));
        Ok(Self { address, stop, task })
    }

    /// Stops it as SIGTERM does.
    pub async fn stop(self) -> Result<()> {
        self.stop.send(true)?;
        self.task.await?
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(self) {
        self.task.abort();
    }
}

/// A new folder for mails, gone with the value.
pub struct MailDir(pub PathBuf);

impl MailDir {
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("souk-mailer-test-{}", Uuid::now_v7())))
    }

    pub fn delivery(&self) -> Delivery {
        Delivery::Folder(self.0.clone())
    }

    /// The mails' file names.
    pub fn files(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.0) else { return Vec::new() };
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".eml")).collect()
    }
}

impl Drop for MailDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Queues a mail, as the notification service does.
pub async fn queue(redis: &mut MultiplexedConnection, message_id: Uuid, to: &str) -> Result<()> {
    let event = json!({
        "id": Uuid::now_v7(), "type": "notification.queued", "version": 1, "key": message_id,
        "occurred_at": "2026-01-01T00:00:00.000Z", "traceparent": null,
        "data": {
            "message_id": message_id, "template": "order_confirmed", "category": "orders", "locale": "en", "to": to,
            "subject": "Your order is confirmed", "html": "<p>Thank you</p><script>alert(1)</script>",
            "text": "Thank you", "list_unsubscribe": null
        }
    });
    EventSchemas::load()?.check(&event)?;
    queue_raw(redis, &event.to_string()).await
}

/// Puts any text on the stream as an event.
pub async fn queue_raw(redis: &mut MultiplexedConnection, event: &str) -> Result<()> {
    let _: String = redis.xadd("souk:notification", "*", &[("event", event)]).await?;
    Ok(())
}

/// The reports so far: type, message id and error.
pub async fn reports(redis: &mut MultiplexedConnection) -> Vec<(String, String, Option<String>)> {
    let reply: StreamRangeReply = redis.xrange_all("souk:mailer").await.unwrap_or_default();
    let read = |entry: &redis::streams::StreamId| {
        let event: Value = serde_json::from_str(&entry.get::<String>("event").unwrap()).unwrap();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        (text(&event["type"]).unwrap(), text(&event["data"]["message_id"]).unwrap(), text(&event["data"]["error"]))
    };
    reply.ids.iter().map(read).collect()
}

/// Waits for that many reports, and for nothing being left to do.
pub async fn settled(redis: &mut MultiplexedConnection, count: usize) -> Vec<(String, String, Option<String>)> {
    eventually("every mail is reported", || {
        let mut redis = redis.clone();
        async move {
            let reports = reports(&mut redis).await;
            let pending: redis::streams::StreamPendingReply =
                redis.xpending("souk:notification", "mailer").await.ok()?;
            (reports.len() >= count && pending.count() == 0).then_some(reports)
        }
    })
    .await
}

/// GET, with the whole answer as text.
pub async fn get(address: SocketAddr, path: &str) -> Result<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
