//! Spans of the events that a consumer applies, so that a trace goes on behind the streams.
//!
//! A doorbell belongs to no trace and a batch to many, and Spin gives a component no way to record a span. So each event
//! of a recorded trace gets a span here: what the event causes stands below it, and it is published for the relay,
//! which exports it. Publishing is lossy, costs nothing for other events, and never fails the batch.

use crate::{redis::Redis, stream_reply::Entry};
use souk_core::{
    event::Event,
    trace::{ConsumerSpan, TraceContext},
};
use std::time::{SystemTime, UNIX_EPOCH};

/// Longest error text in a span, in characters.
const ERROR_LENGTH: usize = 200;

/// The spans of one batch.
pub(crate) struct Spans {
    spans: Vec<(usize, ConsumerSpan)>,
}

impl Spans {
    /// Puts the events of recorded traces below spans of their own.
    pub(crate) fn begin(entries: &[Entry], events: &mut [Event]) -> Self {
        let mut spans = Vec::new();
        let batch = events.len();
        for (place, (event, entry)) in events.iter_mut().zip(entries).enumerate() {
            let Some(parent) = TraceContext::sampled(event.traceparent.as_deref()) else { continue };
            let traceparent = parent.child().to_string();
            let Ok(below) = event.below(&traceparent) else { continue };
            *event = below;
            let span = ConsumerSpan {
                traceparent,
                parent: format!("{:016x}", parent.span_id),
                event_type: event.type_.clone(),
                event_id: event.id,
                stream: entry.stream.clone(),
                batch,
                start_us: now_us(),
                end_us: 0,
                error: None,
            };
            spans.push((place, span));
        }
        Self { spans }
    }

    /// Notes why the events at these places were not applied.
    pub(crate) fn fail(&mut self, places: std::ops::Range<usize>, why: &str) {
        for (_, span) in self.spans.iter_mut().filter(|(place, _)| places.contains(place)) {
            span.error = Some(why.chars().take(ERROR_LENGTH).collect());
        }
    }

    /// Hands the spans to the relay.
    pub(crate) async fn publish(self, redis: Redis, service: &str) {
        if self.spans.is_empty() {
            return;
        }
        let end_us = now_us();
        let spans: Vec<ConsumerSpan> =
            self.spans.into_iter().map(|(_, span)| ConsumerSpan { end_us, ..span }).collect();
        if let Ok(message) = serde_json::to_string(&spans) {
            // A lost span leaves a gap in a picture, nothing else.
            let _ = redis.publish(&format!("souk:spans:{service}"), &message).await;
        }
    }
}

fn now_us() -> u64 {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(age.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(traceparent: &str) -> Event {
        let text = format!(
            r#"{{"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"order.placed","version":1,"key":"k","occurred_at":"2026-01-01T00:00:00.000Z","traceparent":{traceparent},"data":{{"n":1}}}}"#
        );
        Event::parse(&text).unwrap()
    }

    fn entry() -> Entry {
        Entry { stream: "souk:order".to_owned(), id: "1-0".to_owned(), event: String::new() }
    }

    #[test]
    fn only_events_of_recorded_traces_get_a_span_and_are_below_it() {
        let recorded = r#""00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01""#;
        let other = r#""00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00""#;
        let mut events = [event("null"), event(recorded), event(other)];
        let before = events.clone().map(|event| event.raw().to_owned());
        let mut spans = Spans::begin(&[entry(), entry(), entry()], &mut events);
        assert_eq!([events[0].raw(), events[2].raw()], [before[0].as_str(), before[2].as_str()]);
        let (place, span) = spans.spans[0].clone();
        assert_eq!((spans.spans.len(), place, span.parent.as_str()), (1, 1, "00f067aa0ba902b7"));
        assert_eq!(events[1].traceparent.as_deref(), Some(span.traceparent.as_str()));
        assert!(events[1].raw().contains(&span.traceparent), "{}", events[1].raw());
        assert_eq!(events[1].data_json(), r#"{"n":1}"#);

        spans.fail(2..3, "another one");
        assert_eq!(spans.spans[0].1.error, None);
        spans.fail(0..3, "no such order");
        assert_eq!(spans.spans[0].1.error.as_deref(), Some("no such order"));
    }
}
