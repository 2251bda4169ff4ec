//! Conditional requests (RFC 9110, section 13.1): whether what the caller holds is still what it would get, and which versions
//! of a thing a change was made for.

/// Whether an `If-None-Match` header names `etag`; weak and strong validators compare alike here.
pub fn matches(if_none_match: &str, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let wanted = opaque(etag);
    if_none_match.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == wanted)
}

/// The versions that an `If-Match` header allows a change for; `None` when it allows any (`*`).
///
/// A tag is one that a read gave out, or a version in quotes. Of a product's ETag only the version counts: that something was
/// sold since is no reason to refuse an edit. Weak tags count as well, since proxies weaken what they compress and the
/// version in it is exact all the same. A tag that no thing here ever had allows nothing.
pub fn versions(if_match: &str) -> Option<Vec<i64>> {
    let tags = if_match.split(',').map(str::trim);
    if tags.clone().any(|tag| tag == "*") {
        return None;
    }
    Some(tags.filter_map(version).collect())
}

/// The version in `"7"`, in a product's `"2-<id>-7.19"` and in a collection's `"c7-<hash>"`.
fn version(tag: &str) -> Option<i64> {
    let opaque = tag.trim_start_matches("W/").strip_prefix('"')?.strip_suffix('"')?;
    let digits = match (opaque.rsplit_once('-'), opaque.strip_prefix('c')) {
        (Some((head, _)), Some(_)) => head.strip_prefix('c')?,
        (Some((_, tail)), None) => tail.split_once('.')?.0,
        (None, _) => opaque,
    };
    digits.parse().ok().filter(|version| *version > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precondition_names_versions_however_its_tag_was_given_out() {
        for tag in ["\"7\"", "W/\"7\"", "\"2-00ab-7.19\"", "\"c7-0123abcd\"", " \"7\" "] {
            assert_eq!(versions(tag), Some(vec![7]), "{tag}");
        }
        assert_eq!(versions("\"7\", \"2-00ab-8.1\""), Some(vec![7, 8]));
        assert_eq!(versions("*"), None);
        for foreign in
            ["", "7", "\"x\"", "\"-1\"", "\"0\"", "\"1-2-3\"", "\"99999999999999999999\"", "\"c-7\"", "\"é\""]
        {
            assert_eq!(versions(foreign), Some(vec![]), "{foreign}");
        }
    }

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
