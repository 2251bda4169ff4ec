//! Stock and locations changed by people. The functions' answers are JSON texts; the migration says what each means.

use super::{answer, count, default_threshold};
use crate::{
    domain::{day::Day, location::LocationCode},
    handlers::{change::Movement, transfer::Transfer},
};
use souk_core::sku::Sku;
use souk_host::{
    ApiError,
    db::{Db, DbError, p},
};
use uuid::Uuid;

/// Who asks for a change, and how a retry is known.
#[derive(Debug)]
pub struct Request<'a> {
    /// Who.
    pub actor: Uuid,
    /// Why, for the ledger.
    pub reason: &'a str,
    /// The idempotency key, if any.
    pub key: Option<&'a str>,
    /// W3C trace context.
    pub traceparent: &'a str,
}

/// Receives goods or corrects a count.
pub async fn change_stock(sku: &Sku, movement: &Movement, request: &Request<'_>) -> Result<String, ApiError> {
    let params = vec![
        p::text(sku.as_str()),
        p::text(movement.location.as_str()),
        p::text(movement.kind),
        p::int(movement.delta),
        p::text(request.reason),
        p::uuid(request.actor),
        p::opt_text(request.key),
        p::text(request.traceparent),
        p::int(default_threshold().await?),
    ];
    Ok(answer("SELECT change_stock($1, $2, $3, $4, $5, $6, $7, $8, $9)", params).await?)
}

/// Moves pieces from one location to another.
pub async fn transfer_stock(sku: &Sku, transfer: &Transfer, request: &Request<'_>) -> Result<String, ApiError> {
    let params = vec![
        p::text(sku.as_str()),
        p::text(transfer.from.as_str()),
        p::text(transfer.to.as_str()),
        p::int(transfer.quantity),
        p::text(request.reason),
        p::uuid(request.actor),
        p::opt_text(request.key),
        p::text(request.traceparent),
        p::int(default_threshold().await?),
    ];
    Ok(answer("SELECT transfer_stock($1, $2, $3, $4, $5, $6, $7, $8, $9)", params).await?)
}

/// Gives SKUs without history their first stock. `lines_json` is `[{sku, received}]`. Returns how many got stock.
pub async fn open_stock(lines_json: &str, reason: &str, actor: Uuid, traceparent: &str) -> Result<i64, ApiError> {
    let default_low = p::int(default_threshold().await?);
    let params = vec![p::raw_json(lines_json), p::text(reason), p::uuid(actor), p::text(traceparent), default_low];
    Ok(count("SELECT open_stock($1, $2, $3, $4, $5)", params).await?)
}

/// Sets a SKU's own threshold, or takes it away; none when the SKU is not known.
pub async fn set_threshold(sku: &Sku, threshold: Option<i64>) -> Result<Option<String>, ApiError> {
    let params = vec![p::text(sku.as_str()), p::opt_int(threshold), p::int(default_threshold().await?)];
    Ok(Db::connect().await?.json("SELECT set_low_at($1, $2, $3)", params).await?)
}

/// Says when more of a SKU is expected, or that nobody knows.
pub async fn expect_stock(sku: &Sku, on: Option<&Day>, actor: Uuid) -> Result<String, DbError> {
    let params = vec![p::text(sku.as_str()), p::opt_text(on.map(Day::as_str)), p::uuid(actor)];
    answer("SELECT expect_stock($1, $2::text::date, $3)", params).await
}

/// Adds a location.
pub async fn add_location(code: &LocationCode, name: &str, priority: i32, active: bool) -> Result<String, ApiError> {
    let params = vec![p::text(code.as_str()), p::text(name), p::int4(priority), p::bool(active)];
    Ok(answer("SELECT add_location($1, $2, $3, $4)", params).await?)
}

/// Changes what is given of a location.
pub async fn change_location(
    code: &LocationCode,
    name: Option<&str>,
    priority: Option<i32>,
    active: Option<bool>,
    traceparent: &str,
) -> Result<String, ApiError> {
    let params = vec![
        p::text(code.as_str()),
        p::opt_text(name),
        priority.map_or_else(p::null, p::int4),
        active.map_or_else(p::null, p::bool),
        p::text(traceparent),
        p::int(default_threshold().await?),
    ];
    Ok(answer("SELECT change_location($1, $2, $3, $4, $5, $6)", params).await?)
}
