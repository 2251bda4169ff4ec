//! Conditional requests (RFC 9110, section 13.1.2): whether what the caller holds is still what it would get.

/// Whether an `If-None-Match` header names `etag`; weak and strong validators compare alike here.
pub fn matches(if_none_match: &str, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let wanted = opaque(etag);
    if_none_match.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_matches_in_every_way_it_may_be_written() {
        let etag = "\"a-1\"";
        for header in ["\"a-1\"", "W/\"a-1\"", "\"x\", \"a-1\"", "*", " \"a-1\" "] {
            assert!(matches(header, etag), "{header}");
        }
        for header in ["", "\"a-12\"", "a-1", "\"x\",\"y\""] {
            assert!(!matches(header, etag), "{header}");
        }
    }
}
