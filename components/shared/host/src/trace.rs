//! W3C trace context: continue the caller's, or begin one.

use uuid::Uuid;

/// `header` when it is a valid `traceparent` (version 00), else a new one, not sampled.
pub fn continue_or_begin(header: Option<&str>) -> String {
    match header {
        Some(value) if is_valid(value) => value.to_owned(),
        _ => {
            let trace = Uuid::new_v4().simple().to_string();
            let span = Uuid::new_v4().simple().to_string();
            format!("00-{trace}-{}-00", span.get(..16).unwrap_or("0000000000000001"))
        }
    }
}

fn is_valid(value: &str) -> bool {
    let mut parts = value.split('-');
    let hex = |part: Option<&str>, length: usize| {
        part.is_some_and(|p| p.len() == length && p.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
    };
    let nonzero = |range: std::ops::Range<usize>| value.get(range).is_some_and(|s| s.bytes().any(|b| b != b'0'));
    value.len() == 55
        && parts.next() == Some("00")
        && hex(parts.next(), 32)
        && hex(parts.next(), 16)
        && hex(parts.next(), 2)
        && nonzero(3..35)
        && nonzero(36..52)
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
    fn anything_else_begins_a_new_one() {
        let zeros = format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32));
        for bad in [None, Some(""), Some("00-x"), Some("\u{fc}"), Some(zeros.as_str()), Some(&GIVEN[1..])] {
            let begun = continue_or_begin(bad);
            assert!(is_valid(&begun), "{begun}");
            assert_ne!(Some(begun.as_str()), bad);
        }
    }
}
