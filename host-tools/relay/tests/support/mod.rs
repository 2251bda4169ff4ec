//! A private Postgres and Redis, and relays between them.
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(dead_code)] // each test file uses a part of it

use clap::Parser;
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamId, StreamRangeReply};
use souk_relay::config::Options;
use souk_relay::topology::Topology;
use souk_testkit::{Database, Postgres, Redis, eventually};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::Client;
use tokio_util::sync::{CancellationToken, DropGuard};

pub const STREAM: &str = "souk:order";
const TOPOLOGY: &str = "[streams.\"souk:order\"]\npublisher = \"order\"\ngroups = [\"payment\", \"mailer\"]\n";

/// Databases of the services `order` (which publishes) and `payment` (which reads), and a Redis of their own.
pub struct World {
    pub redis: Redis,
    pub order: Database,
    pub payment: Database,
}

impl World {
    pub async fn new() -> Self {
        Self::on(Postgres::shared()).await
    }

    pub async fn on(postgres: &Postgres) -> Self {
        Self {
            redis: Redis::start().unwrap(),
            order: postgres.platform("order").await.unwrap(),
            payment: postgres.platform("payment").await.unwrap(),
        }
    }

    fn databases(&self) -> BTreeMap<String, String> {
        [("order", &self.order), ("payment", &self.payment)]
            .map(|(name, database)| (name.to_owned(), database.url_as("souk_relay")))
            .into()
    }

    fn arguments(&self, more: &[&str]) -> Vec<String> {
        let redis = self.redis.url();
        let fixed = ["souk-relay", "--redis-url", &redis, "--metrics-listen", "127.0.0.1:0"];
        fixed.iter().chain(more).map(|argument| (*argument).to_owned()).collect()
    }

    /// A relay in this process that has reached everything.
    pub async fn relay(&self, more: &[&str]) -> Relay {
        let options = Options::parse_from(self.arguments(more));
        let stop = CancellationToken::new();
        let (announce, ready) = tokio::sync::oneshot::channel();
        let on_ready = move |address| announce.send(address).unwrap();
        let topology = Topology::parse(TOPOLOGY).unwrap();
        let task = tokio::spawn(souk_relay::run(options, topology, self.databases(), stop.clone(), on_ready));
        let metrics = ready.await.unwrap();
        Relay { metrics, stop: stop.drop_guard(), task }
    }

    /// A relay in a process of its own, to be killed.
    pub fn relay_process(&self, more: &[&str]) -> RelayProcess {
        let topology = std::env::temp_dir().join(format!("souk-topology-{}.toml", std::process::id()));
        std::fs::write(&topology, TOPOLOGY).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_souk-relay"))
            .args(self.arguments(more).iter().skip(1))
            .arg("--streams")
            .arg(&topology)
            .env_clear()
            .envs(self.databases().iter().map(|(name, url)| (format!("RELAY_PG_URL_{}", name.to_uppercase()), url)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("relay ready, metrics on http://127.0.0.1:"), "{line:?}");
        RelayProcess(child)
    }

    pub async fn connect_redis(&self) -> MultiplexedConnection {
        self.redis.connect().await.unwrap()
    }

    /// All entries of the stream.
    pub async fn entries(&self) -> Vec<StreamId> {
        let Ok(mut redis) = self.redis.connect().await else { return Vec::new() };
        let reply: StreamRangeReply = redis.xrange_all(STREAM).await.unwrap_or_default();
        reply.ids
    }

    /// The events of the stream as (id, key, n), in stream order.
    pub async fn events(&self) -> Vec<Event> {
        self.entries().await.iter().map(Event::of).collect()
    }

    /// Waits until so many different events have reached the stream.
    pub async fn published(&self, number: usize) -> Vec<Event> {
        eventually(&format!("{number} events are in the stream"), || async {
            let events = self.events().await;
            let ids: std::collections::BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
            (ids.len() >= number).then_some(events.clone())
        })
        .await
    }

    pub async fn outbox_is_empty(&self) {
        eventually("the outbox is empty", || async {
            let client = self.order.connect().await.ok()?;
            let rows: i64 = client.query_one("SELECT count(*) FROM outbox", &[]).await.ok()?.get(0);
            (rows == 0).then_some(())
        })
        .await;
    }
}

/// What a test needs of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub key: String,
    pub n: i64,
}

impl Event {
    fn of(entry: &StreamId) -> Self {
        let json: serde_json::Value = serde_json::from_str(&entry.get::<String>("event").unwrap()).unwrap();
        Self {
            id: json["id"].as_str().unwrap().to_owned(),
            key: json["key"].as_str().unwrap().to_owned(),
            n: json["data"]["n"].as_i64().unwrap(),
        }
    }
}

/// Emits events `from..=to` of one key in one statement.
pub async fn emit(client: &Client, key: &str, from: i64, to: i64) -> Result<(), tokio_postgres::Error> {
    let sql = "SELECT emit('souk:order', 'order.placed', 1, $1, NULL, \
               jsonb_build_object('n', n, 'pad', repeat('x', 200))) \
               FROM generate_series($2::int8, $3::int8) AS n ORDER BY n";
    client.query(sql, &[&key, &from, &to]).await.map(|_| ())
}

/// For each key the first occurrence of each event comes in the order 1, 2, 3, ... without a gap.
pub fn assert_ordered_per_key(events: &[Event]) {
    let mut last = BTreeMap::<&str, i64>::new();
    for event in events {
        let last = last.entry(&event.key).or_default();
        assert!(event.n <= *last + 1, "{event:?} came after {last}");
        *last = event.n.max(*last);
    }
}

/// A relay in this process; stops when dropped.
pub struct Relay {
    pub metrics: SocketAddr,
    stop: DropGuard,
    task: tokio::task::JoinHandle<Result<(), souk_relay::RunError>>,
}

impl Relay {
    /// Stops it as SIGTERM does.
    pub async fn stop(self) {
        drop(self.stop);
        self.task.await.unwrap().unwrap();
    }

    pub async fn get(&self, path: &str) -> String {
        let mut stream = tokio::net::TcpStream::connect(self.metrics).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    /// The value of one sample of /metrics.
    pub async fn metric(&self, sample: &str) -> Option<f64> {
        let page = self.get("/metrics").await;
        page.lines().find_map(|line| line.strip_prefix(sample)?.trim().parse().ok())
    }

    pub async fn leads_order(&self) -> bool {
        self.metric("souk_relay_leader{service=\"order\"}").await == Some(1.0)
    }
}

/// A relay process; killed when dropped.
pub struct RelayProcess(pub Child);

impl RelayProcess {
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
