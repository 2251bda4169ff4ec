//! What Redis knows about streams and consumer groups.

use std::collections::HashMap;

use anyhow::{Context, Result};
use redis::aio::MultiplexedConnection;
use redis::{RedisError, Value, from_redis_value};
use serde::Serialize;
use souk_local::Topology;

/// One consumer group of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    pub stream: String,
    pub group: String,
    /// Entries that were never delivered to it.
    pub lag: u64,
    /// Entries that were delivered and are not acknowledged.
    pub pending: u64,
    /// The oldest entry that it has not acknowledged, delivered or not.
    pub oldest: Option<String>,
}

/// Everything about the streams at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub groups: Vec<Group>,
    /// The last id that each stream gave out.
    pub last_ids: Vec<(String, String)>,
}

impl Snapshot {
    pub fn idle(&self) -> bool {
        self.groups.iter().all(|group| group.oldest.is_none())
    }
}

/// Looks at every stream of the topology. A stream nobody has written to has nothing unread.
pub async fn snapshot(connection: &mut MultiplexedConnection, topology: &Topology) -> Result<Snapshot> {
    let mut snapshot = Snapshot { groups: Vec::new(), last_ids: Vec::new() };
    for (name, stream) in &topology.streams {
        let info = command::<HashMap<String, Value>>(connection, "XINFO", &["STREAM", name]).await?;
        let last_id = info.as_ref().map(|info| text(info, "last-generated-id")).unwrap_or_default();
        snapshot.last_ids.push((name.clone(), last_id));
        let found =
            command::<Vec<HashMap<String, Value>>>(connection, "XINFO", &["GROUPS", name]).await?.unwrap_or_default();
        for group in &stream.groups {
            let state = found.iter().find(|info| text(info, "name") == *group);
            snapshot.groups.push(read_group(connection, name, group, state).await?);
        }
    }
    Ok(snapshot)
}

async fn read_group(
    connection: &mut MultiplexedConnection,
    stream: &str,
    group: &str,
    info: Option<&HashMap<String, Value>>,
) -> Result<Group> {
    let (delivered, pending) = match info {
        Some(info) => (text(info, "last-delivered-id"), number(info, "pending").unwrap_or(0)),
        None => ("0-0".to_owned(), 0),
    };
    let next = first_after(connection, stream, &delivered).await?;
    let lag = match (info.and_then(|info| number(info, "lag")), &next) {
        (_, None) => 0,
        (Some(lag), _) => lag,
        // Redis gives no figure for a group that does not exist yet, and none after entries were deleted.
        (None, Some(_)) => entries_after(connection, stream, &delivered).await?,
    };
    let oldest = if pending > 0 { oldest_pending(connection, stream, group).await? } else { None };
    Ok(Group { stream: stream.to_owned(), group: group.to_owned(), lag, pending, oldest: oldest.or(next) })
}

type Entries = Vec<(String, Vec<String>)>;

async fn first_after(connection: &mut MultiplexedConnection, stream: &str, id: &str) -> Result<Option<String>> {
    let after = format!("({id}");
    let entries = command::<Entries>(connection, "XRANGE", &[stream, &after, "+", "COUNT", "1"]).await?;
    Ok(entries.unwrap_or_default().into_iter().next().map(|(id, _)| id))
}

async fn entries_after(connection: &mut MultiplexedConnection, stream: &str, id: &str) -> Result<u64> {
    let (mut from, mut count) = (format!("({id}"), 0);
    loop {
        let page = command::<Entries>(connection, "XRANGE", &[stream, &from, "+", "COUNT", "1000"]).await?;
        let page = page.unwrap_or_default();
        let Some((last, _)) = page.last() else { return Ok(count) };
        count += page.len() as u64;
        from = format!("({last}");
    }
}

/// The summary form of XPENDING: count, smallest id, greatest id, consumers.
async fn oldest_pending(connection: &mut MultiplexedConnection, stream: &str, group: &str) -> Result<Option<String>> {
    let summary = command::<Vec<Value>>(connection, "XPENDING", &[stream, group]).await?.unwrap_or_default();
    let smallest = summary.into_iter().nth(1).unwrap_or(Value::Nil);
    from_redis_value(smallest).context("reading XPENDING")
}

/// A command on a stream; `None` when there is no such stream.
async fn command<T: redis::FromRedisValue>(
    connection: &mut MultiplexedConnection,
    name: &str,
    args: &[&str],
) -> Result<Option<T>> {
    match redis::cmd(name).arg(args).query_async(connection).await {
        Ok(value) => Ok(Some(value)),
        Err(error) if missing(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("asking Redis for {name} {}", args.join(" "))),
    }
}

fn missing(error: &RedisError) -> bool {
    error.to_string().contains("no such key") || error.code() == Some("NOGROUP")
}

fn text(info: &HashMap<String, Value>, key: &str) -> String {
    info.get(key).cloned().and_then(|value| from_redis_value(value).ok()).unwrap_or_default()
}

fn number(info: &HashMap<String, Value>, key: &str) -> Option<u64> {
    info.get(key).cloned().and_then(|value| from_redis_value(value).ok())
}
