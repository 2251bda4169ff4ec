//! Connections to Postgres: a bounded pool per address string, shared by all instances. A connection is lent for one
//! statement; it comes back only when that statement has ended cleanly, otherwise it is closed. Statements are prepared
//! once per connection.

use super::error;
use super::session::{Effect, effect};
use crate::bindings::spin::postgres::postgres::Error;
use crate::metrics::PoolMetrics;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls, Statement};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a statement waits for a free connection.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection; the least recently used goes first.
const STATEMENTS_PER_CONNECTION: usize = 256;

/// All pools of the process, by address.
pub struct Pools {
    pools: Mutex<HashMap<String, Arc<Pool>>>,
    size: usize,
    metrics: crate::metrics::Metrics,
}

impl Pools {
    /// Pools of at most `size` connections each.
    pub fn new(size: usize, metrics: crate::metrics::Metrics) -> Self {
        Self { pools: Mutex::default(), size, metrics }
    }

    /// The pool for `address`; the error says what is wrong with it without repeating it.
    pub fn get(&self, address: &str) -> Result<Arc<Pool>, String> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(address) {
            return Ok(pool.clone());
        }
        let mut config = Config::from_str(address).map_err(|e| format!("invalid Postgres address: {e}"))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        let targets = targets(&config)?;
        let label = targets.iter().map(|(host, port)| format!("{host}:{port}")).collect::<Vec<_>>().join(",");
        let label = format!("{label}/{}", config.get_dbname().unwrap_or_default());
        let pool = Arc::new(Pool {
            metrics: self.metrics.pool(&label),
            config,
            targets,
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(self.size)),
        });
        pools.insert(address.to_owned(), pool.clone());
        Ok(pool)
    }
}

/// The TCP addresses of a configuration.
fn targets(config: &Config) -> Result<Vec<(String, u16)>, String> {
    let ports = config.get_ports();
    let hosts = config.get_hosts();
    if hosts.is_empty() {
        return Err("invalid Postgres address: it names no host".to_owned());
    }
    let port = |index: usize| ports.get(index).or_else(|| ports.first()).copied().unwrap_or(5432);
    hosts
        .iter()
        .enumerate()
        .map(|(index, host)| match host {
            Host::Tcp(name) => Ok((name.clone(), port(index))),
            Host::Unix(_) => Err("invalid Postgres address: Unix sockets are not supported".to_owned()),
        })
        .collect()
}

/// The connections to one address.
pub struct Pool {
    config: Config,
    /// Host and port of each server the address names.
    pub targets: Vec<(String, u16)>,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    metrics: PoolMetrics,
}

/// An open connection with what was prepared on it.
struct Connection {
    client: Client,
    statements: HashMap<Arc<str>, Prepared>,
    uses: u64,
}

/// A prepared statement.
#[derive(Clone)]
pub struct Prepared {
    /// The driver's handle.
    pub statement: Statement,
    /// What it does to the connection.
    pub effect: Effect,
    used: u64,
}

impl Pool {
    /// Lends a connection, waiting for a free one when all are in use.
    pub async fn lend(self: &Arc<Self>) -> Result<Lease, Error> {
        let permit = match self.permits.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait().await?,
        };
        if let Some(connection) = self.take_idle() {
            return Ok(self.lease(connection, permit));
        }
        let (client, connection) = self.config.connect(NoTls).await.map_err(|e| error::connection_failed(&e))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!("a Postgres connection ended: {error}");
            }
        });
        Ok(self.lease(Connection { client, statements: HashMap::new(), uses: 0 }, permit))
    }

    /// Whether a connection is there or can be made; what `open` reports.
    pub async fn check(self: &Arc<Self>) -> Result<(), Error> {
        let has_idle = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|connection| !connection.client.is_closed());
            self.metrics.idle.set(i64::try_from(idle.len()).unwrap_or(i64::MAX));
            !idle.is_empty()
        };
        if has_idle || self.permits.available_permits() == 0 {
            return Ok(());
        }
        self.lend().await?.give_back();
        Ok(())
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.metrics.waiting.inc();
        let permit = tokio::time::timeout(WAIT_TIMEOUT, self.permits.clone().acquire_owned()).await;
        self.metrics.waiting.dec();
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Error::ConnectionFailed(format!(
                "all Postgres connections were in use for {} s",
                WAIT_TIMEOUT.as_secs()
            ))),
        }
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            self.metrics.idle.dec();
            if !connection.client.is_closed() {
                return Some(connection);
            }
        }
        None
    }

    fn lease(self: &Arc<Self>, connection: Connection, permit: OwnedSemaphorePermit) -> Lease {
        self.metrics.in_use.inc();
        Lease { pool: self.clone(), connection: Some(connection), busy: false, _permit: permit }
    }
}

/// A connection on loan. Dropped without [`Lease::give_back`] it is closed, and what it was doing is cancelled.
pub struct Lease {
    pool: Arc<Pool>,
    connection: Option<Connection>,
    busy: bool,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// The driver's client.
    pub fn client(&self) -> Option<&Client> {
        self.connection.as_ref().map(|connection| &connection.client)
    }

    /// Whether the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.client().is_none_or(Client::is_closed)
    }

    /// Marks that a statement is under way (to be cancelled when the lease is dropped) or has ended.
    pub fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    /// The statement, prepared now unless this connection has it already; `None` once the lease was given back.
    pub async fn prepare(&mut self, sql: &str) -> Result<Option<Prepared>, tokio_postgres::Error> {
        let Some(connection) = self.connection.as_mut() else { return Ok(None) };
        connection.uses += 1;
        let now = connection.uses;
        if let Some(prepared) = connection.statements.get_mut(sql) {
            prepared.used = now;
            return Ok(Some(prepared.clone()));
        }
        let statement = connection.client.prepare(sql).await?;
        let prepared = Prepared { statement, effect: effect(sql), used: now };
        if connection.statements.len() >= STATEMENTS_PER_CONNECTION {
            let oldest = connection.statements.iter().min_by_key(|(_, p)| p.used).map(|(sql, _)| sql.clone());
            if let Some(oldest) = oldest {
                connection.statements.remove(&oldest);
            }
        }
        connection.statements.insert(Arc::from(sql), prepared.clone());
        Ok(Some(prepared))
    }

    /// Forgets a statement that the server no longer accepts as prepared.
    pub fn forget(&mut self, sql: &str) {
        if let Some(connection) = self.connection.as_mut() {
            connection.statements.remove(sql);
        }
    }

    /// Puts the connection back for the next statement.
    pub fn give_back(mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.pool.metrics.in_use.dec();
        if !connection.client.is_closed() {
            self.pool.metrics.idle.inc();
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.pool.metrics.in_use.dec();
        if self.busy && !connection.client.is_closed() {
            let cancel = connection.client.cancel_token();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move {
                    if let Err(error) = cancel.cancel_query(NoTls).await {
                        tracing::debug!("an abandoned statement could not be cancelled: {error}");
                    }
                });
            }
        }
    }
}
