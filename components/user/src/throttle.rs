//! Counts wrong passwords per account in Redis and refuses further tries for a while. Right passwords are not counted.
//!
//! The count is looked at before the password is verified and again after: of many guesses sent at once none is told
//! that it was right once too many were wrong. When Redis is away sign-in answers 503: no guessing meanwhile.

use crate::domain::throttle::{MAX_FAILURES, WINDOW_S, key, wait_s};
use souk_core::email::Email;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::redis::{Redis, RedisResult};

/// KEYS: the count. ARGV: what happened, the most failures, the window in milliseconds.
const SCRIPT: &str = r"
local failures = tonumber(redis.call('GET', KEYS[1]) or '0')
if ARGV[1] == 'failed' then
  failures = redis.call('INCR', KEYS[1])
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
elseif ARGV[1] == 'passed' and failures < tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
end
return {failures, redis.call('PTTL', KEYS[1])}
";

/// What happened to a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The password is about to be verified.
    Begin,
    /// It was wrong, or there is no such account.
    Failed,
    /// It was right.
    Passed,
}

/// Records the moment; 429 when there were too many failures.
pub async fn allow(email: &Email, moment: Moment) -> Result<(), ApiError> {
    let word: &[u8] = match moment {
        Moment::Begin => b"begin",
        Moment::Failed => b"failed",
        Moment::Passed => b"passed",
    };
    let (most, window_ms) = (MAX_FAILURES.to_string(), (WINDOW_S * 1000).to_string());
    let reply =
        Redis::events().await?.eval(SCRIPT, &[&key(email)], &[word, most.as_bytes(), window_ms.as_bytes()]).await?;
    let [RedisResult::Int64(failures), RedisResult::Int64(ttl_ms)] = reply.as_slice() else {
        return Err(ApiError::defect("the throttle script answered something else than two integers"));
    };
    // The failure that fills the count is still told that it was one.
    let before = if moment == Moment::Failed { failures - 1 } else { *failures };
    match wait_s(before, *ttl_ms) {
        None => Ok(()),
        Some(seconds) => Err(Problem::too_many_requests(seconds).into()),
    }
}
