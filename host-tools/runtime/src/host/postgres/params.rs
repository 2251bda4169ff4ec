//! Parameters on their way to Postgres. Each kind fits exactly the types that it fits on Spin; anything else is the
//! driver's "cannot convert" error, so that what runs here runs there.

use super::range::{self, Bound};
use crate::bindings::spin::postgres::postgres::{Interval, ParameterValue};
use bytes::{BufMut, BytesMut};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use std::error::Error;
use std::str::FromStr;
use tokio_postgres::types::{IsNull, ToSql, Type, WrongType, to_sql_checked};
use uuid::Uuid;

type Outcome = Result<IsNull, Box<dyn Error + Sync + Send>>;

/// A parameter in the form the driver takes.
#[derive(Debug)]
pub enum Param {
    Bool(bool),
    Char(i8),
    Int2(i16),
    Int4(i32),
    Int8(i64),
    Float4(f32),
    Float8(f64),
    Text(String),
    Bytes(Vec<u8>),
    Date(NaiveDate),
    Time(NaiveTime),
    DateTime(NaiveDateTime),
    Timestamp(DateTime<Utc>),
    Uuid(Uuid),
    Json(Vec<u8>),
    Decimal(Decimal),
    Int4Range(Bound<i32>, Bound<i32>),
    Int8Range(Bound<i64>, Bound<i64>),
    NumRange(Bound<Decimal>, Bound<Decimal>),
    Int4Array(Vec<Option<i32>>),
    Int8Array(Vec<Option<i64>>),
    NumArray(Vec<Option<Decimal>>),
    TextArray(Vec<Option<String>>),
    Interval(Interval),
    Null,
}

impl Param {
    /// Checks what can be checked without knowing the statement; the error says what is wrong with the value's form.
    pub fn from_guest(value: ParameterValue) -> Result<Self, String> {
        Ok(match value {
            ParameterValue::Boolean(v) => Self::Bool(v),
            ParameterValue::Int8(v) => Self::Char(v),
            ParameterValue::Int16(v) => Self::Int2(v),
            ParameterValue::Int32(v) => Self::Int4(v),
            ParameterValue::Int64(v) => Self::Int8(v),
            ParameterValue::Floating32(v) => Self::Float4(v),
            ParameterValue::Floating64(v) => Self::Float8(v),
            ParameterValue::Str(v) => Self::Text(v),
            ParameterValue::Binary(v) => Self::Bytes(v),
            ParameterValue::Date((year, month, day)) => Self::Date(date(year, month, day)?),
            ParameterValue::Time((hour, minute, second, nanos)) => Self::Time(time(hour, minute, second, nanos)?),
            ParameterValue::Datetime((year, month, day, hour, minute, second, nanos)) => {
                Self::DateTime(date(year, month, day)?.and_time(time(hour, minute, second, nanos)?))
            }
            ParameterValue::Timestamp(seconds) => Self::Timestamp(
                DateTime::from_timestamp(seconds, 0).ok_or_else(|| format!("timestamp {seconds} is out of range"))?,
            ),
            ParameterValue::Uuid(v) => Self::Uuid(Uuid::from_str(&v).map_err(|e| format!("invalid uuid: {e}"))?),
            ParameterValue::Jsonb(v) => {
                serde_json::from_slice::<serde::de::IgnoredAny>(&v).map_err(|e| format!("invalid json: {e}"))?;
                Self::Json(v)
            }
            ParameterValue::Decimal(v) => Self::Decimal(decimal(&v)?),
            ParameterValue::RangeInt32((lower, upper)) => Self::Int4Range(range::bound(lower), range::bound(upper)),
            ParameterValue::RangeInt64((lower, upper)) => Self::Int8Range(range::bound(lower), range::bound(upper)),
            ParameterValue::RangeDecimal((lower, upper)) => {
                let side = |bound: Option<(String, _)>| {
                    bound.map(|(value, kind)| Ok::<_, String>((decimal(&value)?, kind))).transpose().map(range::bound)
                };
                Self::NumRange(side(lower)?, side(upper)?)
            }
            ParameterValue::ArrayInt32(v) => Self::Int4Array(v),
            ParameterValue::ArrayInt64(v) => Self::Int8Array(v),
            ParameterValue::ArrayDecimal(v) => Self::NumArray(
                v.into_iter().map(|item| item.map(|text| decimal(&text)).transpose()).collect::<Result<_, _>>()?,
            ),
            ParameterValue::ArrayStr(v) => Self::TextArray(v),
            ParameterValue::Interval(v) => Self::Interval(v),
            ParameterValue::DbNull => Self::Null,
        })
    }
}

fn date(year: i32, month: u8, day: u8) -> Result<NaiveDate, String> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or_else(|| format!("invalid date {year}-{month}-{day}"))
}

fn time(hour: u8, minute: u8, second: u8, nanos: u32) -> Result<NaiveTime, String> {
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nanos)
        .ok_or_else(|| format!("invalid time {hour}:{minute}:{second}.{nanos}"))
}

fn decimal(text: &str) -> Result<Decimal, String> {
    // One with more digits than fit is an error and not rounded: it may be money.
    Decimal::from_str_exact(text).map_err(|e| format!("invalid decimal: {e}"))
}

/// Refuses the type unless it is `expected`, naming the Rust type `T` as the driver does.
fn exactly<T>(expected: Type, actual: &Type) -> Result<(), Box<dyn Error + Sync + Send>> {
    if *actual == expected { Ok(()) } else { Err(Box::new(WrongType::new::<T>(actual.clone()))) }
}

impl ToSql for Param {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Outcome {
        match self {
            Self::Bool(v) => v.to_sql_checked(ty, out),
            Self::Char(v) => v.to_sql_checked(ty, out),
            Self::Int2(v) => v.to_sql_checked(ty, out),
            Self::Int4(v) => v.to_sql_checked(ty, out),
            Self::Int8(v) => v.to_sql_checked(ty, out),
            Self::Float4(v) => v.to_sql_checked(ty, out),
            Self::Float8(v) => v.to_sql_checked(ty, out),
            Self::Text(v) => v.to_sql_checked(ty, out),
            Self::Bytes(v) => v.to_sql_checked(ty, out),
            Self::Date(v) => v.to_sql_checked(ty, out),
            Self::Time(v) => v.to_sql_checked(ty, out),
            Self::DateTime(v) => v.to_sql_checked(ty, out),
            Self::Timestamp(v) => v.to_sql_checked(ty, out),
            Self::Uuid(v) => v.to_sql_checked(ty, out),
            Self::Json(v) => {
                match *ty {
                    // The binary form of jsonb is its text after a version number.
                    Type::JSONB => out.put_u8(1),
                    Type::JSON => {}
                    _ => return Err(Box::new(WrongType::new::<serde_json::Value>(ty.clone()))),
                }
                out.put_slice(v);
                Ok(IsNull::No)
            }
            Self::Decimal(v) => v.to_sql_checked(ty, out),
            Self::Int4Range(lower, upper) => {
                exactly::<range::Range<i32>>(Type::INT4_RANGE, ty)?;
                range::to_sql(lower, upper, &Type::INT4, out)
            }
            Self::Int8Range(lower, upper) => {
                exactly::<range::Range<i64>>(Type::INT8_RANGE, ty)?;
                range::to_sql(lower, upper, &Type::INT8, out)
            }
            Self::NumRange(lower, upper) => {
                exactly::<range::Range<Decimal>>(Type::NUM_RANGE, ty)?;
                range::to_sql(lower, upper, &Type::NUMERIC, out)
            }
            Self::Int4Array(v) => v.to_sql_checked(ty, out),
            Self::Int8Array(v) => v.to_sql_checked(ty, out),
            Self::NumArray(v) => v.to_sql_checked(ty, out),
            Self::TextArray(v) => v.to_sql_checked(ty, out),
            Self::Interval(v) => {
                exactly::<Interval>(Type::INTERVAL, ty)?;
                out.put_i64(v.micros);
                out.put_i32(v.days);
                out.put_i32(v.months);
                Ok(IsNull::No)
            }
            Self::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
