//! All SQL of the service. Reports come out of Postgres as finished JSON documents.

use crate::domain::{exposition::Total, period::Period};
use souk_core::{
    event::{Event, batch_json},
    money::Currency,
};
use souk_host::db::{Db, DbError, p};

/// Inbox entries that one clean-up removes.
const FORGET_BATCH: i32 = 1000;

/// Counts events, each at most once.
pub async fn apply_events(batch: &[Event]) -> Result<(), DbError> {
    let params = vec![p::raw_json(&batch_json(batch))];
    Db::connect().await?.rows("SELECT apply_events($1)", params).await.map(drop)
}

/// Removes what guards against repeated and late events and is older than any redelivery.
pub async fn forget_old_events() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT forget_old_events($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// The figures of a period, and of the last day, week and month, with those before.
pub async fn summary(period: Period, now_s: i64) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.push(p::int(now_s));
    let sql = "SELECT report_figures(to_timestamp($1::bigint), to_timestamp($2::bigint)) \
                 || report_summary(to_timestamp($3::bigint))";
    report(sql, params).await
}

/// The figures of each bucket of a period; `by` is `hour`, `day` or `month`.
pub async fn sales(by: &str, period: Period) -> Result<String, DbError> {
    series("SELECT report_sales($3, to_timestamp($1::bigint), to_timestamp($2::bigint))", by, period).await
}

/// How the payments of each bucket of a period ended.
pub async fn payments(by: &str, period: Period) -> Result<String, DbError> {
    series("SELECT report_payments($3, to_timestamp($1::bigint), to_timestamp($2::bigint))", by, period).await
}

/// What came back in each bucket of a period.
pub async fn returns(by: &str, period: Period) -> Result<String, DbError> {
    series("SELECT report_returns($3, to_timestamp($1::bigint), to_timestamp($2::bigint), 20)", by, period).await
}

/// What sold best in a period of whole days; `sort` is `units` or `revenue`.
pub async fn top_products(
    period: Period,
    sort: &str,
    currency: Option<Currency>,
    limit: u32,
) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.extend([p::text(sort), p::opt_text(currency.as_ref().map(Currency::as_str)), p::int(i64::from(limit))]);
    let sql = "SELECT report_top_products((to_timestamp($1::bigint) AT TIME ZONE 'UTC')::date, \
                 (to_timestamp($2::bigint) AT TIME ZONE 'UTC')::date, $3, $4::text, $5::bigint::int)";
    report(sql, params).await
}

/// How far the carts and orders of a period came.
pub async fn funnel(period: Period) -> Result<String, DbError> {
    report("SELECT report_funnel(to_timestamp($1::bigint), to_timestamp($2::bigint))", bounds(period)).await
}

/// What was out of stock in a period, as far as it has passed.
pub async fn stock_outs(period: Period, now_s: i64, limit: u32) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.extend([p::int(now_s), p::int(i64::from(limit))]);
    let sql = "SELECT report_stock_outs(to_timestamp($1::bigint), to_timestamp($2::bigint), to_timestamp($3::bigint), \
                 $4::bigint::int)";
    report(sql, params).await
}

/// Who came back, of those who first bought in a period of whole months.
pub async fn cohorts(period: Period) -> Result<String, DbError> {
    let sql = "SELECT report_cohorts((to_timestamp($1::bigint) AT TIME ZONE 'UTC')::date, \
                 (to_timestamp($2::bigint) AT TIME ZONE 'UTC')::date)";
    report(sql, bounds(period)).await
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

async fn series(sql: &str, by: &str, period: Period) -> Result<String, DbError> {
    let mut params = bounds(period);
    params.push(p::text(by));
    report(sql, params).await
}

async fn report(sql: &str, params: Vec<p::ParameterValue>) -> Result<String, DbError> {
    let document = Db::connect().await?.json(sql, params).await?;
    document.ok_or_else(|| DbError::Other("a report came out empty".to_owned()))
}
