//! Puts the relay together and runs it until it is told to stop.

use crate::config::Options;
use crate::metrics::Metrics;
use crate::topology::Topology;
use crate::traces::Traces;
use crate::{bell, hints, http, publish, redis_link, survey};
use redis::aio::ConnectionManager;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Why the relay did not start. Once started it ends only when told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is nothing to relay.
    #[error(
        "no database given; set RELAY_PG_URL_<SERVICE>, as in RELAY_PG_URL_ORDER=postgres://souk_relay@host/souk_order"
    )]
    NoDatabase,
    /// An address of a database is malformed. The address itself may hold a password and is not shown.
    #[error("RELAY_PG_URL_{0} is not a Postgres address: {1}")]
    PostgresUrl(String, tokio_postgres::Error),
    /// The address of Redis is malformed.
    #[error("RELAY_REDIS_URL is not a Redis address: {0}")]
    RedisUrl(redis::RedisError),
    /// The environment asks for traces that cannot be sent.
    #[error("{0}")]
    Traces(String),
    /// The metrics port is taken.
    #[error("cannot listen on {address}: {error}; choose another with --metrics-listen")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said; part of the message, so not its source.
        error: std::io::Error,
    },
}

/// A service with a database: what its tasks share.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) pg_url: String,
    /// Its outbox may have rows.
    pub(crate) hint: Notify,
    /// Its groups may have something to read.
    pub(crate) bell: Notify,
    /// Cancelled once its database was reached.
    pub(crate) reached: CancellationToken,
    leads: AtomicBool,
    postgres_up: AtomicBool,
}

impl Service {
    fn new(name: &str, pg_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            pg_url: pg_url.to_owned(),
            hint: Notify::new(),
            bell: Notify::new(),
            reached: CancellationToken::new(),
            leads: AtomicBool::new(false),
            postgres_up: AtomicBool::new(false),
        }
    }

    /// Whether this relay leads the service's database.
    pub(crate) fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    pub(crate) fn set_leads(&self, leads: bool) {
        self.leads.store(leads, Ordering::Relaxed);
    }

    pub(crate) fn is_postgres_up(&self) -> bool {
        self.postgres_up.load(Ordering::Relaxed)
    }

    pub(crate) fn set_postgres_up(&self, up: bool) {
        self.postgres_up.store(up, Ordering::Relaxed);
    }
}

/// What all tasks share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) topology: Topology,
    pub(crate) services: BTreeMap<String, Arc<Service>>,
    pub(crate) redis_client: redis::Client,
    pub(crate) redis: ConnectionManager,
    /// Cancelled once Redis was reached and the groups exist.
    pub(crate) redis_reached: CancellationToken,
    pub(crate) metrics: Metrics,
    pub(crate) traces: Traces,
    pub(crate) stop: CancellationToken,
}

impl Shared {
    /// Ends when Redis and every database have been reached.
    pub(crate) async fn ready(&self) {
        self.redis_reached.cancelled().await;
        for service in self.services.values() {
            service.reached.cancelled().await;
        }
    }
}

/// Runs until `stop` is cancelled, then finishes the batches in hand. `on_ready` is called with the address of
/// /metrics once Redis and every database have been reached.
pub async fn run(
    options: Options,
    topology: Topology,
    databases: BTreeMap<String, String>,
    stop: CancellationToken,
    on_ready: impl FnOnce(SocketAddr) + Send + 'static,
) -> Result<(), RunError> {
    if databases.is_empty() {
        return Err(RunError::NoDatabase);
    }
    for (service, url) in &databases {
        url.parse::<tokio_postgres::Config>()
            .map_err(|error| RunError::PostgresUrl(service.to_ascii_uppercase(), error))?;
    }
    let traces = Traces::start(databases.keys()).map_err(RunError::Traces)?;
    let redis_client = redis::Client::open(options.redis_url.as_str()).map_err(RunError::RedisUrl)?;
    let redis = redis_link::link(&redis_client).map_err(RunError::RedisUrl)?;
    let address = options.metrics_listen;
    let listen_error = |error| RunError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen_error)?;
    let bound = listener.local_addr().map_err(listen_error)?;

    for (name, stream) in &topology.streams {
        if stream.steward(|service| databases.contains_key(service)).is_none() {
            tracing::warn!(stream = %name, "not trimmed: neither its publisher nor a reader has a database here");
        }
    }
    let services = databases.iter().map(|(name, url)| (name.clone(), Arc::new(Service::new(name, url)))).collect();
    let shared = Arc::new(Shared {
        options,
        topology,
        services,
        redis_client,
        redis,
        redis_reached: CancellationToken::new(),
        metrics: Metrics::default(),
        traces,
        stop,
    });

    let mut tasks = JoinSet::new();
    tasks.spawn(http::serve(shared.clone(), listener));
    tasks.spawn(hints::listen(shared.clone()));
    tasks.spawn(survey::keep_surveying(shared.clone()));
    let mut offset = Duration::ZERO;
    for service in shared.services.values() {
        tasks.spawn(publish::keep_publishing(shared.clone(), service.clone()));
        tasks.spawn(bell::keep_ringing(shared.clone(), service.clone(), offset));
        offset += Duration::from_millis(130);
    }
    let announcing = shared.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = announcing.stop.cancelled() => {}
            () = announcing.ready() => on_ready(bound),
        }
    });
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            // A task that panicked would leave a part of the work undone for ever: end, and be started again.
            tracing::error!(%error, "a task of the relay failed; stopping");
            shared.stop.cancel();
        }
    }
    shared.traces.shutdown().await;
    Ok(())
}
