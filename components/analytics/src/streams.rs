//! All that the service does with the shop's streams besides reading them as a consumer: it tells how far their groups
//! are, and shows, replays and drops dead letters, as `souk dlq` does.
//!
//! Each is one Lua script, because Spin flattens nested replies: a script answers a fixed number of words for each thing.

use crate::domain::stream::{EntryId, Stream};
use serde::Serialize;
use souk_host::redis::{Redis, RedisError, RedisResult};
use utoipa::ToSchema;

/// A letter as nine words: stream, entry, type, key, group, error, deliveries, entry on the stream, event.
const TELL: &str = "
    local function tell(stream, id, fields)
      local letter = {}
      for i = 1, #fields, 2 do letter[fields[i]] = fields[i + 1] end
      local text = letter.event or ''
      local readable, event = pcall(cjson.decode, text)
      local function part(name)
        if readable and type(event) == 'table' and type(event[name]) == 'string' then return event[name] end
        return ''
      end
      return {stream, id, part('type'), part('key'), letter.group or '', letter.error or '', letter.deliveries or '',
              letter.source_id or '', text}
    end";

/// Of the streams KEYS the newest ARGV[1] letters before the entry ARGV[2]: exclusive in the first ARGV[3] streams.
const LIST: &str = "
    local count, bound, before = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
    local found = {}
    for i, key in ipairs(KEYS) do
      local upper = bound
      if bound ~= '+' and i <= before then upper = '(' .. bound end
      for _, entry in ipairs(redis.call('XREVRANGE', key .. ':dead', upper, '-', 'COUNT', count)) do
        local ms, seq = string.match(entry[1], '^(%d+)-(%d+)$')
        found[#found + 1] = {tonumber(ms), tonumber(seq), i, entry}
      end
    end
    table.sort(found, function(a, b)
      if a[1] ~= b[1] then return a[1] > b[1] end
      if a[2] ~= b[2] then return a[2] > b[2] end
      return a[3] < b[3]
    end)
    local told = {}
    for i = 1, math.min(#found, count) do
      local words = tell(KEYS[found[i][3]], found[i][4][1], found[i][4][2])
      words[9] = ''
      told[i] = words
    end
    return told";

const SHOW: &str = "
    local found = redis.call('XRANGE', KEYS[1] .. ':dead', ARGV[1], ARGV[1])
    if #found == 0 then return {} end
    return tell(KEYS[1], found[1][1], found[1][2])";

/// Takes a dead letter away and puts its event back, or does nothing when somebody else was faster.
const REPLAY: &str = "
    local found = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
    if #found == 0 then return {0} end
    local fields = found[1][2]
    for i = 1, #fields, 2 do
      if fields[i] == 'event' then
        redis.call('XADD', KEYS[1], '*', 'event', fields[i + 1])
        return {redis.call('XDEL', KEYS[2], ARGV[1])}
      end
    end
    return {-1}";

/// For each stream: its key, entries, dead letters and number of groups, and then for each group: name, entries not
/// delivered, entries not acknowledged, and the age of the oldest of these in milliseconds.
const SURVEY: &str = "
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
    local told = {}
    local function say(...) for _, word in ipairs({...}) do told[#told + 1] = word end end
    local function named(list)
      local map = {}
      for i = 1, #list, 2 do map[list[i]] = list[i + 1] end
      return map
    end
    for _, key in ipairs(KEYS) do
      local groups, info = {}, {}
      if redis.call('EXISTS', key) == 1 then
        groups, info = redis.call('XINFO', 'GROUPS', key), named(redis.call('XINFO', 'STREAM', key))
      end
      say(key, info.length or 0, redis.call('XLEN', key .. ':dead'), #groups)
      for _, list in ipairs(groups) do
        local group = named(list)
        local lag, age = group.lag, 0
        if not lag then
          -- Redis cannot say once entries were deleted.
          lag = group['last-delivered-id'] == info['last-generated-id'] and 0 or info.length
        end
        if group.pending > 0 then
          local oldest = redis.call('XPENDING', key, group.name)[2]
          if oldest then age = math.max(0, now - tonumber(string.match(oldest, '^%d+'))) end
        end
        say(group.name, lag, group.pending, age)
      end
    end
    return told";

/// An event that a consumer group gave up on.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// The stream that it came from.
    pub stream: Stream,
    /// Its entry among the stream's dead letters.
    #[schema(value_type = String, pattern = "^[0-9]+-[0-9]+$")]
    pub entry: EntryId,
    /// The event's type; empty when it is no event at all.
    #[serde(rename = "type")]
    pub type_: String,
    /// What the event is about: the id of an order, a SKU.
    pub key: String,
    /// The consumer group that gave up.
    pub group: String,
    /// Why.
    pub error: String,
    /// How often it was tried.
    pub deliveries: i64,
    /// RFC 3339: when it was given up.
    pub parked_at: String,
    /// The entry that it was on the stream.
    pub source_entry: String,
}

/// How a stream's readers are getting on.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamState {
    /// Which.
    pub stream: Stream,
    /// Entries in it. What every group has acknowledged is trimmed in time.
    pub entries: i64,
    /// Its dead letters.
    pub dead_letters: i64,
    /// Those who read it.
    pub groups: Vec<GroupState>,
}

/// How a consumer group of a stream is getting on.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupState {
    /// The service, or the mailer.
    pub group: String,
    /// Entries that it has not been given yet.
    pub lag: i64,
    /// Entries that it was given and has not acknowledged.
    pub pending: i64,
    /// How long ago the oldest of these was published; zero without any.
    pub oldest_pending_seconds: i64,
}

/// What became of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// The event is back on its stream.
    Yes,
    /// There is no such letter, any more.
    Unknown,
    /// The letter holds no event.
    Empty,
}

/// Up to `count` dead letters of `streams`, newest first, after the one that `after` names.
pub async fn letters(
    streams: &[Stream],
    count: u32,
    after: Option<&(Stream, EntryId)>,
) -> Result<Vec<DeadLetter>, RedisError> {
    let keys: Vec<&str> = streams.iter().map(|stream| stream.key()).collect();
    let bound = after.map_or("+", |(_, entry)| entry.as_str());
    let told_before = after.map_or(0, |(last, _)| streams.iter().filter(|stream| *stream <= last).count());
    let (count, told_before) = (count.to_string(), told_before.to_string());
    let arguments = [count.as_bytes(), bound.as_bytes(), told_before.as_bytes()];
    let words = run(&format!("{TELL}{LIST}"), &keys, &arguments).await?;
    Ok(words.chunks_exact(9).filter_map(letter).map(|(letter, _)| letter).collect())
}

/// One dead letter, and the text of its event.
pub async fn show(stream: Stream, entry: &EntryId) -> Result<Option<(DeadLetter, String)>, RedisError> {
    let words = run(&format!("{TELL}{SHOW}"), &[stream.key()], &[entry.as_str().as_bytes()]).await?;
    Ok(letter(&words))
}

/// Puts the event of a dead letter back on its stream, for every group to read, and takes the letter away.
pub async fn replay(stream: Stream, entry: &EntryId) -> Result<Replayed, RedisError> {
    let words = run(REPLAY, &[stream.key(), &stream.dead_key()], &[entry.as_str().as_bytes()]).await?;
    Ok(match words.first().map(String::as_str) {
        Some("1") => Replayed::Yes,
        Some("-1") => Replayed::Empty,
        _ => Replayed::Unknown,
    })
}

/// Drops a dead letter; false when there is no such letter, any more.
pub async fn drop_letter(stream: Stream, entry: &EntryId) -> Result<bool, RedisError> {
    let words =
        run("return {redis.call('XDEL', KEYS[1], ARGV[1])}", &[&stream.dead_key()], &[entry.as_str().as_bytes()])
            .await?;
    Ok(words.first().is_some_and(|count| count == "1"))
}

/// All streams and their groups.
pub async fn survey() -> Result<Vec<StreamState>, RedisError> {
    let keys = Stream::ALL.map(Stream::key);
    let words = run(SURVEY, &keys, &[]).await?;
    let mut words = words.into_iter();
    let mut states = Vec::new();
    while let Some(key) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse::<i64>().ok()).unwrap_or_default();
        let (entries, dead_letters, groups) = (number(), number(), number());
        let groups = (0..groups).map_while(|_| group(&mut words)).collect();
        let Some(stream) = Stream::of_key(&key) else { continue };
        states.push(StreamState { stream, entries, dead_letters, groups });
    }
    Ok(states)
}

fn group(words: &mut impl Iterator<Item = String>) -> Option<GroupState> {
    let group = words.next()?;
    let mut number = || words.next().and_then(|word| word.parse::<i64>().ok());
    let (lag, pending, oldest_ms) = (number()?, number()?, number()?);
    Some(GroupState { group, lag, pending, oldest_pending_seconds: oldest_ms / 1_000 })
}

fn letter(words: &[String]) -> Option<(DeadLetter, String)> {
    let [stream, entry, type_, key, group, error, deliveries, source_entry, event] = words else { return None };
    let entry = EntryId::try_from(entry.clone()).ok()?;
    let letter = DeadLetter {
        stream: Stream::of_key(stream)?,
        parked_at: entry.time(),
        entry,
        type_: type_.clone(),
        key: key.clone(),
        group: group.clone(),
        error: error.clone(),
        deliveries: deliveries.parse().unwrap_or_default(),
        source_entry: source_entry.clone(),
    };
    Some((letter, event.clone()))
}

async fn run(script: &str, keys: &[&str], arguments: &[&[u8]]) -> Result<Vec<String>, RedisError> {
    let reply = Redis::events().await?.eval(script, keys, arguments).await?;
    Ok(reply.into_iter().map(word).collect())
}

/// Text that is no UTF-8 is why some events end among the dead letters; it is shown as well as it can be.
fn word(value: RedisResult) -> String {
    match value {
        RedisResult::Binary(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        RedisResult::Status(text) => text,
        RedisResult::Int64(number) => number.to_string(),
        RedisResult::Nil => String::new(),
    }
}
