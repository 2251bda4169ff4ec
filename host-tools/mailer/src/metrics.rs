//! Counters for Prometheus (text format 0.0.4).

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

/// What the mailer has done since it started.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Mails handed over.
    pub delivered: AtomicU64,
    /// Mails given up.
    pub failed: AtomicU64,
    /// Mails to addresses that do not exist.
    pub bounced: AtomicU64,
    /// Entries about a mail that had been handed over before.
    pub repeated: AtomicU64,
    /// Attempts that failed and will be repeated.
    pub deferred: AtomicU64,
    /// Entries that could not be read and were parked.
    pub parked: AtomicU64,
    /// Entries read and not finished.
    pub in_flight: AtomicI64,
    /// Whether Redis answered last time.
    pub redis_up: AtomicBool,
}

impl Metrics {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, n: usize) {
        counter.fetch_add(n as u64, Relaxed);
    }

    /// All metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, samples: &[(&str, i64)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in samples {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let count = |counter: &AtomicU64| i64::try_from(counter.load(Relaxed)).unwrap_or(i64::MAX);
        metric(
            "souk_mailer_mails_total",
            "counter",
            "Mails by what became of them.",
            &[
                (r#"{outcome="delivered"}"#, count(&self.delivered)),
                (r#"{outcome="failed"}"#, count(&self.failed)),
                (r#"{outcome="bounced"}"#, count(&self.bounced)),
                (r#"{outcome="repeated"}"#, count(&self.repeated)),
            ],
        );
        let deferred = count(&self.deferred);
        metric("souk_mailer_deferred_total", "counter", "Attempts that will be repeated.", &[("", deferred)]);
        metric("souk_mailer_parked_total", "counter", "Unreadable entries parked.", &[("", count(&self.parked))]);
        let in_flight = self.in_flight.load(Relaxed);
        metric("souk_mailer_in_flight", "gauge", "Entries read and not finished.", &[("", in_flight)]);
        let up = i64::from(self.redis_up.load(Relaxed));
        metric("souk_mailer_redis_up", "gauge", "Whether Redis answered last time.", &[("", up)]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_come_out_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        Metrics::add(&metrics.delivered, 3);
        let text = metrics.render();
        assert!(text.contains("# TYPE souk_mailer_mails_total counter\n"), "{text}");
        assert!(text.contains("souk_mailer_mails_total{outcome=\"delivered\"} 3\n"), "{text}");
        assert!(text.contains("souk_mailer_redis_up 0\n"), "{text}");
    }
}
