//! Counts attempts in Redis and refuses further ones for a while: wrong passwords for each account and for each client
//! address (right ones are not counted), and for each address new accounts, new guests and mails that were asked for.
//!
//! Wrong passwords are looked at before a password is verified and again after: of many guesses sent at once none is
//! told that it was right once too many were wrong. When Redis is away sign-in answers 503: no guessing meanwhile.

use crate::client::Client;
use crate::domain::throttle::{Counted, MAIL_WINDOW_S, MAX_FAILURES, MAX_MAILS, WINDOW_S, wait_s};
use souk_core::problem::Problem;
use souk_host::redis::{Redis, RedisResult};
use souk_host::{ApiError, config};

/// KEYS: the account's count, the address's. ARGV: what happened, the window in milliseconds, the account's most.
/// A right password clears the account's count, but not the address's: whoever tries many accounts may own one.
const SIGN_IN: &str = r"
local counts = {}
for i, key in ipairs(KEYS) do
  local failures = tonumber(redis.call('GET', key) or '0')
  if ARGV[1] == 'failed' then
    failures = redis.call('INCR', key)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[2]) end
  elseif ARGV[1] == 'passed' and i == 1 and failures < tonumber(ARGV[3]) then
    redis.call('DEL', key)
  end
  counts[2 * i - 1] = failures
  counts[2 * i] = redis.call('PTTL', key)
end
return counts
";

/// KEYS: the count. ARGV: the most, the window in milliseconds. Counts an attempt unless there were too many.
const ONCE_MORE: &str = r"
local before = tonumber(redis.call('GET', KEYS[1]) or '0')
if before < tonumber(ARGV[1]) then
  redis.call('INCR', KEYS[1])
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
end
return {before, redis.call('PTTL', KEYS[1])}
";

/// What happened to a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It is about to be verified.
    Begin,
    /// It was wrong, or there is no such account.
    Failed,
    /// It was right.
    Passed,
}

/// Records what became of a password for `email`; 429 when the account or the client had too many wrong ones.
pub async fn password(email: &str, client: &Client, moment: Moment) -> Result<(), ApiError> {
    let word: &[u8] = match moment {
        Moment::Begin => b"begin",
        Moment::Failed => b"failed",
        Moment::Passed => b"passed",
    };
    let address_most = address_limit().await?;
    let (account, address) = (Counted::SignIn.of_email(email), Counted::SignIn.of_address(client.address()));
    let (window_ms, most) = ((WINDOW_S * 1000).to_string(), MAX_FAILURES.to_string());
    let args: [&[u8]; 3] = [word, window_ms.as_bytes(), most.as_bytes()];
    let reply = Redis::events().await?.eval(SIGN_IN, &[&account, &address], &args).await?;
    let [
        RedisResult::Int64(failures),
        RedisResult::Int64(ttl_ms),
        RedisResult::Int64(address_failures),
        RedisResult::Int64(address_ttl_ms),
    ] = reply.as_slice()
    else {
        return Err(ApiError::defect("the sign-in script answered something else than four integers"));
    };
    // The failure that fills a count is still told that it was one.
    let own = i64::from(moment == Moment::Failed);
    let waits =
        [wait_s(failures - own, MAX_FAILURES, *ttl_ms), wait_s(address_failures - own, address_most, *address_ttl_ms)];
    match waits.into_iter().flatten().max() {
        None => Ok(()),
        Some(seconds) => Err(Problem::too_many_requests(seconds).into()),
    }
}

/// Forgets the wrong passwords of an account whose owner has just proved to be one.
pub async fn forgive(email: &str) -> Result<(), ApiError> {
    Ok(Redis::events().await?.del(&[Counted::SignIn.of_email(email)]).await?)
}

/// Counts something that a client address does; 429 when it did too much of it.
pub async fn from_address(kind: Counted, client: &Client) -> Result<(), ApiError> {
    let most = address_limit().await?;
    refuse(count(&kind.of_address(client.address()), most, WINDOW_S).await?)
}

/// Counts a mail; `false` when its reader had enough of that kind.
pub async fn mail(key: &str) -> Result<bool, ApiError> {
    Ok(count(key, MAX_MAILS, MAIL_WINDOW_S).await?.is_none())
}

/// Counts a mail; 429 when its reader had enough of that kind.
pub async fn mail_or_refuse(key: &str) -> Result<(), ApiError> {
    refuse(count(key, MAX_MAILS, MAIL_WINDOW_S).await?)
}

fn refuse(wait: Option<u32>) -> Result<(), ApiError> {
    wait.map_or(Ok(()), |seconds| Err(Problem::too_many_requests(seconds).into()))
}

async fn count(key: &str, most: i64, window_s: i64) -> Result<Option<u32>, ApiError> {
    let (most_text, window_ms) = (most.to_string(), (window_s * 1000).to_string());
    let args = [most_text.as_bytes(), window_ms.as_bytes()];
    let reply = Redis::events().await?.eval(ONCE_MORE, &[key], &args).await?;
    let [RedisResult::Int64(before), RedisResult::Int64(ttl_ms)] = reply.as_slice() else {
        return Err(ApiError::defect("the counting script answered something else than two integers"));
    };
    Ok(wait_s(*before, most, *ttl_ms))
}

async fn address_limit() -> Result<i64, ApiError> {
    config::number("address_limit").await
}
