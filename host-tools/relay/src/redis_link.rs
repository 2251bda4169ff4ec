//! The one multiplexed Redis connection that all tasks share. It reconnects by itself; callers retry with [`Backoff`].

use redis::RedisResult;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use std::time::Duration;

/// Opens it without waiting for the server to be there.
pub(crate) fn link(client: &redis::Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(1)
        .set_min_delay(Duration::from_millis(20))
        .set_connection_timeout(Some(Duration::from_secs(2)))
        // A batch of 500 entries to a Redis that rewrites its file takes a while; a timeout here costs duplicates.
        .set_response_timeout(Some(Duration::from_secs(10)));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

/// Waits that double from 50 ms to 2 s; a success starts over.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    const FIRST: Duration = Duration::from_millis(50);
    const LONGEST: Duration = Duration::from_secs(2);

    pub(crate) fn new() -> Self {
        Self(Self::FIRST)
    }

    /// True when the next wait is the first since the last success: the time to log the failure.
    pub(crate) fn is_fresh(&self) -> bool {
        self.0 == Self::FIRST
    }

    pub(crate) fn next_wait(&mut self) -> Duration {
        let wait = self.0;
        self.0 = (wait * 2).min(Self::LONGEST);
        wait
    }

    pub(crate) fn reset(&mut self) {
        self.0 = Self::FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_start_over_after_a_success() {
        let mut backoff = Backoff::new();
        assert!(backoff.is_fresh());
        let waits: Vec<u128> = (0..8).map(|_| backoff.next_wait().as_millis()).collect();
        assert_eq!(waits, [50, 100, 200, 400, 800, 1600, 2000, 2000]);
        assert!(!backoff.is_fresh());
        backoff.reset();
        assert!(backoff.is_fresh());
    }
}
