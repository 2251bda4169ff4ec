//! Decides what may be trimmed, and trims it.

use crate::stream_id::StreamId;
use redis::RedisResult;
use redis::aio::ConnectionManager;

/// What one group has done with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) last_delivered: StreamId,
    /// The oldest entry that was delivered but not acknowledged.
    pub(crate) oldest_pending: Option<StreamId>,
}

/// The smallest id that some group still needs; everything below is acknowledged by all. None without groups.
///
/// `oldest_pending` may have been read after `last_delivered`: an entry below it that was delivered in between is
/// acknowledged by then.
pub(crate) fn first_needed(groups: &[Progress]) -> Option<StreamId> {
    groups.iter().map(|group| group.oldest_pending.unwrap_or(group.last_delivered.next())).min()
}

/// Removes entries below `first_needed`, at most `excess` of them. Works on whole nodes of the stream, so it may leave
/// a few more than asked: never fewer.
pub(crate) async fn trim(
    redis: &mut ConnectionManager,
    stream: &str,
    first_needed: StreamId,
    excess: u64,
) -> RedisResult<u64> {
    redis::cmd("XTRIM")
        .arg(stream)
        .arg("MINID")
        .arg("~")
        .arg(first_needed.to_string())
        .arg("LIMIT")
        .arg(excess)
        .query_async(redis)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(ms: u64) -> StreamId {
        StreamId { ms, seq: 0 }
    }

    #[test]
    fn without_groups_nothing_is_known_to_be_done() {
        assert_eq!(first_needed(&[]), None);
    }

    #[test]
    fn a_group_that_never_read_needs_everything() {
        let idle = Progress { last_delivered: StreamId::default(), oldest_pending: None };
        let ahead = Progress { last_delivered: id(9), oldest_pending: None };
        assert_eq!(first_needed(&[ahead, idle]), Some(StreamId { ms: 0, seq: 1 }));
    }

    proptest! {
        /// Groups read a stream of entries 1..=n in any way and acknowledge any of what they read.
        #[test]
        fn nothing_unacknowledged_lies_below(
            groups in prop::collection::vec((0u64..40, prop::collection::hash_set(1u64..40, 0..20)), 1..5),
        ) {
            let mut unacknowledged = Vec::new();
            let progress: Vec<Progress> = groups.iter().map(|(read, not_acknowledged)| {
                let pending: Vec<u64> = not_acknowledged.iter().copied().filter(|entry| entry <= read).collect();
                unacknowledged.extend(pending.iter().copied().chain(read + 1..=40));
                Progress { last_delivered: id(*read), oldest_pending: pending.into_iter().min().map(id) }
            }).collect();
            let threshold = first_needed(&progress).unwrap();
            prop_assert!(unacknowledged.iter().all(|entry| id(*entry) >= threshold));
            // And everything below the first unacknowledged one may go.
            let first = unacknowledged.into_iter().min().unwrap();
            prop_assert!(id(first - 1) < threshold);
        }
    }
}
