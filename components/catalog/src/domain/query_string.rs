//! Query strings, read strictly: broken escapes, text that is not UTF-8, control characters and repeated names are errors
//! of the caller, not something to guess at.

use std::borrow::Cow;

/// Why a query string cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryStringError {
    /// `%` without two hexadecimal digits.
    #[error("the query has a % that is not followed by two hexadecimal digits")]
    Escape,
    /// The decoded bytes are not text.
    #[error("the query is not UTF-8 text")]
    Utf8,
    /// NUL, line breaks and their like.
    #[error("the query contains a control character")]
    Control,
    /// One name twice: it is not clear which is meant.
    #[error("parameter {0} is given more than once")]
    Repeated(&'static str),
}

/// Decodes one name or value of a query string (`+` is a space).
pub fn decode(raw: &str) -> Result<Cow<'_, str>, QueryStringError> {
    let text = if raw.bytes().any(|b| b == b'%' || b == b'+') {
        let mut bytes = Vec::with_capacity(raw.len());
        let mut rest = raw.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let (high, low) = rest.next().zip(rest.next()).ok_or(QueryStringError::Escape)?;
                    hex(high)? * 16 + hex(low)?
                }
                other => other,
            });
        }
        Cow::Owned(String::from_utf8(bytes).map_err(|_| QueryStringError::Utf8)?)
    } else {
        Cow::Borrowed(raw)
    };
    if text.chars().any(char::is_control) { Err(QueryStringError::Control) } else { Ok(text) }
}

/// Gives each `name=value` of a query string to `visit`. `names` are the known ones: others are skipped unread, so that
/// a link with a tracking parameter still works. Those of `lists` may be given more than once.
pub fn visit<'a, E: From<QueryStringError>>(
    raw: &'a str,
    names: &[&'static str],
    lists: &[&'static str],
    mut visit: impl FnMut(&'static str, Cow<'a, str>) -> Result<(), E>,
) -> Result<(), E> {
    let mut seen = 0_u32;
    for pair in raw.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some((index, known)) = names.iter().enumerate().find(|(_, known)| **known == name) else {
            if let Some(known) = lists.iter().find(|known| **known == name) {
                visit(known, decode(value)?)?;
            }
            continue;
        };
        if seen & (1 << index) != 0 {
            return Err(QueryStringError::Repeated(known).into());
        }
        seen |= 1 << index;
        visit(known, decode(value)?)?;
    }
    Ok(())
}

fn hex(digit: u8) -> Result<u8, QueryStringError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(QueryStringError::Escape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_text_is_refused_not_guessed() {
        assert_eq!(decode("%"), Err(QueryStringError::Escape));
        assert_eq!(decode("a%2"), Err(QueryStringError::Escape));
        assert_eq!(decode("%zz"), Err(QueryStringError::Escape));
        assert_eq!(decode("%ff%fe"), Err(QueryStringError::Utf8));
        assert_eq!(decode("a%00b"), Err(QueryStringError::Control));
        assert_eq!(decode("caf%C3%A9+au+lait").unwrap(), "café au lait");
    }

    #[test]
    fn a_repeated_parameter_is_refused_and_an_unknown_one_skipped() {
        let read = |raw: &str| {
            let mut found = Vec::new();
            visit(raw, &["q", "limit"], &["tag"], |name, value| {
                found.push((name, value.into_owned()));
                Ok::<(), QueryStringError>(())
            })
            .map(|()| found)
        };
        assert_eq!(read("utm=%&q=tea&limit="), Ok(vec![("q", "tea".into()), ("limit", String::new())]));
        assert_eq!(read("q=a&q=b"), Err(QueryStringError::Repeated("q")));
        assert_eq!(read("tag=a&tag=b"), Ok(vec![("tag", "a".into()), ("tag", "b".into())]));
        assert_eq!(read(""), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn whatever_is_escaped_comes_back(text in "[^\\p{Cc}]{0,40}") {
            let escaped: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
            prop_assert_eq!(decode(&escaped).unwrap(), text);
        }

        #[test]
        fn no_input_panics(raw in "\\PC{0,60}") {
            let _ = decode(&raw);
        }
    }
}
