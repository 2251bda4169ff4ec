//! Prometheus metrics. Labels are component ids, status classes and `host:port/database`; never addresses with
//! passwords, paths or anything a caller chose.

use prometheus::{
    Encoder, Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};
use std::sync::Arc;

/// Latency buckets in seconds, from what a cached read takes to the default request timeout.
const LATENCY_SECONDS: [f64; 15] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];

/// Buckets in seconds for making an instance, which should take well under a millisecond.
const INSTANTIATION_SECONDS: [f64; 8] = [0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.02];

/// All metrics of the process.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: IntCounterVec,
    latency: HistogramVec,
    instantiation: HistogramVec,
    live: IntGaugeVec,
    created: IntCounterVec,
    waiting: IntGaugeVec,
    rejected: IntCounterVec,
    traps: IntCounterVec,
    timeouts: IntCounterVec,
    dependency_failures: IntCounterVec,
    messages: IntCounterVec,
    redis_commands: IntCounterVec,
    pg_statements: IntCounterVec,
    pg_connections: IntGaugeVec,
    pg_waiting: IntGaugeVec,
    variables_read: Gauge,
}

/// The metrics of one component.
pub struct ComponentMetrics {
    /// Answers by status class: 1xx is index 0.
    pub requests: [IntCounter; 5],
    /// Seconds from a request's arrival to its response head.
    pub latency: Histogram,
    /// Seconds that making an instance takes.
    pub instantiation: Histogram,
    /// Instances that exist now.
    pub live: IntGauge,
    /// Instances made so far.
    pub created: IntCounter,
    /// Requests waiting for an instance.
    pub waiting: IntGauge,
    /// Requests turned away because too many were waiting.
    pub rejected: IntCounter,
    /// Instances that trapped.
    pub traps: IntCounter,
    /// Requests and messages that took too long.
    pub timeouts: IntCounter,
    /// Requests and messages that a dependency ended, by component and dependency.
    pub dependency_failures: IntCounterVec,
    /// Redis trigger messages handled well.
    pub messages_ok: IntCounter,
    /// Redis trigger messages whose handler failed.
    pub messages_failed: IntCounter,
    /// Redis commands sent.
    pub redis_commands: IntCounter,
    /// SQL statements sent.
    pub pg_statements: IntCounter,
}

/// The metrics of one Postgres pool.
pub struct PoolMetrics {
    /// Connections lent out.
    pub in_use: IntGauge,
    /// Connections waiting to be lent.
    pub idle: IntGauge,
    /// Statements waiting for a connection.
    pub waiting: IntGauge,
}

impl Metrics {
    /// An empty registry with every metric declared.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let metric = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(metric.clone()))?;
            prometheus::Result::Ok(metric)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let metric = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(metric.clone()))?;
            prometheus::Result::Ok(metric)
        };
        let latency = HistogramVec::new(
            HistogramOpts::new("souk_runtime_request_duration_seconds", "Time to the response head")
                .buckets(LATENCY_SECONDS.to_vec()),
            &["component"],
        )?;
        registry.register(Box::new(latency.clone()))?;
        let variables_read = Gauge::new(
            "souk_runtime_variables_read_timestamp_seconds",
            "When the variables that new requests see were read",
        )?;
        registry.register(Box::new(variables_read.clone()))?;
        let component = &["component"];
        let instantiation = HistogramVec::new(
            HistogramOpts::new("souk_runtime_instantiation_seconds", "Time to make an instance")
                .buckets(INSTANTIATION_SECONDS.to_vec()),
            component,
        )?;
        registry.register(Box::new(instantiation.clone()))?;
        Ok(Self(Arc::new(Inner {
            requests: counter(
                "souk_runtime_requests_total",
                "HTTP requests answered, by status class",
                &["component", "status"],
            )?,
            latency,
            instantiation,
            live: gauge("souk_runtime_instances", "Component instances that exist", component)?,
            created: counter("souk_runtime_instances_created_total", "Component instances made", component)?,
            waiting: gauge("souk_runtime_instance_waiting", "Requests waiting for an instance", component)?,
            rejected: counter("souk_runtime_rejected_total", "Requests answered 503 at the limit", component)?,
            traps: counter("souk_runtime_traps_total", "Instances that trapped", component)?,
            timeouts: counter("souk_runtime_timeouts_total", "Requests and messages over the time limit", component)?,
            dependency_failures: counter(
                "souk_runtime_dependency_failures_total",
                "Requests and messages that a dependency ended by a trap or over its time limit",
                &["component", "dependency"],
            )?,
            messages: counter(
                "souk_runtime_trigger_messages_total",
                "Redis trigger messages handled, by result",
                &["component", "result"],
            )?,
            redis_commands: counter("souk_runtime_redis_commands_total", "Redis commands sent", component)?,
            pg_statements: counter("souk_runtime_pg_statements_total", "SQL statements sent", component)?,
            pg_connections: gauge("souk_runtime_pg_connections", "Postgres connections", &["database", "state"])?,
            pg_waiting: gauge("souk_runtime_pg_waiting", "Statements waiting for a connection", &["database"])?,
            variables_read,
            registry,
        })))
    }

    /// The metrics of the component `id`.
    pub fn component(&self, id: &str) -> ComponentMetrics {
        let all = &self.0;
        let label = &[id];
        ComponentMetrics {
            requests: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| all.requests.with_label_values(&[id, class])),
            latency: all.latency.with_label_values(label),
            instantiation: all.instantiation.with_label_values(label),
            live: all.live.with_label_values(label),
            created: all.created.with_label_values(label),
            waiting: all.waiting.with_label_values(label),
            rejected: all.rejected.with_label_values(label),
            traps: all.traps.with_label_values(label),
            timeouts: all.timeouts.with_label_values(label),
            dependency_failures: all.dependency_failures.clone(),
            messages_ok: all.messages.with_label_values(&[id, "ok"]),
            messages_failed: all.messages.with_label_values(&[id, "error"]),
            redis_commands: all.redis_commands.with_label_values(label),
            pg_statements: all.pg_statements.with_label_values(label),
        }
    }

    /// The metrics of the Postgres pool called `label`.
    pub fn pool(&self, label: &str) -> PoolMetrics {
        PoolMetrics {
            in_use: self.0.pg_connections.with_label_values(&[label, "in_use"]),
            idle: self.0.pg_connections.with_label_values(&[label, "idle"]),
            waiting: self.0.pg_waiting.with_label_values(&[label]),
        }
    }

    /// Says when the variables that new requests see were read, in Unix seconds.
    pub fn variables_read(&self, unix_seconds: f64) {
        self.0.variables_read.set(unix_seconds);
    }

    /// Everything in Prometheus' text format.
    pub fn render(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.0.registry.gather(), &mut out) {
            tracing::error!("metrics cannot be rendered: {error}");
        }
        out
    }
}

impl ComponentMetrics {
    /// Counts an answer.
    pub fn answered(&self, status: http::StatusCode, seconds: f64) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.requests.get(class) {
            counter.inc();
        }
        self.latency.observe(seconds);
    }
}
