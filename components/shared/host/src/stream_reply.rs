//! Reads the replies of XREADGROUP and XAUTOCLAIM, which the host hands over flattened into one list.
//!
//! XREADGROUP: `stream, id, "event", json, id, "event", json, stream, ...`; XAUTOCLAIM: `cursor, id, "event", json,
//! ..., deleted-id, ...`. An entry of Souk's streams has exactly one field, so an id that is followed by the word
//! `event` begins an entry, and a word that begins with `souk:` at that place names the next stream.

use spin_sdk::redis::RedisResult;

/// One entry of a stream as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The stream's name.
    pub stream: String,
    /// The entry's id.
    pub id: String,
    /// The text of its `event` field; empty when the entry has another shape.
    pub event: String,
}

/// The entries of an XREADGROUP reply, in reply order.
pub fn read_group(reply: &[RedisResult]) -> Vec<Entry> {
    entries(reply, None)
}

/// The entries of an XAUTOCLAIM reply for `stream`, in reply order; ids of deleted entries are passed over.
pub fn auto_claim(stream: &str, reply: &[RedisResult]) -> Vec<Entry> {
    entries(reply.get(1..).unwrap_or_default(), Some(stream))
}

fn entries(reply: &[RedisResult], stream: Option<&str>) -> Vec<Entry> {
    let words: Vec<Option<String>> = reply.iter().map(word).collect();
    let at = |i: usize| words.get(i).and_then(Option::as_deref);
    let mut stream = stream.unwrap_or_default().to_owned();
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.len() {
        match at(i) {
            Some(name) if !is_id(name) => {
                stream = name.to_owned();
                i += 1;
            }
            Some(id) if at(i + 1) == Some("event") && i + 2 < words.len() => {
                let event = at(i + 2).unwrap_or_default().to_owned();
                found.push(Entry { stream: stream.clone(), id: id.to_owned(), event });
                i += 3;
            }
            _ => i += 1,
        }
    }
    found
}

fn word(value: &RedisResult) -> Option<String> {
    match value {
        RedisResult::Binary(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        RedisResult::Status(text) => Some(text.clone()),
        RedisResult::Int64(n) => Some(n.to_string()),
        RedisResult::Nil => None,
    }
}

/// Whether `word` looks like `1526569495631-0`.
fn is_id(word: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    word.split_once('-').is_some_and(|(ms, seq)| digits(ms) && digits(seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(words: &[&str]) -> Vec<RedisResult> {
        words.iter().map(|word| RedisResult::Binary(word.as_bytes().to_vec())).collect()
    }

    fn entry(stream: &str, id: &str, event: &str) -> Entry {
        Entry { stream: stream.into(), id: id.into(), event: event.into() }
    }

    #[test]
    fn entries_of_several_streams_keep_their_order() {
        let words = ["souk:a", "1-0", "event", "{}", "2-0", "event", "1-0", "souk:b", "1-0", "event", "souk:x"];
        assert_eq!(
            read_group(&reply(&words)),
            [entry("souk:a", "1-0", "{}"), entry("souk:a", "2-0", "1-0"), entry("souk:b", "1-0", "souk:x")]
        );
    }

    #[test]
    fn no_entries_read_as_none() {
        assert_eq!(read_group(&[]), []);
        assert_eq!(read_group(&[RedisResult::Nil]), []);
    }

    #[test]
    fn a_claim_skips_its_cursor_and_deleted_ids() {
        let words = ["0-0", "3-1", "event", "{}", "5-0", "6-0"];
        assert_eq!(auto_claim("souk:a", &reply(&words)), [entry("souk:a", "3-1", "{}")]);
    }
}
