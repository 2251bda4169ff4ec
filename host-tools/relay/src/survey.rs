//! Looks at all streams and groups every half second: measures lag, pending entries and dead letters, creates
//! groups that vanished, rings for groups that lag without progress, and trims.

use crate::dead_letters::{DeadLetters, dead_stream};
use crate::groups;
use crate::redis_link::Backoff;
use crate::run::Shared;
use crate::stream_id::StreamId;
use crate::trim::{self, Progress};
use redis::streams::{StreamInfoGroupsReply, StreamInfoStreamReply, StreamPendingReply};
use redis::{FromRedisValue, RedisResult, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A group of a stream, as the survey saw it.
#[derive(Debug, Clone)]
pub(crate) struct GroupState {
    pub(crate) name: String,
    pub(crate) consumers: u64,
    pub(crate) pending: u64,
    /// Entries not delivered yet. Where Redis cannot say (entries were deleted), the stream's length or 0.
    pub(crate) lag: u64,
    pub(crate) progress: Progress,
}

/// A stream, as the survey saw it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StreamState {
    pub(crate) length: u64,
    pub(crate) groups: Vec<GroupState>,
}

/// Where each group stood at the last look.
type Positions = BTreeMap<(String, String), StreamId>;

pub(crate) async fn keep_surveying(shared: Arc<Shared>) {
    let (mut backoff, mut dead, mut positions) = (Backoff::new(), DeadLetters::default(), Positions::new());
    loop {
        let wait = match survey(&shared, &mut dead, &mut positions).await {
            Ok(()) => {
                backoff.reset();
                shared.metrics.set_redis_up(true);
                shared.redis_reached.cancel();
                shared.options.survey()
            }
            Err(error) => {
                shared.metrics.set_redis_up(false);
                if backoff.is_fresh() {
                    tracing::warn!(%error, "cannot look at the streams; trying again");
                }
                backoff.next_wait()
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn survey(shared: &Shared, dead: &mut DeadLetters, positions: &mut Positions) -> RedisResult<()> {
    let mut redis = shared.redis.clone();
    let mut states = read(shared).await?;
    let missing = missing_groups(shared, &states);
    if !missing.is_empty() {
        let created = groups::create(&mut redis, missing.iter().copied()).await?;
        tracing::info!(created, "created consumer groups");
        states = read(shared).await?;
    }
    ring_for_the_stuck(shared, &states, positions);
    trim_all(shared, &states).await?;

    let mut lengths = redis::pipe();
    shared.topology.streams.keys().for_each(|stream| {
        lengths.cmd("XLEN").arg(dead_stream(stream));
    });
    let lengths: Vec<u64> = lengths.query_async(&mut redis).await?;
    let mut letters = BTreeMap::new();
    for (stream, length) in shared.topology.streams.keys().zip(lengths) {
        letters.insert(stream.clone(), dead.count(&mut redis, stream, length).await?.clone());
    }
    shared.metrics.set_streams(states, letters);
    Ok(())
}

/// Two round trips, however many streams and groups there are.
async fn read(shared: &Shared) -> RedisResult<BTreeMap<String, StreamState>> {
    let mut redis = shared.redis.clone();
    let mut infos = redis::pipe();
    infos.ignore_errors();
    for stream in shared.topology.streams.keys() {
        // Groups first: an entry added in between shows as lag that a moment later is none, never the other way round.
        infos.cmd("XINFO").arg("GROUPS").arg(stream);
        infos.cmd("XINFO").arg("STREAM").arg(stream);
    }
    let infos: Vec<RedisResult<Value>> = infos.query_async(&mut redis).await?;
    let mut infos = infos.into_iter();
    let mut states = BTreeMap::new();
    let mut pending_of = Vec::new();
    let mut pending = redis::pipe();
    for stream in shared.topology.streams.keys() {
        let groups: Option<StreamInfoGroupsReply> = present(infos.next())?;
        let info: Option<StreamInfoStreamReply> = present(infos.next())?;
        let (Some(groups), Some(info)) = (groups, info) else {
            states.insert(stream.clone(), StreamState::default());
            continue;
        };
        let state = stream_state(groups, &info)?;
        for (index, _) in state.groups.iter().enumerate().filter(|(_, group)| group.pending > 0) {
            pending_of.push((stream.clone(), index));
        }
        for group in state.groups.iter().filter(|group| group.pending > 0) {
            pending.cmd("XPENDING").arg(stream).arg(&group.name);
        }
        states.insert(stream.clone(), state);
    }
    if pending_of.is_empty() {
        return Ok(states);
    }
    let summaries: Vec<StreamPendingReply> = pending.query_async(&mut redis).await?;
    for ((stream, index), summary) in pending_of.into_iter().zip(summaries) {
        let group = states.get_mut(&stream).and_then(|state| state.groups.get_mut(index));
        if let (Some(group), StreamPendingReply::Data(data)) = (group, summary) {
            group.progress.oldest_pending = Some(parse_id(&data.start_id)?);
        }
    }
    Ok(states)
}

/// None when the stream does not exist.
fn present<T: FromRedisValue>(reply: Option<RedisResult<Value>>) -> RedisResult<Option<T>> {
    match reply {
        None => Ok(None),
        Some(Err(error)) if error.to_string().contains("no such key") => Ok(None),
        Some(reply) => Ok(Some(T::from_redis_value(reply?)?)),
    }
}

fn stream_state(reply: StreamInfoGroupsReply, info: &StreamInfoStreamReply) -> RedisResult<StreamState> {
    let length = count(info.length);
    let last = parse_id(&info.last_generated_id)?;
    let group_state = |group: redis::streams::StreamInfoGroup| {
        let last_delivered = parse_id(&group.last_delivered_id)?;
        let lag = match group.lag {
            Some(lag) => count(lag),
            None if last_delivered < last => length,
            None => 0,
        };
        let (consumers, pending) = (count(group.consumers), count(group.pending));
        let progress = Progress { last_delivered, oldest_pending: None };
        Ok(GroupState { name: group.name, consumers, pending, lag, progress })
    };
    Ok(StreamState { length, groups: reply.groups.into_iter().map(group_state).collect::<RedisResult<_>>()? })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn parse_id(text: &str) -> RedisResult<StreamId> {
    text.parse().map_err(|_| redis::RedisError::from((redis::ErrorKind::Parse, "not a stream id", text.to_owned())))
}

fn missing_groups<'a>(shared: &'a Shared, states: &BTreeMap<String, StreamState>) -> Vec<(&'a str, &'a str)> {
    let exists = |stream: &str, group: &str| {
        states.get(stream).is_some_and(|state| state.groups.iter().any(|state| state.name == group))
    };
    let wanted = shared.topology.streams.iter();
    let pairs =
        wanted.flat_map(|(name, stream)| stream.groups.iter().map(move |group| (name.as_str(), group.as_str())));
    pairs.filter(|(stream, group)| !exists(stream, group)).collect()
}

/// A group that lags and stands where it stood at the last look has had its time: a ring was lost, or its service was
/// away.
fn ring_for_the_stuck(shared: &Shared, states: &BTreeMap<String, StreamState>, positions: &mut Positions) {
    for (stream, state) in states {
        for group in &state.groups {
            let position = group.progress.last_delivered;
            let before = positions.insert((stream.clone(), group.name.clone()), position);
            let is_stuck = group.lag > 0 && before == Some(position);
            if let Some(service) = shared.services.get(&group.name).filter(|_| is_stuck)
                && service.leads()
            {
                service.bell.notify_one();
            }
        }
    }
}

async fn trim_all(shared: &Shared, states: &BTreeMap<String, StreamState>) -> RedisResult<()> {
    for (name, stream) in &shared.topology.streams {
        let Some(state) = states.get(name) else { continue };
        let steward = stream.steward(|service| shared.services.contains_key(service));
        if !steward.and_then(|service| shared.services.get(service)).is_some_and(|service| service.leads()) {
            continue;
        }
        let complete = stream.groups.iter().all(|group| state.groups.iter().any(|state| state.name == *group));
        let excess = state.length.saturating_sub(shared.options.keep_entries);
        let progress: Vec<Progress> = state.groups.iter().map(|group| group.progress).collect();
        if let (true, 1.., Some(first_needed)) = (complete, excess, trim::first_needed(&progress)) {
            let trimmed = trim::trim(&mut shared.redis.clone(), name, first_needed, excess).await?;
            shared.metrics.count_trimmed(name, trimmed);
        }
    }
    Ok(())
}
