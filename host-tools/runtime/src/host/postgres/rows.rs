//! Rows on their way to the guest: each column type becomes the value Spin makes of it, or `unsupported` with its raw
//! bytes. timestamptz is the error it is on Spin, so that nobody comes to rely on it here.

use super::error::text;
use super::range;
use crate::bindings::spin::postgres::postgres::{Column, DbDataType, DbValue, Error, Interval};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;
use std::error::Error as StdError;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type, WrongType};
use uuid::Uuid;

type Failure = Box<dyn StdError + Sync + Send>;

/// The columns as the guest sees them.
pub fn columns(columns: &[tokio_postgres::Column]) -> Vec<Column> {
    columns
        .iter()
        .map(|column| Column { name: column.name().to_owned(), data_type: data_type(column.type_()) })
        .collect()
}

fn data_type(ty: &Type) -> DbDataType {
    match *ty {
        Type::BOOL => DbDataType::Boolean,
        Type::INT2 => DbDataType::Int16,
        Type::INT4 => DbDataType::Int32,
        Type::INT8 => DbDataType::Int64,
        Type::FLOAT4 => DbDataType::Floating32,
        Type::FLOAT8 => DbDataType::Floating64,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => DbDataType::Str,
        Type::BYTEA => DbDataType::Binary,
        Type::DATE => DbDataType::Date,
        Type::TIME => DbDataType::Time,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => DbDataType::Datetime,
        Type::UUID => DbDataType::Uuid,
        Type::JSONB => DbDataType::Jsonb,
        Type::NUMERIC => DbDataType::Decimal,
        Type::INT4_RANGE => DbDataType::RangeInt32,
        Type::INT8_RANGE => DbDataType::RangeInt64,
        Type::NUM_RANGE => DbDataType::RangeDecimal,
        Type::INT4_ARRAY => DbDataType::ArrayInt32,
        Type::INT8_ARRAY => DbDataType::ArrayInt64,
        Type::NUMERIC_ARRAY => DbDataType::ArrayDecimal,
        Type::TEXT_ARRAY => DbDataType::ArrayStr,
        Type::INTERVAL => DbDataType::Interval,
        _ => DbDataType::Other(ty.name().to_owned()),
    }
}

/// One row's values; the error names the column that cannot be read.
pub fn values(row: &Row) -> Result<Vec<DbValue>, Error> {
    row.columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let raw: Option<Raw<'_>> =
                row.try_get(index).map_err(|e| text(format!("cannot read column {}: {e}", column.name())))?;
            let value = match (column.type_(), raw) {
                // The driver looks at the type before the value: a null is as unreadable as a time.
                (ty @ &Type::TIMESTAMPTZ, _) => Err(WrongType::new::<NaiveDateTime>(ty.clone()).into()),
                (_, None) => Ok(DbValue::DbNull),
                (ty, Some(Raw(bytes))) => value(ty, bytes),
            };
            value.map_err(|e| text(format!("error deserializing column {index} ({}): {e}", column.name())))
        })
        .collect()
}

/// About how much memory the row takes.
pub fn size(row: &[DbValue]) -> usize {
    let texts = |list: &[Option<String>]| list.iter().flatten().map(String::len).sum::<usize>() + size_of_val(list);
    let beside = |value: &DbValue| match value {
        DbValue::Str(text) | DbValue::Uuid(text) | DbValue::Decimal(text) => text.len(),
        DbValue::Binary(bytes) | DbValue::Jsonb(bytes) | DbValue::Unsupported(bytes) => bytes.len(),
        DbValue::ArrayInt32(list) => size_of_val(list.as_slice()),
        DbValue::ArrayInt64(list) => size_of_val(list.as_slice()),
        DbValue::ArrayDecimal(list) | DbValue::ArrayStr(list) => texts(list),
        _ => 0,
    };
    size_of_val(row) + row.iter().map(beside).sum::<usize>()
}

/// A value's bytes, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn value(ty: &Type, raw: &[u8]) -> Result<DbValue, Failure> {
    Ok(match *ty {
        Type::BOOL => DbValue::Boolean(FromSql::from_sql(ty, raw)?),
        Type::INT2 => DbValue::Int16(FromSql::from_sql(ty, raw)?),
        Type::INT4 => DbValue::Int32(FromSql::from_sql(ty, raw)?),
        Type::INT8 => DbValue::Int64(FromSql::from_sql(ty, raw)?),
        Type::FLOAT4 => DbValue::Floating32(FromSql::from_sql(ty, raw)?),
        Type::FLOAT8 => DbValue::Floating64(FromSql::from_sql(ty, raw)?),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR => DbValue::Str(FromSql::from_sql(ty, raw)?),
        Type::BYTEA => DbValue::Binary(raw.to_vec()),
        Type::DATE => DbValue::Date(date_parts(NaiveDate::from_sql(ty, raw)?)),
        Type::TIME => DbValue::Time(time_parts(NaiveTime::from_sql(ty, raw)?)),
        Type::TIMESTAMP => {
            let at = NaiveDateTime::from_sql(ty, raw)?;
            let ((year, month, day), (hour, minute, second, nanos)) = (date_parts(at.date()), time_parts(at.time()));
            DbValue::Datetime((year, month, day, hour, minute, second, nanos))
        }
        Type::UUID => DbValue::Uuid(Uuid::from_sql(ty, raw)?.to_string()),
        Type::JSONB => match raw.split_first() {
            Some((1, json)) => DbValue::Jsonb(json.to_vec()),
            _ => return Err("unsupported JSONB encoding".into()),
        },
        Type::NUMERIC => DbValue::Decimal(Decimal::from_sql(ty, raw)?.to_string()),
        Type::INT4_RANGE => {
            let range = range::from_sql(raw, &Type::INT4)?;
            DbValue::RangeInt32((range.lower, range.upper))
        }
        Type::INT8_RANGE => {
            let range = range::from_sql(raw, &Type::INT8)?;
            DbValue::RangeInt64((range.lower, range.upper))
        }
        Type::NUM_RANGE => {
            let range = range::from_sql::<Decimal>(raw, &Type::NUMERIC)?;
            let text = |bound: range::Bound<Decimal>| bound.map(|(value, kind)| (value.to_string(), kind));
            DbValue::RangeDecimal((text(range.lower), text(range.upper)))
        }
        Type::INT4_ARRAY => DbValue::ArrayInt32(FromSql::from_sql(ty, raw)?),
        Type::INT8_ARRAY => DbValue::ArrayInt64(FromSql::from_sql(ty, raw)?),
        Type::NUMERIC_ARRAY => {
            let values: Vec<Option<Decimal>> = FromSql::from_sql(ty, raw)?;
            DbValue::ArrayDecimal(values.into_iter().map(|v| v.map(|v| v.to_string())).collect())
        }
        Type::TEXT_ARRAY => DbValue::ArrayStr(FromSql::from_sql(ty, raw)?),
        Type::INTERVAL => DbValue::Interval(interval(raw)?),
        _ => DbValue::Unsupported(raw.to_vec()),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "months and days are at most 31")]
fn date_parts(date: NaiveDate) -> (i32, u8, u8) {
    (date.year(), date.month() as u8, date.day() as u8)
}

#[expect(clippy::cast_possible_truncation, reason = "hours, minutes and seconds are at most 59")]
fn time_parts(time: NaiveTime) -> (u8, u8, u8, u32) {
    (time.hour() as u8, time.minute() as u8, time.second() as u8, time.nanosecond())
}

fn interval(raw: &[u8]) -> Result<Interval, Failure> {
    let part = |from: usize, to: usize| raw.get(from..to).ok_or("an interval is 16 bytes");
    Ok(Interval {
        micros: i64::from_be_bytes(part(0, 8)?.try_into()?),
        days: i32::from_be_bytes(part(8, 12)?.try_into()?),
        months: i32::from_be_bytes(part(12, 16)?.try_into()?),
    })
}
