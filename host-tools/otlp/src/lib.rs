//! OTLP traces (http/protobuf) of the native tools, only when OTEL_EXPORTER_OTLP_ENDPOINT or
//! OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set. Endpoint, sampling, batches and resource attributes are the variables of
//! the OpenTelemetry SDK.
//!
//! [`exporter`] is for the runtime, which has spans of its own. Relay and mailer handle events: a [`Hop`] is one event's
//! way through them, and a [`Tracer`] exports it once it has ended. Only traces that somebody records (the sampled flag
//! of the event's `traceparent`) have hops, so the one who begins a trace decides.

mod client;
mod hop;
mod tracer;

pub use client::exporter;
pub use hop::{Hop, Kind};
pub use tracer::Tracer;
