//! One event's way through a process, or through a component that reported it.

use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceFlags, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use souk_core::trace::{ConsumerSpan, TraceContext};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// On which side of a stream the hop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It puts the event there.
    Producer,
    /// It takes the event from there.
    Consumer,
}

/// A span that has begun.
#[derive(Debug, Clone)]
pub struct Hop {
    context: TraceContext,
    parent: u64,
    kind: Kind,
    name: String,
    start: SystemTime,
    attributes: Vec<KeyValue>,
}

impl Hop {
    /// Begins below `traceparent`, when that trace is recorded.
    pub fn begin(kind: Kind, traceparent: Option<&str>, name: impl FnOnce() -> String) -> Option<Self> {
        let parent = TraceContext::sampled(traceparent)?;
        let (name, start) = (name(), SystemTime::now());
        Some(Self { context: parent.child(), parent: parent.span_id, kind, name, start, attributes: Vec::new() })
    }

    /// The hop that a component reported, with its end and what went wrong; `None` when the report makes no sense.
    pub fn reported(span: &ConsumerSpan) -> Option<(Self, SystemTime)> {
        let context = TraceContext::sampled(Some(&span.traceparent))?;
        let parent = u64::from_str_radix(&span.parent, 16).ok()?;
        let at = |us| UNIX_EPOCH.checked_add(Duration::from_micros(us));
        let hop = Self {
            context,
            parent,
            kind: Kind::Consumer,
            name: format!("process {}", span.event_type),
            start: at(span.start_us)?,
            attributes: Vec::new(),
        };
        let batch = i64::try_from(span.batch).unwrap_or(i64::MAX);
        let hop = hop.on(&span.stream, &span.event_id.to_string()).with(KeyValue::new("messaging.batch.size", batch));
        Some((hop, at(span.end_us)?))
    }

    /// With an earlier beginning.
    #[must_use]
    pub fn since(self, start: SystemTime) -> Self {
        Self { start: start.min(self.start), ..self }
    }

    /// Which stream, and which event.
    #[must_use]
    pub fn on(self, stream: &str, event_id: &str) -> Self {
        self.with(KeyValue::new("messaging.system", "redis"))
            .with(KeyValue::new("messaging.destination.name", stream.to_owned()))
            .with(KeyValue::new("messaging.message.id", event_id.to_owned()))
    }

    fn with(mut self, attribute: KeyValue) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// What stands below this hop says so with this `traceparent`.
    pub fn traceparent(&self) -> String {
        self.context.to_string()
    }

    pub(crate) fn ended(self, end: SystemTime, error: Option<String>) -> SpanData {
        let state = TraceState::default();
        let (trace, span) = (self.context.trace_id.into(), self.context.span_id.into());
        SpanData {
            span_context: SpanContext::new(trace, span, TraceFlags::SAMPLED, false, state),
            parent_span_id: self.parent.into(),
            parent_span_is_remote: true,
            span_kind: match self.kind {
                Kind::Producer => SpanKind::Producer,
                Kind::Consumer => SpanKind::Consumer,
            },
            name: self.name.into(),
            start_time: self.start,
            end_time: end.max(self.start),
            attributes: self.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: error.map_or(Status::Unset, Status::error),
            instrumentation_scope: InstrumentationScope::builder("souk").build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_hop_stands_below_its_event_and_above_what_follows() {
        let hop = Hop::begin(Kind::Producer, Some(RECORDED), || "publish order.placed".to_owned()).unwrap();
        let below = TraceContext::parse(&hop.traceparent()).unwrap();
        let span = hop.on("souk:order", "e1").ended(SystemTime::now(), Some("no".to_owned()));
        assert_eq!(span.parent_span_id.to_string(), "00f067aa0ba902b7");
        assert_eq!(span.span_context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(span.span_context.span_id().to_string(), format!("{:016x}", below.span_id));
        assert_eq!(span.status, Status::error("no"));
    }

    #[test]
    fn traces_that_nobody_records_have_no_hops() {
        let quiet = RECORDED.replace("-01", "-00");
        for traceparent in [None, Some("noise1"), Some(quiet.as_str())] {
            assert!(Hop::begin(Kind::Consumer, traceparent, String::new).is_none(), "{traceparent:?}");
        }
    }

    #[test]
    fn a_report_that_makes_no_sense_is_passed_over() {
        let span = ConsumerSpan {
            traceparent: RECORDED.to_owned(),
            parent: "00f067aa0ba902b8".to_owned(),
            event_type: "order.placed".to_owned(),
            event_id: uuid::Uuid::nil(),
            stream: "souk:order".to_owned(),
            batch: 2,
            start_us: 1,
            end_us: 3,
            error: None,
        };
        let (hop, end) = Hop::reported(&span).unwrap();
        let exported = hop.ended(end, None);
        assert_eq!(exported.span_context.span_id().to_string(), "00f067aa0ba902b7");
        assert_eq!(exported.end_time.duration_since(exported.start_time).unwrap(), Duration::from_micros(2));
        assert!(Hop::reported(&ConsumerSpan { parent: "x".to_owned(), ..span.clone() }).is_none());
        assert!(Hop::reported(&ConsumerSpan { traceparent: "x1".to_owned(), ..span }).is_none());
    }
}
