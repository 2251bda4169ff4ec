//! Ids of stream entries: milliseconds and a sequence number, ordered as Redis orders them.

use std::fmt;
use std::str::FromStr;

/// `<milliseconds>-<sequence>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct StreamId {
    /// Unix time in milliseconds, by Redis's clock.
    pub ms: u64,
    /// Number within the millisecond.
    pub seq: u64,
}

/// The text is no stream id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a stream id")]
pub struct NotAStreamId(String);

impl StreamId {
    /// The smallest id above this one.
    pub fn next(self) -> Self {
        match self.seq.checked_add(1) {
            Some(seq) => Self { ms: self.ms, seq },
            None => Self { ms: self.ms.saturating_add(1), seq: 0 },
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.seq)
    }
}

impl FromStr for StreamId {
    type Err = NotAStreamId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (ms, seq) = text.split_once('-')?;
            Some(Self { ms: ms.parse().ok()?, seq: seq.parse().ok()? })
        };
        parse().ok_or_else(|| NotAStreamId(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_numbers_and_not_as_text() {
        let id = |text: &str| text.parse::<StreamId>().unwrap();
        assert!(id("9-10") < id("10-2"));
        assert!(id("10-2") < id("10-10"));
        assert_eq!(id("7-3").next(), id("7-4"));
        assert_eq!(StreamId { ms: 7, seq: u64::MAX }.next(), id("8-0"));
        assert_eq!(id("1700000000000-5").to_string(), "1700000000000-5");
        for bad in ["", "7", "7-", "-7", "a-b", "7-7-7"] {
            assert!(bad.parse::<StreamId>().is_err(), "{bad}");
        }
    }
}
