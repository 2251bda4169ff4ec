//! What needs neither database nor host: periods of time, and the text format of Prometheus.

pub mod exposition;
pub mod period;
