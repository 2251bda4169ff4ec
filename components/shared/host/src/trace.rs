//! W3C trace context: continue the caller's, or begin one.

use souk_core::trace::TraceContext;

/// `header` when it is a valid `traceparent` (version 00), else a new one, not sampled.
pub fn continue_or_begin(header: Option<&str>) -> String {
    match header {
        Some(value) if TraceContext::parse(value).is_some() => value.to_owned(),
        _ => TraceContext::begin().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_valid_trace_goes_on() {
        assert_eq!(continue_or_begin(Some(GIVEN)), GIVEN);
    }

    #[test]
    fn anything_else_begins_a_new_one_that_nobody_records() {
        for bad in [None, Some(""), Some("00-x"), Some("\u{fc}"), Some(&GIVEN[1..])] {
            let begun = TraceContext::parse(&continue_or_begin(bad)).unwrap();
            assert!(!begun.is_sampled);
            assert_ne!(Some(begun.to_string().as_str()), bad);
        }
    }
}
