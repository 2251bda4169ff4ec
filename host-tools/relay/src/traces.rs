//! The relay's part in traces: its own hop from outbox to stream, and the spans that components publish about the
//! events they applied, since nobody else could export those. Off unless the environment names a collector.

use crate::leader::OutboxRow;
use souk_core::event::Event;
use souk_core::trace::ConsumerSpan;
use souk_otlp::{Hop, Kind, Tracer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The tracers of the relay and of the services it serves.
#[derive(Debug)]
pub(crate) struct Traces(Option<Tracers>);

#[derive(Debug)]
struct Tracers {
    relay: Arc<Tracer>,
    services: BTreeMap<String, Arc<Tracer>>,
}

impl Traces {
    pub(crate) fn start<'a>(services: impl Iterator<Item = &'a String>) -> Result<Self, String> {
        let Some(relay) = Tracer::start("souk-relay")? else { return Ok(Self(None)) };
        let mut tracers = Tracers { relay: Arc::new(relay), services: BTreeMap::new() };
        for service in services {
            if let Some(tracer) = Tracer::start(service)? {
                tracers.services.insert(service.clone(), Arc::new(tracer));
            }
        }
        Ok(Self(Some(tracers)))
    }

    pub(crate) fn are_on(&self) -> bool {
        self.0.is_some()
    }

    /// Puts the events of recorded traces below a hop each.
    pub(crate) fn begin(&self, rows: &mut [OutboxRow]) -> Vec<Hop> {
        if self.are_on() { rows.iter_mut().filter_map(hop).collect() } else { Vec::new() }
    }

    /// Ends the hops: their events are on their streams.
    pub(crate) fn end(&self, hops: Vec<Hop>) {
        if let Some(tracers) = &self.0 {
            hops.into_iter().for_each(|hop| tracers.relay.end(hop, None));
        }
    }

    /// Exports what a component of the service published.
    pub(crate) fn forward(&self, service: &str, message: &[u8]) {
        let Some(tracer) = self.0.as_ref().and_then(|tracers| tracers.services.get(service)) else { return };
        let spans: Vec<ConsumerSpan> = serde_json::from_slice(message).unwrap_or_default();
        for span in spans {
            if let Some((hop, end)) = Hop::reported(&span) {
                tracer.end_at(hop, end, span.error);
            }
        }
    }

    /// Sends what has not been sent yet.
    pub(crate) async fn shutdown(&self) {
        if let Some(tracers) = &self.0 {
            Tracer::shutdown(tracers.services.values().chain([&tracers.relay]).cloned()).await;
        }
    }
}

/// The hop of a row, with the row's event now below it. It begins when the event was written.
fn hop(row: &mut OutboxRow) -> Option<Hop> {
    let event = Event::parse(&row.event).ok()?;
    let traceparent = event.traceparent.as_deref();
    let hop = Hop::begin(Kind::Producer, traceparent, || format!("publish {}", event.type_))?;
    row.event = event.below(&hop.traceparent()).ok()?.raw().to_owned();
    Some(hop.on(&row.stream, &event.id.to_string()).since(written_at(&event)))
}

/// The time in the event's UUIDv7.
fn written_at(event: &Event) -> SystemTime {
    event.id.get_timestamp().map_or_else(SystemTime::now, |time| {
        let (seconds, nanos) = time.to_unix();
        UNIX_EPOCH + Duration::new(seconds, nanos)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(flags: &str) -> OutboxRow {
        let event = format!(
            r#"{{"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"order.placed","version":1,"key":"k","occurred_at":"2026-01-01T00:00:00.000Z","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}","data":{{}}}}"#
        );
        OutboxRow { id: 1, stream: "souk:order".to_owned(), event }
    }

    #[test]
    fn an_event_of_a_recorded_trace_goes_on_below_the_relay() {
        let mut row = row("01");
        let hop = hop(&mut row).unwrap();
        let event = Event::parse(&row.event).unwrap();
        assert_eq!(event.traceparent, Some(hop.traceparent()));
        assert_eq!(event.type_, "order.placed");
    }

    #[test]
    fn other_events_stay_as_they_were_written() {
        let mut quiet = row("00");
        assert!(hop(&mut quiet).is_none());
        assert_eq!(quiet.event, row("00").event);
        let mut noise = OutboxRow { event: "noise".to_owned(), ..row("01") };
        assert!(hop(&mut noise).is_none());
        assert_eq!(noise.event, "noise");
    }
}
