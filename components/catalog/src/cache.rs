//! Finished answers in Redis. The cache may lose everything at any time and be away at any time: then the database answers.
//!
//! **Products** are cached by slug and by id, stamped with the product's revision. Invalidation does not delete: it
//! leaves `<revision>!` behind, and a fill whose revision is smaller is refused by the same script that looks at the stamp.
//! So a reader that took the old row, was held up, and comes back after the invalidation cannot put the old page back,
//! however late it comes within the marker's life, while a reader with the new row may fill at once. The marker lives
//! as long as an answer does; a request does not live that long.
//!
//! **Lists** (categories, collections and suggestions, too) are stamped with a generation. A reader asks for the generation and the list in one MGET, and
//! uses the list only when the stamps agree; what it fills on a miss bears the generation that it saw before it
//! asked the database. A change makes a new generation, so all lists of the old one are void at once.

use crate::domain::entry::{self, Content, Entry};
use crate::domain::reference::Reference;
use crate::store::Changed;
use bytes::Bytes;
use souk_host::redis::{Redis, RedisError, RedisResult, text};
use std::cell::Cell;
use std::hash::{DefaultHasher, Hasher};
use std::time::{Duration, Instant};

/// Life of a product's answer in seconds: the backstop when an invalidation is lost with its event.
const PRODUCT_TTL_S: u32 = 60;
/// Life of "no such product": short, since anybody can ask for any name.
const ABSENT_TTL_S: u32 = 5;
/// Life of a list: how old one can be when changes come faster than generations do.
const LIST_TTL_S: u32 = 5;

const GENERATION: &str = "catalog:2:generation";
/// There while the last generation that events made is young.
const GENERATION_IS_YOUNG: &str = "catalog:2:generation:young";

/// KEYS: one. ARGV: revision, value, life. Refuses what is older than what is there.
const FILL: &str = "
local have = tonumber(string.match(redis.call('GETRANGE', KEYS[1], 0, 20), '^%d+'))
if have and have > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1";

/// KEYS: any number. ARGV: life, then a revision for each key. Leaves a marker wherever something older is, or nothing.
const INVALIDATE: &str = "
for i, key in ipairs(KEYS) do
  local have = tonumber(string.match(redis.call('GETRANGE', key, 0, 20), '^%d+'))
  if not have or have < tonumber(ARGV[i + 1]) then
    redis.call('SET', key, ARGV[i + 1] .. '!', 'EX', ARGV[1])
  end
end
return 0";

/// KEYS: generation, young. A new generation, unless the last one made here is younger than a second: under a stream of
/// changes lists would otherwise never be found in the cache.
const NEW_GENERATION_UNLESS_YOUNG: &str = "
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', '1000') then redis.call('INCR', KEYS[1]) end
return 0";

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The ETag, quotes included.
    pub etag: String,
    /// The body as it is sent.
    pub body: Bytes,
}

impl Answer {
    /// An answer whose ETag follows from its bytes.
    pub fn hashed(body: String) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(body.as_bytes());
        Self { etag: format!("\"{:016x}\"", hasher.finish()), body: body.into() }
    }
}

/// What the cache knows about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Its page.
    Answer(Answer),
    /// That the public does not see it.
    Absent,
    /// Nothing of use.
    Nothing,
    /// Nothing, because Redis is away: there is no point in filling it.
    Away,
}

/// What the cache knows about the product of that name.
pub async fn product(reference: &Reference) -> Known {
    let value = match get(&product_key(reference)).await {
        Ok(Some(value)) => value,
        Ok(None) => return Known::Nothing,
        Err(error) => {
            log(&error);
            return Known::Away;
        }
    };
    match Entry::parse(&value).map(|entry| entry.content) {
        Some(Content::Answer { etag, body_at }) => {
            let etag = etag.to_owned();
            Known::Answer(Answer { etag, body: Bytes::from(value).slice(body_at..) })
        }
        Some(Content::Absent) => Known::Absent,
        Some(Content::Invalidated) | None => Known::Nothing,
    }
}

/// Puts a product's page into the cache, or `None` for "the public does not see it", unless something newer is there.
pub async fn fill_product(reference: &Reference, revision: u64, answer: Option<&Answer>) {
    let (value, ttl_s) = match answer {
        Some(answer) => (entry::answer(revision, &answer.etag, &answer.body), PRODUCT_TTL_S),
        None => (entry::absent(revision), ABSENT_TTL_S),
    };
    let (revision, ttl_s) = (revision.to_string(), ttl_s.to_string());
    let args: [&[u8]; 3] = [revision.as_bytes(), &value, ttl_s.as_bytes()];
    let outcome = async { Redis::cache().await?.eval(FILL, &[&product_key(reference)], &args).await };
    if let Err(error) = outcome.await {
        log(&error);
    }
}

/// When lists that may show changed products are to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// At once: whoever made the change is looking.
    Now,
    /// Within a second, or when they expire.
    Soon,
}

/// Voids the pages of `changed` by slug and by id, and the lists.
pub async fn invalidate(changed: &[Changed], lists: Lists) -> Result<(), RedisError> {
    if changed.is_empty() {
        return Ok(());
    }
    let redis = Redis::cache().await?;
    for changed in changed.chunks(250) {
        let keys: Vec<String> = changed
            .iter()
            .flat_map(|one| [product_key(&Reference::Slug(one.slug.clone())), product_key(&Reference::Id(one.id))])
            .collect();
        let revisions = changed.iter().flat_map(|one| [one.revision.to_string(), one.revision.to_string()]);
        let args: Vec<String> = std::iter::once(PRODUCT_TTL_S.to_string()).chain(revisions).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let args: Vec<&[u8]> = args.iter().map(String::as_bytes).collect();
        redis.eval(INVALIDATE, &keys, &args).await?;
    }
    invalidate_lists(lists).await
}

/// Voids the lists alone: what stands where has changed, and no product.
pub async fn invalidate_lists(lists: Lists) -> Result<(), RedisError> {
    let redis = Redis::cache().await?;
    match lists {
        Lists::Now => redis.command("INCR", [text(GENERATION)]).await.map(drop),
        Lists::Soon => redis.eval(NEW_GENERATION_UNLESS_YOUNG, &[GENERATION, GENERATION_IS_YOUNG], &[]).await.map(drop),
    }
}

/// What the cache knows about a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownList {
    /// The list.
    Answer(Answer),
    /// Nothing of use; what is made now belongs to this generation.
    Nothing {
        /// To be passed to [`fill_list`].
        generation: u64,
    },
    /// Nothing, because Redis is away.
    Away,
}

/// What the cache knows about the list of that name.
pub async fn list(name: &str) -> KnownList {
    let reply = async { Redis::cache().await?.command("MGET", [text(GENERATION), text(&list_key(name))]).await };
    let mut reply = match reply.await {
        Ok(reply) => reply.into_iter(),
        Err(error) => {
            log(&error);
            return KnownList::Away;
        }
    };
    let generation = match reply.next() {
        Some(RedisResult::Binary(digits)) => {
            std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
        }
        _ => 0,
    };
    if let Some(RedisResult::Binary(value)) = reply.next()
        && let Some(Entry { stamp, content: Content::Answer { etag, body_at } }) = Entry::parse(&value)
        && stamp == generation
    {
        let etag = etag.to_owned();
        return KnownList::Answer(Answer { etag, body: Bytes::from(value).slice(body_at..) });
    }
    KnownList::Nothing { generation }
}

/// Puts a list into the cache.
pub async fn fill_list(name: &str, generation: u64, answer: &Answer) {
    let value = entry::answer(generation, &answer.etag, &answer.body);
    let outcome = async { Redis::cache().await?.set_ex(&list_key(name), &value, LIST_TTL_S).await };
    if let Err(error) = outcome.await {
        log(&error);
    }
}

async fn get(key: &str) -> Result<Option<Vec<u8>>, RedisError> {
    Redis::cache().await?.get(key).await
}

fn product_key(reference: &Reference) -> String {
    match reference {
        Reference::Id(id) => format!("catalog:2:product:{id}"),
        Reference::Slug(slug) => format!("catalog:2:product:{slug}"),
    }
}

fn list_key(name: &str) -> String {
    format!("catalog:2:list:{name}")
}

/// Once a second and instance: every request meets the same outage.
fn log(error: &RedisError) {
    thread_local! {
        static LOGGED: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    if LOGGED.get().is_none_or(|last| last.elapsed() > Duration::from_secs(1)) {
        LOGGED.set(Some(Instant::now()));
        let why = error.to_string();
        eprintln!("{}", serde_json::json!({"level": "warn", "message": "answered without the cache", "why": why}));
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
