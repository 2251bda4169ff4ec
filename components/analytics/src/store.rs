//! All SQL of the service. Reports come out of Postgres as finished JSON documents.

use crate::domain::{exposition::Total, period::Period};
use souk_core::event::{Event, batch_json};
use souk_host::db::{Db, DbError, p};

/// Inbox entries that one clean-up removes.
const FORGET_BATCH: i32 = 1000;

/// Counts events, each at most once.
pub async fn apply_events(batch: &[Event]) -> Result<(), DbError> {
    let params = vec![p::raw_json(&batch_json(batch))];
    Db::connect().await?.rows("SELECT apply_events($1)", params).await.map(drop)
}

/// Removes inbox entries that are older than any redelivery.
pub async fn forget_old_events() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT forget_old_events($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// The figures of a period.
pub async fn summary(period: Period) -> Result<String, DbError> {
    report("SELECT report_summary(to_timestamp($1::bigint), to_timestamp($2::bigint))", bounds(period)).await
}

/// The figures of each hour or day of a period; `width` is `hour` or `day`.
pub async fn sales(width: &str, period: Period) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.push(p::text(width));
    report("SELECT report_sales($3, to_timestamp($1::bigint), to_timestamp($2::bigint))", params).await
}

/// What sold best in a period of whole days.
pub async fn top_products(period: Period, limit: u32) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.push(p::int(i64::from(limit)));
    let sql = "SELECT report_top_products((to_timestamp($1::bigint) AT TIME ZONE 'UTC')::date, \
                                          (to_timestamp($2::bigint) AT TIME ZONE 'UTC')::date, $3::bigint::int)";
    report(sql, params).await
}

/// How far the orders of a period came.
pub async fn funnel(period: Period) -> Result<String, DbError> {
    report("SELECT report_funnel(to_timestamp($1::bigint), to_timestamp($2::bigint))", bounds(period)).await
}

/// All sums since the beginning.
pub async fn totals() -> Result<Vec<Total>, DbError> {
    let sql = "SELECT metric, label, currency, events, units, amount_minor FROM totals \
               ORDER BY metric, label, currency";
    let rows = Db::connect().await?.rows(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Total {
                metric: row.text(0)?,
                label: row.text(1)?,
                currency: row.text(2)?,
                events: row.int(3)?,
                units: row.int(4)?,
                amount_minor: row.int(5)?,
            })
        })
        .collect()
}

fn bounds(period: Period) -> Vec<p::ParameterValue> {
    vec![p::int(period.from_s), p::int(period.until_s)]
}

async fn report(sql: &str, params: Vec<p::ParameterValue>) -> Result<String, DbError> {
    let document = Db::connect().await?.json(sql, params).await?;
    document.ok_or_else(|| DbError::Other("a report came out empty".to_owned()))
}
