//! Statement parameters. Spin checks types strictly: `int` fits int8 only, `text` fits text only (cast in SQL for
//! enums and the like), `json` fits jsonb only.

use serde::Serialize;
pub use spin_sdk::pg::ParameterValue;
use uuid::Uuid;

/// A text parameter.
pub fn text(value: &str) -> ParameterValue {
    ParameterValue::Str(value.to_owned())
}

/// A text parameter or null.
pub fn opt_text(value: Option<&str>) -> ParameterValue {
    value.map_or(ParameterValue::DbNull, text)
}

/// An int8 parameter.
pub fn int(value: i64) -> ParameterValue {
    ParameterValue::Int64(value)
}

/// An int8 parameter or null.
pub fn opt_int(value: Option<i64>) -> ParameterValue {
    value.map_or(ParameterValue::DbNull, int)
}

/// An int4 parameter.
pub fn int4(value: i32) -> ParameterValue {
    ParameterValue::Int32(value)
}

/// A bool parameter.
pub fn bool(value: bool) -> ParameterValue {
    ParameterValue::Boolean(value)
}

/// A uuid parameter.
pub fn uuid(value: Uuid) -> ParameterValue {
    ParameterValue::Uuid(value.to_string())
}

/// A uuid parameter or null.
pub fn opt_uuid(value: Option<Uuid>) -> ParameterValue {
    value.map_or(ParameterValue::DbNull, uuid)
}

/// A bytea parameter.
pub fn bytes(value: &[u8]) -> ParameterValue {
    ParameterValue::Binary(value.to_vec())
}

/// A jsonb parameter; null when `value` cannot be written as JSON.
pub fn json(value: &impl Serialize) -> ParameterValue {
    serde_json::to_vec(value).map_or(ParameterValue::DbNull, ParameterValue::Jsonb)
}

/// A jsonb parameter from JSON text.
pub fn raw_json(value: &str) -> ParameterValue {
    ParameterValue::Jsonb(value.as_bytes().to_vec())
}

/// A text[] parameter; for uuids cast `($1::text[])::uuid[]`.
pub fn text_array<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> ParameterValue {
    ParameterValue::ArrayStr(values.into_iter().map(|value| Some(value.as_ref().to_owned())).collect())
}

/// An int8[] parameter.
pub fn int_array(values: impl IntoIterator<Item = i64>) -> ParameterValue {
    ParameterValue::ArrayInt64(values.into_iter().map(Some).collect())
}

/// Null of any type.
pub fn null() -> ParameterValue {
    ParameterValue::DbNull
}
