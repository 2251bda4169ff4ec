//! The connections to Redis: one per address string, made on first use and made again after it broke. A command that
//! was under way when the connection broke fails and is not sent twice.

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{AsyncConnectionConfig, Client, Cmd, RedisError, RedisResult, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// How long a command may take before it fails; a dead server then is an error, not a hang.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// After a failed attempt, how long further ones fail at once.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// All connections of the process, by address.
#[derive(Default)]
pub struct Connections(Mutex<HashMap<String, Arc<Shared>>>);

impl Connections {
    /// The shared connection to `address`, or `None` when it is not a Redis URL.
    pub fn get(&self, address: &str) -> Option<Arc<Shared>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = all.get(address) {
            return Some(shared.clone());
        }
        let client = Client::open(address).ok()?;
        let shared = Arc::new(Shared { client, current: Mutex::default(), connecting: tokio::sync::Mutex::default() });
        all.insert(address.to_owned(), shared.clone());
        Some(shared)
    }
}

/// The connection to one address.
pub struct Shared {
    client: Client,
    current: Mutex<Option<MultiplexedConnection>>,
    /// Held while connecting, so that many callers make one attempt; remembers when the last one failed.
    connecting: tokio::sync::Mutex<Option<(Instant, RedisError)>>,
}

impl Shared {
    fn current(&self) -> Option<MultiplexedConnection> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The live connection, made now when there is none.
    pub async fn connected(&self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = self.current() {
            return Ok(connection);
        }
        let mut failure = self.connecting.lock().await;
        if let Some(connection) = self.current() {
            return Ok(connection);
        }
        if let Some((at, error)) = failure.as_ref()
            && at.elapsed() < RETRY_PAUSE
        {
            return Err(error.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                *failure = None;
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.clone());
                Ok(connection)
            }
            Err(error) => {
                *failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Sends one command; forgets the connection when it turns out to be broken, so that the next command reconnects.
    pub async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        let mut connection = self.connected().await?;
        let result = connection.req_packed_command(command).await;
        match result {
            Ok(Value::ServerError(error)) => Err(error.into()),
            Ok(value) => Ok(value),
            Err(error) => {
                if error.is_connection_dropped() || error.is_unrecoverable_error() || error.is_timeout() {
                    self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
                }
                Err(error)
            }
        }
    }
}

/// Host and port of a `redis://` URL.
pub fn host_and_port(address: &str) -> Option<(String, u16)> {
    let url = Url::parse(address).ok()?;
    (url.scheme() == "redis").then_some(())?;
    Some((url.host_str()?.to_owned(), url.port().unwrap_or(6379)))
}

/// Whether `address` can be used; the error never repeats it, since it may hold a password.
pub fn check_address(address: &str) -> Result<(), String> {
    if address.starts_with("rediss://") {
        return Err("TLS (rediss://) is not supported by this runtime".to_owned());
    }
    match host_and_port(address) {
        Some(_) if Client::open(address).is_ok() => Ok(()),
        _ => Err("the address is not a Redis URL (redis://[user:password@]host[:port][/db])".to_owned()),
    }
}
