//! Exports hops under the name of one service.

use crate::{Hop, exporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanProcessor};
use std::time::SystemTime;

/// Where one service's hops go. Has a thread of its own.
#[derive(Debug)]
pub struct Tracer(BatchSpanProcessor);

impl Tracer {
    /// A tracer when the environment asks for one. Needs the async runtime that is current.
    pub fn start(service: &str) -> Result<Option<Self>, String> {
        let Some(exporter) = exporter()? else { return Ok(None) };
        let mut processor = BatchSpanProcessor::builder(exporter).build();
        processor.set_resource(&Resource::builder().with_service_name(service.to_owned()).build());
        Ok(Some(Self(processor)))
    }

    /// Ends a hop now.
    pub fn end(&self, hop: Hop, error: Option<String>) {
        self.end_at(hop, SystemTime::now(), error);
    }

    /// Ends a hop.
    pub fn end_at(&self, hop: Hop, end: SystemTime, error: Option<String>) {
        self.0.on_end(hop.ended(end, error));
    }

    /// Sends what has not been sent yet. Blocks: the async runtime must have another thread for the sending.
    pub fn shutdown(&self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!("the last traces could not be sent: {error}");
        }
    }
}
