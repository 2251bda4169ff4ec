//! Exports hops under the name of one service.

use crate::{Hop, exporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanProcessor};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long the last spans may take at the end of a process.
const LAST_SPANS: Duration = Duration::from_secs(3);

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

    /// Sends what has not been sent yet, for some seconds at most: a collector that is away must not hold up the end.
    pub async fn shutdown(tracers: impl IntoIterator<Item = Arc<Self>>) {
        let (waiting, mut all_done) = tokio::sync::mpsc::channel::<()>(1);
        for tracer in tracers {
            let waiting = waiting.clone();
            // A thread that nobody joins, since the exporter's own limit is longer.
            std::thread::spawn(move || {
                if let Err(error) = tracer.0.shutdown() {
                    tracing::warn!("the last traces could not be sent: {error}");
                }
                drop(waiting);
            });
        }
        drop(waiting);
        let _ = tokio::time::timeout(LAST_SPANS, all_done.recv()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hop, Kind};
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SpanData, SpanExporter};
    use std::sync::Mutex;
    use std::time::Instant;

    /// Keeps what it gets, after a while.
    #[derive(Debug, Clone, Default)]
    struct Slow(Duration, Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Slow {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            std::thread::sleep(self.0);
            self.1.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    async fn ended_with(exporter: Slow) -> Duration {
        let tracer = Tracer(BatchSpanProcessor::builder(exporter).build());
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        tracer.end(Hop::begin(Kind::Consumer, Some(traceparent), || "deliver mail".to_owned()).unwrap(), None);
        let started = Instant::now();
        Tracer::shutdown([Arc::new(tracer)]).await;
        started.elapsed()
    }

    #[tokio::test]
    async fn the_last_spans_are_sent_at_the_end() {
        let exporter = Slow::default();
        assert!(ended_with(exporter.clone()).await < LAST_SPANS);
        assert_eq!(exporter.1.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_collector_that_hangs_does_not_hold_up_the_end() {
        let took = ended_with(Slow(LAST_SPANS * 4, Arc::default())).await;
        assert!(took >= LAST_SPANS && took < LAST_SPANS * 2, "{took:?}");
    }
}
