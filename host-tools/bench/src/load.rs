//! The load generator: prepared requests over keep-alive connections, as fast as they are answered (closed) or at a
//! fixed rate (open).
//!
//! In the open loop a request's latency counts from the moment it was due, not from the moment it was sent, so that a
//! slow server cannot hide its queue.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};
use tokio::{net::TcpStream, task::JoinSet};

/// A request that is sent as it is.
#[derive(Clone)]
pub struct Prepared {
    /// The method.
    pub method: http::Method,
    /// Path and query.
    pub path: String,
    /// Headers besides `host`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Prepared {
    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: http::Method::GET, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }
}

/// When a request begins.
#[derive(Clone, Copy)]
pub enum Pace {
    /// As soon as the connection is free.
    Closed,
    /// At this many a second.
    Open(f64),
}

/// One answer, for scenarios that follow up on it.
pub struct Answered {
    /// When it was due (open) or sent (closed).
    pub begun: SystemTime,
    /// The body.
    pub body: Bytes,
}

/// What a run came to.
pub struct Outcome {
    /// Answers by status.
    pub statuses: BTreeMap<u16, usize>,
    /// Requests without an answer.
    pub failures: usize,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// Latencies in microseconds.
    pub latency: Histogram<u64>,
    /// Every answer, when asked for.
    pub answers: Vec<Answered>,
}

impl Outcome {
    /// Answers with `status` a second.
    pub fn rate(&self, status: u16) -> f64 {
        let answered = self.statuses.get(&status).copied().unwrap_or_default();
        answered as f64 / self.elapsed.as_secs_f64()
    }

    /// A percentile of the latency in milliseconds.
    pub fn percentile_ms(&self, percentile: f64) -> f64 {
        self.latency.value_at_percentile(percentile) as f64 / 1000.0
    }

    /// Fails unless every request was answered with `status`.
    pub fn all(&self, status: u16) -> Result<()> {
        if self.failures > 0 || self.statuses.keys().any(|other| *other != status) {
            bail!("wanted only {status}: {:?}, {} without an answer", self.statuses, self.failures);
        }
        Ok(())
    }
}

/// Sends every request once over `connections` connections.
pub async fn send(
    address: &str,
    connections: usize,
    pace: Pace,
    requests: Arc<Vec<Prepared>>,
    keep: bool,
) -> Result<Outcome> {
    let next = Arc::new(AtomicUsize::new(0));
    let (started, wall) = (Instant::now() + Duration::from_millis(20), SystemTime::now() + Duration::from_millis(20));
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let worker = Worker { address: address.to_owned(), pace, started, wall, keep, requests: Arc::clone(&requests) };
        workers.spawn(worker.run(Arc::clone(&next)));
    }
    let mut outcome = empty()?;
    while let Some(part) = workers.join_next().await {
        let part = part??;
        outcome.failures += part.failures;
        outcome.latency.add(&part.latency)?;
        outcome.answers.extend(part.answers);
        for (status, count) in part.statuses {
            *outcome.statuses.entry(status).or_default() += count;
        }
    }
    outcome.elapsed = started.elapsed();
    Ok(outcome)
}

fn empty() -> Result<Outcome> {
    Ok(Outcome {
        statuses: BTreeMap::new(),
        failures: 0,
        elapsed: Duration::ZERO,
        latency: Histogram::new_with_bounds(1, 120_000_000, 3)?,
        answers: Vec::new(),
    })
}

struct Worker {
    address: String,
    pace: Pace,
    started: Instant,
    wall: SystemTime,
    keep: bool,
    requests: Arc<Vec<Prepared>>,
}

impl Worker {
    async fn run(self, next: Arc<AtomicUsize>) -> Result<Outcome> {
        let mut outcome = empty()?;
        let mut connection = None;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = self.requests.get(index) else { return Ok(outcome) };
            let due = match self.pace {
                Pace::Closed => Instant::now().max(self.started),
                Pace::Open(rate) => self.started + Duration::from_secs_f64(index as f64 / rate),
            };
            tokio::time::sleep_until(due.into()).await;
            match exchange(&self.address, &mut connection, request).await {
                Ok((status, body)) => {
                    let micros = u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX);
                    outcome.latency.saturating_record(micros.max(1));
                    *outcome.statuses.entry(status).or_default() += 1;
                    if self.keep {
                        let begun = self.wall + due.duration_since(self.started);
                        outcome.answers.push(Answered { begun, body });
                    }
                }
                Err(_) => {
                    outcome.failures += 1;
                    connection = None;
                }
            }
        }
    }
}

async fn exchange(
    address: &str,
    connection: &mut Option<SendRequest<Full<Bytes>>>,
    request: &Prepared,
) -> Result<(u16, Bytes)> {
    if connection.as_ref().is_none_or(SendRequest::is_closed) {
        *connection = Some(connect(address).await?);
    }
    let sender = connection.as_mut().context("no connection")?;
    sender.ready().await?;
    let mut builder = http::Request::builder().method(&request.method).uri(&request.path).header("host", address);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let response = sender.send_request(builder.body(Full::new(request.body.clone()))?).await?;
    let status = response.status().as_u16();
    Ok((status, response.into_body().collect().await?.to_bytes()))
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // A broken connection shows as a failed request.
        let _ = connection.await;
    });
    Ok(sender)
}
