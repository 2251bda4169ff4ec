//! W3C trace context, version 00: the trace that a change belongs to, and the span below which it happens.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace; never zero.
    pub trace_id: u128,
    /// The span; never zero.
    pub span_id: u64,
    /// Whether somebody records the trace.
    pub is_sampled: bool,
}

impl TraceContext {
    /// Reads a `traceparent`, as in `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let hex = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if version != "00" || parts.next().is_some() || !hex(trace, 32) || !hex(span, 16) || !hex(flags, 2) {
            return None;
        }
        let trace_id = u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0)?;
        let span_id = u64::from_str_radix(span, 16).ok().filter(|id| *id != 0)?;
        let flags = u8::from_str_radix(flags, 16).ok()?;
        Some(Self { trace_id, span_id, is_sampled: flags & 1 == 1 })
    }

    /// The context of an event, when its trace is recorded. Cheap for the others, which are most.
    pub fn sampled(text: Option<&str>) -> Option<Self> {
        // The last digit of the flags is odd in a sampled context.
        let text = text.filter(|text| text.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']))?;
        Self::parse(text)
    }

    /// A new trace that nobody records.
    pub fn begin() -> Self {
        Self { trace_id: Uuid::new_v4().as_u128(), span_id: new_span_id(), is_sampled: false }
    }

    /// A new span in the same trace.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { span_id: new_span_id(), ..*self }
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, u8::from(self.is_sampled))
    }
}

/// 60 random bits; the version number of the UUID keeps it from being zero.
fn new_span_id() -> u64 {
    Uuid::new_v4().as_u64_pair().0
}

/// What a component did with one event. Spin gives a component no way to record a span, so a consumer publishes these
/// (a JSON array of them) on `souk:spans:<service>`, and the relay exports them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerSpan {
    /// The span itself, as a `traceparent`.
    pub traceparent: String,
    /// The span below which it stands, in hexadecimal.
    pub parent: String,
    /// The event's type.
    pub event_type: String,
    /// The event's id.
    pub event_id: Uuid,
    /// The stream it was read from.
    pub stream: String,
    /// How many events were applied in the same statement.
    pub batch: usize,
    /// Unix microseconds.
    pub start_us: u64,
    /// Unix microseconds.
    pub end_us: u64,
    /// Why it was not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_context_reads_back_as_it_was_written() {
        let context = TraceContext::parse(GIVEN).unwrap();
        assert!(context.is_sampled);
        assert_eq!(context.to_string(), GIVEN);
        let begun = TraceContext::begin();
        assert_eq!(TraceContext::parse(&begun.to_string()), Some(begun));
    }

    #[test]
    fn a_child_stays_in_the_trace_under_another_span() {
        let context = TraceContext::parse(GIVEN).unwrap();
        let child = context.child();
        assert_eq!((child.trace_id, child.is_sampled), (context.trace_id, true));
        assert_ne!(child.span_id, context.span_id);
    }

    #[test]
    fn what_is_not_a_context_is_refused() {
        let zeros = format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32));
        let no_span = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", "0".repeat(16));
        let upper = GIVEN.to_uppercase();
        let longer = format!("{GIVEN}-x");
        let signed = GIVEN.replace("00f0", "+0f0");
        for bad in ["", "00-x", "\u{fc}", &zeros, &no_span, &upper, &longer, &signed, &GIVEN[1..], &GIVEN[..54]] {
            assert_eq!(TraceContext::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_is_recorded_counts_as_sampled() {
        assert!(TraceContext::sampled(Some(GIVEN)).is_some());
        for not in [None, Some(""), Some("1"), Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")] {
            assert_eq!(TraceContext::sampled(not), None, "{not:?}");
        }
    }
}
