//! What the relay is told: flags, and the environment for addresses, which may hold passwords.

use clap::Parser;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Moves events from each service's outbox to the streams and rings the services' doorbells.
///
/// The database of each service is given in the environment: RELAY_PG_URL_ORDER=postgres://souk_relay@host/souk_order
/// makes the relay serve the service `order`.
#[derive(Debug, Clone, Parser)]
#[command(name = "souk-relay", version)]
pub struct Options {
    /// The Redis (or Valkey) that carries the streams.
    #[arg(long, env = "RELAY_REDIS_URL", hide_env_values = true)]
    pub redis_url: String,
    /// Which service publishes where, and who reads it.
    #[arg(long, default_value = "streams.toml")]
    pub streams: PathBuf,
    /// Where /metrics, /healthz and /readyz are served; port 0 takes a free one.
    #[arg(long, env = "RELAY_METRICS_LISTEN", default_value = "127.0.0.1:9082")]
    pub metrics_listen: SocketAddr,
    /// Rows that are published at once.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub batch_max: u32,
    /// Pause after a batch that was not full, in which the next one gathers, in milliseconds.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(0..=1_000))]
    pub linger_ms: u64,
    /// First pause between two looks at an outbox after work; it doubles from there, in milliseconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub poll_min_ms: u64,
    /// Longest pause between two looks at an idle outbox, in milliseconds.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub poll_max_ms: u64,
    /// Shortest time between two rings of one service, in milliseconds.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub ring_min_ms: u64,
    /// The time between two rings that continuous work stretches it to, in milliseconds.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub ring_max_ms: u64,
    /// Time between two looks at the streams (lag, pending, trimming), in milliseconds.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(10..=60_000))]
    pub survey_ms: u64,
    /// Newest entries of each stream that trimming leaves.
    #[arg(long, default_value_t = 10_000)]
    pub keep_entries: u64,
}

impl Options {
    pub(crate) fn linger(&self) -> Duration {
        Duration::from_millis(self.linger_ms)
    }

    pub(crate) fn poll_min(&self) -> Duration {
        Duration::from_millis(self.poll_min_ms)
    }

    pub(crate) fn poll_max(&self) -> Duration {
        Duration::from_millis(self.poll_max_ms.max(self.poll_min_ms))
    }

    pub(crate) fn ring_min(&self) -> Duration {
        Duration::from_millis(self.ring_min_ms)
    }

    pub(crate) fn ring_max(&self) -> Duration {
        Duration::from_millis(self.ring_max_ms.max(self.ring_min_ms))
    }

    pub(crate) fn survey(&self) -> Duration {
        Duration::from_millis(self.survey_ms)
    }
}

const PG_URL_PREFIX: &str = "RELAY_PG_URL_";

/// The databases named in the environment: service name (lower case) to address.
pub fn databases(environment: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    environment
        .filter_map(|(name, value)| Some((name.strip_prefix(PG_URL_PREFIX)?.to_ascii_lowercase(), value)))
        .filter(|(service, value)| !service.is_empty() && !value.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_is_named_by_its_variable() {
        let environment = [("RELAY_PG_URL_ORDER", "postgres://o"), ("RELAY_PG_URL_USER", ""), ("PATH", "/bin")];
        let found = databases(environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter());
        assert_eq!(found, BTreeMap::from([("order".to_owned(), "postgres://o".to_owned())]));
    }

    #[test]
    fn the_flags_are_consistent() {
        use clap::CommandFactory;
        Options::command().debug_assert();
    }
}
