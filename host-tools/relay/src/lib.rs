//! The relay: moves events from each service's outbox to the streams and rings the services' doorbells.
//!
//! # From the outbox to the stream
//! A service writes its events into the table `outbox` in the statement that changes the aggregate. For each database
//! one [`publish`] task reads them in the order of their ids, adds a whole batch to the streams in one MULTI/EXEC and
//! then deletes the rows. It wakes at a hint (a message on `souk:outbox:<service>`, which may get lost) and polls
//! besides: soon after work, then ever more slowly, to once a second.
//!
//! Promises: **nothing is lost** (a row is deleted only after Redis has confirmed its entry); **at least once** (a
//! crash between the two publishes a batch again under the same event ids, which consumers' inboxes recognise); **in
//! order for each key** (rows of one aggregate are numbered in commit order, one task reads a database, and a batch is
//! added completely or not at all).
//!
//! # One leader for each database
//! A session-level advisory lock makes one relay the leader of a database; others try for it every half second. (They
//! do not wait inside Postgres: a waiting statement holds a snapshot, which would keep vacuum from cleaning the
//! outbox.) The lock lives and dies with the connection that also reads and deletes the rows, so who lost it can no
//! longer delete anything and stops at once. What it may still have in flight to Redis is a duplicate. The lock needs
//! a direct connection: a pooler in transaction mode would break it.
//!
//! # Doorbells
//! Components cannot wait on a stream, so [`bell`] publishes `ring` on `souk:doorbell:<service>` after a batch went to
//! a stream that the service's group reads: at once when the service was quiet, otherwise coalesced, with a trailing
//! ring, so the last event is always rung for. Under steady load the interval grows, since a service that drains
//! larger batches needs fewer statements. The [`survey`] rings again when a group with lag made no progress between
//! two looks. `tick` goes to each service once a second; it is also what takes over stale pending entries, so nothing
//! else rings for those. Only the leader of a service's database ticks it: more replicas make no more ticks, and a
//! service whose database is away has nothing to do.
//!
//! # Streams
//! The relay creates the groups of streams.toml (from the beginning of the stream) at start and whenever they vanish.
//! It trims a stream down to the newest `--keep-entries`, but never an entry that some group of the stream has not
//! acknowledged, and a stream with a missing group not at all. Dead letter streams are never trimmed.
//!
//! # Traces
//! With a collector in the environment (OTEL_EXPORTER_OTLP_ENDPOINT) an event of a recorded trace gets a span from outbox
//! to stream, and goes on below it; and the spans that components publish on `souk:spans:<service>` about the events
//! they applied are exported by the leader of that service's database.
//!
//! # Failures
//! Postgres or Redis going away is logged once, retried with backoff and shown in `/metrics`; the process stays.
//! `/healthz` says that the process lives, `/readyz` that Redis and every database were reached.

pub mod bell;
pub mod config;
mod dead_letters;
mod groups;
mod hints;
mod http;
mod leader;
pub mod metrics;
mod publish;
mod redis_link;
mod run;
pub mod stream_id;
mod survey;
pub mod topology;
mod traces;
mod trim;

pub use run::{RunError, run};
