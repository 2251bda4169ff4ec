//! What needs neither database nor host: periods of time, event streams, and the text format of Prometheus.

pub mod exposition;
pub mod period;
pub mod stream;
