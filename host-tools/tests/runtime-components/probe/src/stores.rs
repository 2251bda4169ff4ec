//! Variables and Redis.

use crate::{Answer, body_json, other, render, text};
use serde_json::{Value, json};
use spin_sdk::http::Request;
use spin_sdk::redis::{Connection, Error, RedisParameter, RedisResult};
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static CACHED: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

pub async fn variable(name: &str) -> Answer {
    match spin_sdk::variables::get(name).await {
        Ok(value) => text(value),
        Err(error) => text(format!("{error:?}")),
    }
}

async fn address() -> Result<String, Error> {
    spin_sdk::variables::get("redis_url").await.map_err(|error| Error::Other(format!("{error:?}")))
}

/// Counts up `key`.
pub async fn count(key: &str) -> Result<i64, Error> {
    Connection::open(address().await?).await?.incr(key).await
}

/// Appends to the list `key`.
pub async fn append(key: &str, value: &str) -> Result<(), Error> {
    let parameters = [key, value].map(|text| RedisParameter::Binary(text.as_bytes().to_vec()));
    Connection::open(address().await?).await?.execute("RPUSH", parameters).await.map(drop)
}

/// One GET over a connection that the instance keeps, for measurements.
pub async fn get() -> Answer {
    let cached = CACHED.with(|cached| cached.borrow().clone());
    let connection = match cached {
        Some(connection) => connection,
        None => {
            let connection = Rc::new(Connection::open(address().await.map_err(failed)?).await.map_err(failed)?);
            CACHED.with(|cached| *cached.borrow_mut() = Some(connection.clone()));
            connection
        }
    };
    match connection.get("bench").await {
        Ok(value) => text(String::from_utf8_lossy(&value.unwrap_or_default()).into_owned()),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: Error) -> spin_sdk::http::Error {
    other(format!("{error:?}"))
}

/// Runs what the body asks for: `{"op": "get", "key": ...}` and its relatives, or `{"command": ..., "args": [...]}`.
pub async fn redis(request: Request) -> Answer {
    let body = body_json(request).await?;
    let address = match body["address"].as_str() {
        Some(address) => address.to_owned(),
        None => address().await.map_err(failed)?,
    };
    let result = match Connection::open(address).await {
        Ok(connection) => operation(&connection, &body).await,
        Err(error) => Err(error),
    };
    render(&match result {
        Ok(value) => json!({ "ok": value }),
        Err(Error::InvalidAddress) => json!({ "error": "invalid-address" }),
        Err(Error::TooManyConnections) => json!({ "error": "too-many-connections" }),
        Err(Error::TypeError) => json!({ "error": "type-error" }),
        Err(Error::Other(text)) => json!({ "error": "other", "text": text }),
    })
}

async fn operation(connection: &Connection, body: &Value) -> Result<Value, Error> {
    let key = body["key"].as_str().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let values: Vec<String> = body["values"].as_array().into_iter().flatten().map(text).collect();
    Ok(match body["op"].as_str().unwrap_or("execute") {
        "get" => json!(connection.get(key).await?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())),
        "set" => {
            connection.set(key, text(&body["value"]).as_bytes()).await?;
            Value::Null
        }
        "publish" => {
            connection.publish(key, text(&body["value"]).as_bytes()).await?;
            Value::Null
        }
        "incr" => json!(connection.incr(key).await?),
        "del" => json!(connection.del([key]).await?),
        "sadd" => json!(connection.sadd(key, values).await?),
        "srem" => json!(connection.srem(key, values).await?),
        "smembers" => {
            let mut members = connection.smembers(key).await?;
            members.sort();
            json!(members)
        }
        _ => {
            let arguments: Vec<RedisParameter> = body["args"].as_array().into_iter().flatten().map(parameter).collect();
            let results = connection.execute(body["command"].as_str().unwrap_or_default(), arguments).await?;
            results.into_iter().map(result).collect()
        }
    })
}

fn parameter(value: &Value) -> RedisParameter {
    match value.as_i64() {
        Some(number) => RedisParameter::Int64(number),
        None => RedisParameter::Binary(value.as_str().unwrap_or_default().as_bytes().to_vec()),
    }
}

fn result(result: RedisResult) -> Value {
    match result {
        RedisResult::Nil => json!("nil"),
        RedisResult::Status(text) => json!({ "status": text }),
        RedisResult::Int64(number) => json!({ "int": number }),
        RedisResult::Binary(bytes) => json!({ "bin": String::from_utf8_lossy(&bytes) }),
    }
}
