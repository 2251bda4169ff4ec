//! Redis: the event streams (variable `redis_url`) and the cache (variable `cache_url`).
//!
//! One connection per instance and address, opened on first use and again after an error.

use crate::config;
use send_wrapper::SendWrapper;
use spin_sdk::redis::Connection;
pub use spin_sdk::redis::{RedisParameter, RedisResult};
use std::{cell::RefCell, collections::HashMap, future::Future, rc::Rc};

thread_local! {
    static CONNECTIONS: RefCell<HashMap<&'static str, Rc<Connection>>> = RefCell::new(HashMap::new());
}

/// A failed command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisError {
    /// The server is away or did not answer. The text is for the log only.
    #[error("redis unavailable: {0}")]
    Unavailable(String),
    /// The server refused the command; begins with its error word, as in `NOGROUP`.
    #[error("redis refused: {0}")]
    Refused(String),
}

impl RedisError {
    /// Whether the server answered with the error word `word`.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Self::Refused(text) if text.starts_with(word))
    }
}

impl From<spin_sdk::redis::Error> for RedisError {
    fn from(error: spin_sdk::redis::Error) -> Self {
        match error {
            spin_sdk::redis::Error::Other(text) => sort(&text),
            spin_sdk::redis::Error::TypeError => Self::Refused("WRONGTYPE".to_owned()),
            other => Self::Unavailable(format!("{other:?}")),
        }
    }
}

/// Server errors begin with an upper-case word; everything else is about the connection.
fn sort(text: &str) -> RedisError {
    let text = text.lines().next().unwrap_or_default();
    let word = text.split([':', ' ']).next().unwrap_or_default();
    let is_server_error = word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    // LOADING and READONLY mean "later" or "elsewhere", not that the command is wrong.
    if is_server_error && !matches!(word, "LOADING" | "READONLY" | "MASTERDOWN" | "TRYAGAIN" | "CLUSTERDOWN") {
        RedisError::Refused(text.to_owned())
    } else {
        RedisError::Unavailable(text.chars().take(200).collect())
    }
}

/// A handle on one Redis; costs nothing to copy.
#[derive(Debug, Clone, Copy)]
pub struct Redis {
    variable: &'static str,
}

impl Redis {
    /// The Redis of the event streams.
    pub async fn events() -> Result<Self, RedisError> {
        Self::open("redis_url").await
    }

    /// The Redis of the cache, which may lose everything at any time.
    pub async fn cache() -> Result<Self, RedisError> {
        Self::open("cache_url").await
    }

    fn open(variable: &'static str) -> impl Future<Output = Result<Self, RedisError>> + Send {
        SendWrapper::new(async move {
            connection(variable).await?;
            Ok(Self { variable })
        })
    }

    /// The value of `key`.
    pub fn get(self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, RedisError>> + Send {
        let key = key.to_owned();
        SendWrapper::new(async move {
            let outcome = connection(self.variable).await?.get(key).await;
            outcome.map_err(|error| self.forget(error))
        })
    }

    /// Sets `key` for `ttl_s` seconds.
    pub async fn set_ex(self, key: &str, value: &[u8], ttl_s: u32) -> Result<(), RedisError> {
        let args = [text(key), RedisParameter::Binary(value.to_vec()), text("EX"), number(i64::from(ttl_s))];
        self.command("SET", args).await.map(drop)
    }

    /// Deletes `keys`.
    pub async fn del(self, keys: &[String]) -> Result<(), RedisError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.command("DEL", keys.iter().map(|key| text(key))).await.map(drop)
    }

    /// Publishes on a channel.
    pub async fn publish(self, channel: &str, message: &str) -> Result<(), RedisError> {
        self.command("PUBLISH", [text(channel), text(message)]).await.map(drop)
    }

    /// Runs a Lua script; the reply is flattened at every level.
    pub async fn eval(self, script: &str, keys: &[&str], args: &[&[u8]]) -> Result<Vec<RedisResult>, RedisError> {
        let mut params = vec![text(script), number(i64::try_from(keys.len()).unwrap_or(0))];
        params.extend(keys.iter().map(|key| text(key)));
        params.extend(args.iter().map(|arg| RedisParameter::Binary(arg.to_vec())));
        self.command("EVAL", params).await
    }

    /// Runs any command; the reply is flattened at every level.
    pub fn command(
        self,
        name: &str,
        args: impl IntoIterator<Item = RedisParameter>,
    ) -> impl Future<Output = Result<Vec<RedisResult>, RedisError>> + Send {
        let (name, args) = (name.to_owned(), args.into_iter().collect::<Vec<_>>());
        SendWrapper::new(async move {
            let outcome = connection(self.variable).await?.execute(name, args).await;
            outcome.map_err(|error| self.forget(error))
        })
    }

    fn forget(self, error: spin_sdk::redis::Error) -> RedisError {
        let error = RedisError::from(error);
        if matches!(error, RedisError::Unavailable(_)) {
            CONNECTIONS.with_borrow_mut(|open| open.remove(self.variable));
        }
        error
    }
}

/// A text argument of [`Redis::command`].
pub fn text(value: &str) -> RedisParameter {
    RedisParameter::Binary(value.as_bytes().to_vec())
}

/// An integer argument of [`Redis::command`].
pub fn number(value: i64) -> RedisParameter {
    RedisParameter::Int64(value)
}

async fn connection(variable: &'static str) -> Result<Rc<Connection>, RedisError> {
    if let Some(open) = CONNECTIONS.with_borrow(|open| open.get(variable).cloned()) {
        return Ok(open);
    }
    let url = config::get(variable).await.map_err(|_| RedisError::Unavailable(format!("{variable} is missing")))?;
    let opened = Rc::new(Connection::open(url).await?);
    CONNECTIONS.with_borrow_mut(|open| open.insert(variable, Rc::clone(&opened)));
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_and_outages_are_told_apart() {
        assert!(sort("NOGROUP: No such key 'souk:order'").is("NOGROUP"));
        assert!(sort("WRONGTYPE: Operation against a key").is("WRONGTYPE"));
        for outage in ["Connection refused (os error 111)", "broken pipe", "LOADING: Redis is loading", "timed out"] {
            assert!(matches!(sort(outage), RedisError::Unavailable(_)), "{outage}");
        }
    }
}
