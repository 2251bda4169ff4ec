//! Redis connections: opened when needed, dropped when they fail, opened again a little later.

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use std::time::Duration;
use tokio::sync::Mutex;

/// The first wait after a failure, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// A connection that is opened again after an error.
#[derive(Debug)]
pub struct Reconnecting {
    client: Client,
    response_timeout: Duration,
    open: Mutex<Option<MultiplexedConnection>>,
}

impl Reconnecting {
    /// A connection that is opened on first use. `response_timeout` is the longest that a command may take.
    pub fn new(client: Client, response_timeout: Duration) -> Self {
        Self { client, response_timeout, open: Mutex::new(None) }
    }

    /// The connection.
    pub async fn get(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut open = self.open.lock().await;
        if let Some(connection) = &*open {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(3)))
            .set_response_timeout(Some(self.response_timeout));
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        *open = Some(connection.clone());
        Ok(connection)
    }

    /// Gives the connection up, so that the next caller opens another.
    pub async fn forget(&self) {
        *self.open.lock().await = None;
    }
}

/// Waits between attempts, each twice as long as the one before.
#[derive(Debug)]
pub struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(BACKOFF.0)
    }
}

impl Backoff {
    /// Waits. True for the first wait: one outage, one line in the log.
    pub async fn wait(&mut self) -> bool {
        let first = self.0 == BACKOFF.0;
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(BACKOFF.1);
        first
    }
}
