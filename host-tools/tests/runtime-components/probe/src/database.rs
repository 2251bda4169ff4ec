//! Postgres: any statement with any parameters, and the result or the error in full.

use crate::{Answer, body_json, other, render};
use serde_json::{Value, json};
use spin_sdk::http::Request;
use spin_sdk::pg::wit::postgres::{Connection as SyncConnection, ConnectionBuilder};
use spin_sdk::pg::{
    Column, Connection, DbDataType, DbError, DbValue, Interval, OpenOptions, ParameterValue, PgError, QueryError,
    RangeBoundKind,
};
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static CACHED: RefCell<Option<Rc<Connection>>> = const { RefCell::new(None) };
}

async fn address() -> Result<String, spin_sdk::http::Error> {
    spin_sdk::variables::get("pg_url").await.map_err(|error| other(format!("{error:?}")))
}

async fn open(address: &str) -> Result<Connection, PgError> {
    Connection::open(address).await.map_err(inner)
}

fn inner(error: spin_sdk::pg::Error) -> PgError {
    match error {
        spin_sdk::pg::Error::PgError(error) => error,
        error => PgError::Other(error.to_string()),
    }
}

/// Runs `{"sql": ..., "params": [{"int32": 1}, ...], "mode": "query" | "execute"}`, or a list of such statements under
/// `statements`, over one connection: with the interface's asynchronous functions, or with `"sync": true` with the others.
/// `"ca_root"` opens it with a certificate.
pub async fn run(request: Request) -> Answer {
    let body = body_json(request).await?;
    let address = match body["address"].as_str() {
        Some(address) => address.to_owned(),
        None => address().await?,
    };
    if body["sync"] == true {
        return run_sync(&body, &address);
    }
    let opened = match body["ca_root"].as_str() {
        Some(ca_root) => {
            let ca_root = Some(spin_sdk::pg::Certificate::Text(ca_root.to_owned()));
            Connection::open_with_options(&address, OpenOptions { ca_root }).await.map_err(inner)
        }
        None => open(&address).await,
    };
    let connection = match opened {
        Ok(connection) => connection,
        Err(error) => return render(&json!({ "open": show_error(&error) })),
    };
    let Some(statements) = body["statements"].as_array() else {
        return render(&statement(&connection, &body).await?);
    };
    let mut results = Vec::new();
    for item in statements {
        results.push(statement(&connection, item).await?);
    }
    render(&Value::Array(results))
}

async fn statement(connection: &Connection, body: &Value) -> Result<Value, spin_sdk::http::Error> {
    let sql = body["sql"].as_str().unwrap_or_default();
    let params = parameters(body)?;
    Ok(match body["mode"].as_str().unwrap_or("query") {
        "execute" => match connection.execute(sql, params).await.map_err(inner) {
            Ok(count) => json!({ "count": count }),
            Err(error) => json!({ "execute": show_error(&error) }),
        },
        _ => match connection.query(sql, params).await.map_err(inner) {
            Ok(mut result) => {
                let columns = show_columns(result.columns());
                let limit = body["take"].as_u64().unwrap_or(u64::MAX);
                let (mut rows, mut seen) = (Vec::new(), 0_u64);
                while let Some(row) = result.rows().next().await {
                    seen += 1;
                    if rows.len() < 20 {
                        rows.push(row.iter().map(show).collect::<Value>());
                    }
                    if seen == limit {
                        return Ok(json!({ "columns": columns, "rows": rows, "taken": seen }));
                    }
                }
                match result.result().await.map_err(inner) {
                    Ok(()) => json!({ "columns": columns, "rows": rows, "count": seen }),
                    Err(error) => json!({ "columns": columns, "rows": rows, "result": show_error(&error) }),
                }
            }
            Err(error) => json!({ "query": show_error(&error) }),
        },
    })
}

/// One statement with the synchronous functions; `"builder": true` opens the connection by way of a builder.
fn run_sync(body: &Value, address: &str) -> Answer {
    let opened =
        if body["builder"] == true { ConnectionBuilder::new(address).build() } else { SyncConnection::open(address) };
    let connection = match opened {
        Ok(connection) => connection,
        Err(error) => return render(&json!({ "open": show_error(&error) })),
    };
    let (sql, params) = (body["sql"].as_str().unwrap_or_default(), parameters(body)?);
    render(&match body["mode"].as_str() {
        Some("execute") => match connection.execute(sql, &params) {
            Ok(count) => json!({ "count": count }),
            Err(error) => json!({ "execute": show_error(&error) }),
        },
        _ => match connection.query(sql, &params) {
            Ok(set) => {
                let rows: Vec<Value> = set.rows.iter().take(20).map(|row| row.iter().map(show).collect()).collect();
                json!({ "columns": show_columns(&set.columns), "rows": rows, "count": set.rows.len() })
            }
            Err(error) => json!({ "query": show_error(&error) }),
        },
    })
}

fn parameters(body: &Value) -> Result<Vec<ParameterValue>, spin_sdk::http::Error> {
    body["params"].as_array().into_iter().flatten().map(parameter).collect()
}

fn show_columns(columns: &[Column]) -> Vec<Value> {
    columns.iter().map(|column| json!([column.name, show_type(&column.data_type)])).collect()
}

/// Traps with a transaction open.
pub async fn poison() -> Answer {
    let connection = open(&address().await?).await.map_err(|e| other(format!("{e:?}")))?;
    for sql in ["BEGIN", "INSERT INTO poison VALUES (1)"] {
        connection.execute(sql, []).await.map_err(other)?;
    }
    panic!("with a transaction open");
}

/// One indexed row over a connection that the instance keeps, for measurements.
pub async fn row() -> Answer {
    let cached = CACHED.with(|cached| cached.borrow().clone());
    let connection = match cached {
        Some(connection) => connection,
        None => {
            let connection = Rc::new(open(&address().await?).await.map_err(|e| other(format!("{e:?}")))?);
            CACHED.with(|cached| *cached.borrow_mut() = Some(connection.clone()));
            connection
        }
    };
    let result = connection.query("SELECT id, name FROM bench WHERE id = $1", [ParameterValue::Int32(7)]);
    let rows = result.await.map_err(other)?.collect().await.map_err(other)?;
    let name = rows.first().and_then(|row| row.get::<String>("name"));
    crate::text(name.unwrap_or_default())
}

fn parameter(value: &Value) -> Result<ParameterValue, spin_sdk::http::Error> {
    let Some((kind, value)) = value.as_object().and_then(|object| object.iter().next()) else {
        return Ok(ParameterValue::DbNull);
    };
    let text = || value.as_str().unwrap_or_default().to_owned();
    let number = || value.as_i64().unwrap_or_default();
    let parts: Vec<i64> = value.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let small = |index: usize| u8::try_from(part(index)).unwrap_or(u8::MAX);
    let list = || value.as_array().cloned().unwrap_or_default();
    Ok(match kind.as_str() {
        "boolean" => ParameterValue::Boolean(value.as_bool().unwrap_or_default()),
        "int8" => ParameterValue::Int8(i8::try_from(number()).map_err(other)?),
        "int16" => ParameterValue::Int16(i16::try_from(number()).map_err(other)?),
        "int32" => ParameterValue::Int32(i32::try_from(number()).map_err(other)?),
        "int64" => ParameterValue::Int64(number()),
        #[allow(clippy::cast_possible_truncation, reason = "tests use values that fit")]
        "floating32" => ParameterValue::Floating32(value.as_f64().unwrap_or_default() as f32),
        "floating64" => ParameterValue::Floating64(value.as_f64().unwrap_or_default()),
        "str" => ParameterValue::Str(text()),
        "binary" => ParameterValue::Binary(text().into_bytes()),
        "date" => ParameterValue::Date((i32::try_from(part(0)).map_err(other)?, small(1), small(2))),
        "time" => ParameterValue::Time((small(0), small(1), small(2), u32::try_from(part(3)).map_err(other)?)),
        "datetime" => ParameterValue::Datetime((
            i32::try_from(part(0)).map_err(other)?,
            small(1),
            small(2),
            small(3),
            small(4),
            small(5),
            u32::try_from(part(6)).map_err(other)?,
        )),
        "timestamp" => ParameterValue::Timestamp(number()),
        "uuid" => ParameterValue::Uuid(text()),
        "jsonb" => ParameterValue::Jsonb(text().into_bytes()),
        "decimal" => ParameterValue::Decimal(text()),
        "array-int32" => {
            ParameterValue::ArrayInt32(list().iter().map(|v| v.as_i64().and_then(|n| i32::try_from(n).ok())).collect())
        }
        "array-int64" => ParameterValue::ArrayInt64(list().iter().map(Value::as_i64).collect()),
        "array-decimal" => ParameterValue::ArrayDecimal(list().iter().map(|v| v.as_str().map(str::to_owned)).collect()),
        "array-str" => ParameterValue::ArrayStr(list().iter().map(|v| v.as_str().map(str::to_owned)).collect()),
        "range-int32" => ParameterValue::RangeInt32(range(value, |bound| i32::try_from(bound.as_i64()?).ok())),
        "range-int64" => ParameterValue::RangeInt64(range(value, Value::as_i64)),
        "range-decimal" => ParameterValue::RangeDecimal(range(value, |bound| bound.as_str().map(str::to_owned))),
        "interval" => ParameterValue::Interval(Interval {
            micros: part(0),
            days: i32::try_from(part(1)).map_err(other)?,
            months: i32::try_from(part(2)).map_err(other)?,
        }),
        _ => return Err(other(format!("unknown parameter kind {kind}"))),
    })
}

type Bound<T> = Option<(T, RangeBoundKind)>;

/// `[lower, upper]`, the lower one inclusive and the upper one exclusive; `"-"` is no bound.
fn range<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> (Bound<T>, Bound<T>) {
    let side = |index: usize, kind| read(&value[index]).map(|bound| (bound, kind));
    (side(0, RangeBoundKind::Inclusive), side(1, RangeBoundKind::Exclusive))
}

fn show(value: &DbValue) -> Value {
    match value {
        DbValue::Boolean(v) => json!({ "boolean": v }),
        DbValue::Int8(v) => json!({ "int8": v }),
        DbValue::Int16(v) => json!({ "int16": v }),
        DbValue::Int32(v) => json!({ "int32": v }),
        DbValue::Int64(v) => json!({ "int64": v }),
        DbValue::Floating32(v) => json!({ "floating32": v }),
        DbValue::Floating64(v) => json!({ "floating64": v }),
        DbValue::Str(v) => json!({ "str": v }),
        DbValue::Binary(v) => json!({ "binary": String::from_utf8_lossy(v) }),
        DbValue::Date(v) => json!({ "date": v }),
        DbValue::Time(v) => json!({ "time": v }),
        DbValue::Datetime(v) => json!({ "datetime": v }),
        DbValue::Timestamp(v) => json!({ "timestamp": v }),
        DbValue::Uuid(v) => json!({ "uuid": v }),
        DbValue::Jsonb(v) => json!({ "jsonb": serde_json::from_slice::<Value>(v).unwrap_or(Value::Null) }),
        DbValue::Decimal(v) => json!({ "decimal": v }),
        DbValue::RangeInt32(v) => json!({ "range-int32": format!("{v:?}") }),
        DbValue::RangeInt64(v) => json!({ "range-int64": format!("{v:?}") }),
        DbValue::RangeDecimal(v) => json!({ "range-decimal": format!("{v:?}") }),
        DbValue::ArrayInt32(v) => json!({ "array-int32": v }),
        DbValue::ArrayInt64(v) => json!({ "array-int64": v }),
        DbValue::ArrayDecimal(v) => json!({ "array-decimal": v }),
        DbValue::ArrayStr(v) => json!({ "array-str": v }),
        DbValue::Interval(v) => json!({ "interval": [v.micros, v.days, v.months] }),
        DbValue::DbNull => json!("null"),
        DbValue::Unsupported(v) => json!({ "unsupported": v.len() }),
    }
}

fn show_type(ty: &DbDataType) -> String {
    let text = format!("{ty:?}");
    text.strip_prefix("DbDataType::").unwrap_or(&text).to_owned()
}

fn show_error(error: &PgError) -> Value {
    match error {
        PgError::ConnectionFailed(text) => json!({ "connection-failed": text }),
        PgError::BadParameter(text) => json!({ "bad-parameter": text }),
        PgError::QueryFailed(QueryError::Text(text)) => json!({ "text": text }),
        PgError::QueryFailed(QueryError::DbError(error)) => show_db_error(error),
        PgError::ValueConversionFailed(text) => json!({ "value-conversion-failed": text }),
        PgError::Other(text) => json!({ "other": text }),
    }
}

fn show_db_error(error: &DbError) -> Value {
    let extras: serde_json::Map<String, Value> =
        error.extras.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    json!({
        "code": error.code,
        "severity": error.severity,
        "message": error.message,
        "detail": error.detail,
        "extras": extras,
    })
}
