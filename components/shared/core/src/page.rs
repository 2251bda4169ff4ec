//! Keyset pagination: an opaque cursor that holds the last row's sort key, and a bounded page size.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Items on a page when the caller does not say.
pub const DEFAULT_LIMIT: u32 = 20;
/// The most items on a page.
pub const MAX_LIMIT: u32 = 100;
/// The longest cursor that is looked at. A sort key can be a title: 200 characters of four bytes, and a third more in base64.
const MAX_CURSOR: usize = 2048;

/// The caller's page parameters cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not a cursor that this API gave out.
    #[error("cursor is not one that this list gave out; leave it out to start from the beginning")]
    Cursor,
    /// Page size out of bounds.
    #[error("limit must be from 1 to {MAX_LIMIT}")]
    Limit,
}

/// The page size to use for what the caller asked.
pub fn limit(asked: Option<i64>) -> Result<u32, PageError> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(n) => u32::try_from(n).ok().filter(|n| (1..=MAX_LIMIT).contains(n)).ok_or(PageError::Limit),
    }
}

/// A cursor for the sort key of a page's last row.
pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The sort key in a cursor. The key is checked for shape only: it is used as a bound in a query, never trusted.
pub fn decode_cursor<K: DeserializeOwned>(cursor: &str) -> Result<K, PageError> {
    if cursor.len() > MAX_CURSOR {
        return Err(PageError::Cursor);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| PageError::Cursor)?;
    if bytes.windows(6).any(|w| w == b"\\u0000") {
        return Err(PageError::Cursor);
    }
    serde_json::from_slice(&bytes).map_err(|_| PageError::Cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let cursor = encode_cursor(&("2026", 7));
        assert_eq!(decode_cursor::<(String, i32)>(&cursor), Ok(("2026".to_owned(), 7)));
    }

    #[test]
    fn forged_cursors_and_absurd_limits_are_refused() {
        let nul = encode_cursor(&("\0", 1));
        for bad in ["%", "AAAA", &"A".repeat(4000), nul.as_str()] {
            assert_eq!(decode_cursor::<(String, i32)>(bad), Err(PageError::Cursor), "{bad}");
        }
        assert_eq!(limit(None), Ok(20));
        for bad in [0, -1, 101, i64::MAX] {
            assert_eq!(limit(Some(bad)), Err(PageError::Limit));
        }
    }
}
