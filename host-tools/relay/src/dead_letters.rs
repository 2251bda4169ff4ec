//! Counts dead letters per group. Reads a dead letter stream only when its length has changed.

use redis::RedisResult;
use redis::aio::ConnectionManager;
use redis::streams::StreamRangeReply;
use std::collections::BTreeMap;

const PAGE: usize = 200;
/// Beyond so many only the rest's number is told, under [`UNCOUNTED`]: by then the number is not the question.
const READ_MAX: usize = 2_000;
const UNCOUNTED: &str = "not_counted";

/// The dead letters of each stream, by group.
#[derive(Debug, Default)]
pub(crate) struct DeadLetters {
    streams: BTreeMap<String, (u64, BTreeMap<String, u64>)>,
}

/// Where a stream's dead letters lie.
pub(crate) fn dead_stream(stream: &str) -> String {
    format!("{stream}:dead")
}

impl DeadLetters {
    /// The numbers of dead letters of `stream` by group, given how many there are in all.
    pub(crate) async fn count(
        &mut self,
        redis: &mut ConnectionManager,
        stream: &str,
        length: u64,
    ) -> RedisResult<&BTreeMap<String, u64>> {
        let known = self.streams.entry(stream.to_owned()).or_default();
        if known.0 != length {
            known.1 = read(redis, &dead_stream(stream), length).await?;
            known.0 = length;
        }
        Ok(&known.1)
    }
}

async fn read(redis: &mut ConnectionManager, dead: &str, length: u64) -> RedisResult<BTreeMap<String, u64>> {
    let mut groups = BTreeMap::<String, u64>::new();
    let (mut from, mut seen) = ("-".to_owned(), 0);
    while seen < READ_MAX {
        let page: StreamRangeReply =
            redis::cmd("XRANGE").arg(dead).arg(&from).arg("+").arg("COUNT").arg(PAGE).query_async(redis).await?;
        for entry in &page.ids {
            let group = entry.get::<String>("group").unwrap_or_else(|| "unknown".to_owned());
            *groups.entry(group).or_default() += 1;
        }
        seen += page.ids.len();
        match page.ids.last() {
            Some(last) if page.ids.len() == PAGE => from = format!("({}", last.id),
            _ => return Ok(groups),
        }
    }
    let rest = length.saturating_sub(u64::try_from(seen).unwrap_or(u64::MAX));
    if rest > 0 {
        groups.insert(UNCOUNTED.to_owned(), rest);
    }
    Ok(groups)
}
