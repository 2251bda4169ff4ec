//! All SQL of the service. Each change is one call of a function from the migrations, so it is one transaction.

pub mod keeping;
pub mod reading;
pub mod wishes;

use souk_core::event::{Event, batch_json};
use souk_host::{
    ApiError, config,
    db::{Db, DbError, p},
};

/// Rows of each kind that one clean-up removes.
const FORGET_BATCH: i32 = 1000;

/// At how many pieces on sale a SKU counts as low that has no threshold of its own.
pub async fn default_threshold() -> Result<i64, ApiError> {
    config::number("low_stock_threshold").await
}

/// Applies events, each at most once. Returns how many events it emitted.
pub async fn apply_events(batch: &[Event], reservation_ttl_s: i32, default_low: i64) -> Result<i64, DbError> {
    let params = vec![p::raw_json(&batch_json(batch)), p::int4(reservation_ttl_s), p::int(default_low)];
    count("SELECT apply_events($1, $2, $3)", params).await
}

/// Releases due reservations, at most `limit`. Returns how many events it emitted.
pub async fn expire_reservations(limit: i32) -> Result<i64, DbError> {
    count("SELECT expire_reservations($1)", vec![p::int4(limit)]).await
}

/// Removes inbox entries and remembered answers that are past their use.
pub async fn forget_old_requests() -> Result<(), DbError> {
    count("SELECT forget_old_requests($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// The one integer that `sql` returns.
async fn count(sql: &str, params: Vec<p::ParameterValue>) -> Result<i64, DbError> {
    let row = Db::connect().await?.one(sql, params).await?;
    row.ok_or_else(|| DbError::Other("a function gave no row".to_owned()))?.int(0)
}

/// The JSON that a SQL function answers, which always answers something.
async fn answer(sql: &str, params: Vec<p::ParameterValue>) -> Result<String, DbError> {
    let answer = Db::connect().await?.json(sql, params).await?;
    answer.ok_or_else(|| DbError::Other("a function gave no answer".to_owned()))
}
