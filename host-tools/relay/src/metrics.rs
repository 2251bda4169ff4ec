//! What the relay counts and measures, in Prometheus's text format (version 0.0.4).

use crate::leader::Depth;
use crate::run::Service;
use crate::survey::StreamState;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// All counters and the last measurements.
#[derive(Debug, Default)]
pub struct Metrics {
    values: Mutex<Values>,
}

#[derive(Debug, Default)]
struct Values {
    published: BTreeMap<(String, String), u64>,
    batches: BTreeMap<String, u64>,
    failures: BTreeMap<String, u64>,
    rings: BTreeMap<(String, &'static str), u64>,
    listeners: BTreeMap<String, u64>,
    trimmed: BTreeMap<String, u64>,
    depths: BTreeMap<String, Depth>,
    redis_up: bool,
    streams: BTreeMap<String, StreamState>,
    dead_letters: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Metrics {
    fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn count_published(&self, service: &str, by_stream: BTreeMap<&str, u64>) {
        let mut values = self.values();
        *values.batches.entry(service.to_owned()).or_default() += 1;
        for (stream, number) in by_stream {
            *values.published.entry((service.to_owned(), stream.to_owned())).or_default() += number;
        }
    }

    pub(crate) fn count_publish_failure(&self, service: &str) {
        *self.values().failures.entry(service.to_owned()).or_default() += 1;
    }

    pub(crate) fn count_ring(&self, service: &str, payload: &'static str, listeners: u64) {
        let mut values = self.values();
        *values.rings.entry((service.to_owned(), payload)).or_default() += 1;
        values.listeners.insert(service.to_owned(), listeners);
    }

    pub(crate) fn count_trimmed(&self, stream: &str, number: u64) {
        *self.values().trimmed.entry(stream.to_owned()).or_default() += number;
    }

    /// None when it is not known, since another relay leads or the database is away.
    pub(crate) fn set_depth(&self, service: &str, depth: Option<Depth>) {
        let mut values = self.values();
        match depth {
            Some(depth) => values.depths.insert(service.to_owned(), depth),
            None => values.depths.remove(service),
        };
    }

    pub(crate) fn set_redis_up(&self, up: bool) {
        self.values().redis_up = up;
    }

    pub(crate) fn set_streams(
        &self,
        streams: BTreeMap<String, StreamState>,
        dead_letters: BTreeMap<String, BTreeMap<String, u64>>,
    ) {
        let mut values = self.values();
        values.streams = streams;
        values.dead_letters = dead_letters;
    }

    pub(crate) fn render<'a>(&self, services: impl Iterator<Item = &'a Service>) -> String {
        let values = self.values();
        let mut page = Page::default();
        let (mut leaders, mut postgres) = (Vec::new(), Vec::new());
        for service in services {
            leaders.push((labels(&[("service", &service.name)]), truth(service.leads())));
            postgres.push((labels(&[("service", &service.name)]), truth(service.is_postgres_up())));
        }
        page.family("leader", "gauge", "1 where this relay leads the service's database", leaders);
        page.family("postgres_up", "gauge", "1 where the service's database answers", postgres);
        page.family("redis_up", "gauge", "1 while Redis answers", [(String::new(), truth(values.redis_up))]);
        values.render_outboxes(&mut page);
        values.render_streams(&mut page, now_ms());
        page.text
    }
}

impl Values {
    fn render_outboxes(&self, page: &mut Page) {
        let by_service = |numbers: &BTreeMap<String, u64>| -> Vec<(String, f64)> {
            numbers.iter().map(|(service, number)| (labels(&[("service", service)]), float(*number))).collect()
        };
        let published = self.published.iter();
        let published = published
            .map(|((service, stream), number)| (labels(&[("service", service), ("stream", stream)]), float(*number)));
        page.family("published_total", "counter", "Events added to a stream", published);
        page.family("batches_total", "counter", "Batches in which they were added", by_service(&self.batches));
        let failures = by_service(&self.failures);
        page.family(
            "publish_failures_total",
            "counter",
            "Batches that Redis did not take and that were retried",
            failures,
        );
        let depths: Vec<_> =
            self.depths.iter().map(|(service, depth)| (labels(&[("service", service)]), *depth)).collect();
        let rows = depths.iter().map(|(labels, depth)| (labels.clone(), depth.rows as f64));
        page.family("outbox_depth", "gauge", "Events waiting in the outbox, counted up to 100,000", rows);
        let ages = depths.iter().map(|(labels, depth)| (labels.clone(), depth.oldest_age_s));
        page.family("outbox_oldest_age_seconds", "gauge", "Age of the oldest event in the outbox", ages);
        let rings = self.rings.iter();
        let rings = rings.map(|((service, kind), n)| (labels(&[("service", service), ("kind", kind)]), float(*n)));
        page.family("rings_total", "counter", "Doorbell messages sent, kind ring or tick", rings);
        let help = "Subscribers that heard the service's last doorbell message";
        page.family("doorbell_listeners", "gauge", help, by_service(&self.listeners));
    }

    fn render_streams(&self, page: &mut Page, now_ms: u64) {
        let streams = || self.streams.iter().map(|(name, state)| (labels(&[("stream", name)]), state));
        page.family("stream_entries", "gauge", "Entries in the stream", streams().map(|(l, s)| (l, float(s.length))));
        let trimmed = self.trimmed.iter().map(|(stream, number)| (labels(&[("stream", stream)]), float(*number)));
        page.family("trimmed_total", "counter", "Entries trimmed after every group acknowledged them", trimmed);
        let groups: Vec<_> = self
            .streams
            .iter()
            .flat_map(|(name, state)| state.groups.iter().map(move |group| (name, group)))
            .map(|(stream, group)| (labels(&[("stream", stream), ("group", &group.name)]), group))
            .collect();
        let by_group = |value: &dyn Fn(&crate::survey::GroupState) -> f64| -> Vec<(String, f64)> {
            groups.iter().map(|(labels, group)| (labels.clone(), value(group))).collect()
        };
        page.family("group_lag", "gauge", "Entries not yet delivered to the group", by_group(&|g| float(g.lag)));
        let help = "Entries delivered to the group and not acknowledged";
        page.family("group_pending", "gauge", help, by_group(&|group| float(group.pending)));
        let help = "Age of the group's oldest unacknowledged entry, since it was published";
        let age = |group: &crate::survey::GroupState| {
            group.progress.oldest_pending.map_or(0.0, |id| float(now_ms.saturating_sub(id.ms)) / 1_000.0)
        };
        page.family("group_oldest_pending_age_seconds", "gauge", help, by_group(&age));
        page.family("group_consumers", "gauge", "Consumers known in the group", by_group(&|g| float(g.consumers)));
        let dead = self.dead_letters.iter().flat_map(|(stream, groups)| {
            groups.iter().map(move |(group, n)| (labels(&[("stream", stream), ("group", group)]), float(*n)))
        });
        page.family("dead_letters", "gauge", "Entries that a group gave up on, waiting for an operator", dead);
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str, samples: impl IntoIterator<Item = (String, f64)>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "# HELP souk_relay_{name} {help}\n# TYPE souk_relay_{name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(self.text, "souk_relay_{name}{labels} {value}");
        }
    }
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let escape = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let inner: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
    format!("{{{}}}", inner.join(","))
}

fn truth(is_true: bool) -> f64 {
    f64::from(u8::from(is_true))
}

/// Counts stay far below 2^53.
fn float(number: u64) -> f64 {
    number as f64
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_in_the_text_format() {
        let metrics = Metrics::default();
        metrics.count_published("order", BTreeMap::from([("souk:order", 3)]));
        metrics.count_published("order", BTreeMap::from([("souk:order", 2)]));
        metrics.set_depth("order", Some(Depth { rows: 7, oldest_age_s: 0.5 }));
        let dead = BTreeMap::from([("souk:order".to_owned(), BTreeMap::from([("a\"b".to_owned(), 1)]))]);
        metrics.set_streams(BTreeMap::new(), dead);
        let page = metrics.render(std::iter::empty());
        for line in [
            "souk_relay_published_total{service=\"order\",stream=\"souk:order\"} 5",
            "souk_relay_batches_total{service=\"order\"} 2",
            "souk_relay_outbox_depth{service=\"order\"} 7",
            "souk_relay_outbox_oldest_age_seconds{service=\"order\"} 0.5",
            "souk_relay_dead_letters{stream=\"souk:order\",group=\"a\\\"b\"} 1",
            "souk_relay_redis_up 0",
        ] {
            assert!(page.lines().any(|found| found == line), "no {line} in\n{page}");
        }
        metrics.set_depth("order", None);
        assert!(!metrics.render(std::iter::empty()).contains("outbox_depth{"));
    }
}
