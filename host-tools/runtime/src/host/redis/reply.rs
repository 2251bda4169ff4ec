//! What `execute` may send and how its replies look to the guest.

use crate::bindings::spin::redis::redis::{Error, RedisParameter, RedisResult};
use redis::Value;

/// Commands that change or hold up a connection that everybody shares.
const REFUSED: [&str; 39] = [
    "ASKING",
    "AUTH",
    "BLMOVE",
    "BLMPOP",
    "BLPOP",
    "BRPOP",
    "BRPOPLPUSH",
    "BZMPOP",
    "BZPOPMAX",
    "BZPOPMIN",
    "CLIENT",
    "DISCARD",
    "EXEC",
    "FAILOVER",
    "HELLO",
    "MIGRATE",
    "MONITOR",
    "MULTI",
    "PSUBSCRIBE",
    "PSYNC",
    "PUNSUBSCRIBE",
    "QUIT",
    "READONLY",
    "READWRITE",
    "REPLCONF",
    "RESET",
    "SELECT",
    "SHUTDOWN",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "SWAPDB",
    "SYNC",
    "UNSUBSCRIBE",
    "UNWATCH",
    "WAIT",
    "WAITAOF",
    "WATCH",
    "DEBUG",
];

/// Refuses a command that the shared connection cannot carry.
pub fn check_command(command: &str, arguments: &[RedisParameter]) -> Result<(), String> {
    let name = command.to_ascii_uppercase();
    if REFUSED.contains(&name.as_str()) {
        return Err(format!("{name} is not supported: all instances share one Redis connection"));
    }
    let blocks = |argument: &RedisParameter| match argument {
        RedisParameter::Binary(bytes) => bytes.eq_ignore_ascii_case(b"BLOCK"),
        RedisParameter::Int64(_) => false,
    };
    // BLOCK stands before STREAMS; what comes after are stream names and ids.
    let streams = |argument: &RedisParameter| match argument {
        RedisParameter::Binary(bytes) => bytes.eq_ignore_ascii_case(b"STREAMS"),
        RedisParameter::Int64(_) => false,
    };
    if matches!(name.as_str(), "XREAD" | "XREADGROUP") && arguments.iter().take_while(|a| !streams(a)).any(blocks) {
        return Err(format!("{name} with BLOCK is not supported: all instances share one Redis connection"));
    }
    Ok(())
}

/// About how much memory the reply takes.
pub fn size(value: &Value) -> usize {
    let all = |values: &[Value]| values.iter().map(size).sum::<usize>();
    size_of::<Value>()
        + match value {
            Value::BulkString(bytes) => bytes.len(),
            Value::SimpleString(text) | Value::VerbatimString { text, .. } => text.len(),
            Value::Array(values) | Value::Set(values) => all(values),
            Value::Map(pairs) => pairs.iter().map(|(key, value)| size(key) + size(value)).sum(),
            Value::Attribute { data, .. } => size(data),
            _ => 0,
        }
}

/// A reply as Spin gives it to the guest: nested lists at every level become one list.
pub fn flatten(value: Value) -> Result<Vec<RedisResult>, Error> {
    let mut out = Vec::new();
    push(value, &mut out)?;
    Ok(out)
}

fn push(value: Value, out: &mut Vec<RedisResult>) -> Result<(), Error> {
    match value {
        Value::Nil => out.push(RedisResult::Nil),
        Value::Int(value) => out.push(RedisResult::Int64(value)),
        Value::BulkString(bytes) => out.push(RedisResult::Binary(bytes)),
        Value::SimpleString(text) => out.push(RedisResult::Status(text)),
        Value::Okay => out.push(RedisResult::Status("OK".to_owned())),
        Value::Array(values) | Value::Set(values) => {
            for value in values {
                push(value, out)?;
            }
        }
        Value::Map(pairs) => {
            for (key, value) in pairs {
                push(key, out)?;
                push(value, out)?;
            }
        }
        Value::Attribute { data, .. } => push(*data, out)?,
        Value::Double(value) => out.push(RedisResult::Binary(value.to_string().into_bytes())),
        Value::Boolean(value) => out.push(RedisResult::Int64(value.into())),
        Value::VerbatimString { text, .. } => out.push(RedisResult::Binary(text.into_bytes())),
        Value::ServerError(error) => return Err(Error::Other(error.to_string())),
        other => return Err(Error::Other(format!("unsupported reply {}", kind(&other)))),
    }
    Ok(())
}

/// The reply's kind without its contents, which may be private.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::BigNumber(_) => "big number",
        Value::Push { .. } => "push",
        _ => "of an unknown kind",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_lists_become_one() {
        let reply = Value::Array(vec![
            Value::Int(1),
            Value::Array(vec![Value::Int(2), Value::BulkString(b"x".to_vec())]),
            Value::Nil,
            Value::Okay,
        ]);
        let flat = format!("{:?}", flatten(reply).unwrap());
        assert_eq!(
            flat,
            "[RedisResult::Int64(1), RedisResult::Int64(2), RedisResult::Binary([120]), RedisResult::Nil, \
             RedisResult::Status(\"OK\")]"
        );
    }

    #[test]
    fn commands_that_hold_the_shared_connection_are_refused() {
        let bin = |text: &str| RedisParameter::Binary(text.as_bytes().to_vec());
        assert!(check_command("subscribe", &[bin("c")]).is_err());
        assert!(check_command("MULTI", &[]).is_err());
        assert!(check_command("XREAD", &[bin("block"), bin("0"), bin("STREAMS"), bin("s"), bin("$")]).is_err());
        assert!(check_command("XREAD", &[bin("STREAMS"), bin("block"), bin("0")]).is_ok());
        assert!(check_command("XREADGROUP", &[bin("GROUP"), bin("g"), bin("c"), bin("STREAMS"), bin("s")]).is_ok());
    }
}
