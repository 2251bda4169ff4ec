//! What is read of stock, reservations and the ledger.

use super::default_threshold;
use crate::{
    domain::location::LocationCode,
    handlers::{
        reservations::{ReservationFilter, Status},
        stock::Availability,
    },
};
use souk_core::sku::Sku;
use souk_host::{
    ApiError,
    db::{Db, DbError, Row, p},
};
use uuid::Uuid;

/// What can be sold of one SKU; none when the SKU is not known.
pub async fn available(sku: &Sku) -> Result<Option<Availability>, DbError> {
    Ok(available_of(std::slice::from_ref(sku)).await?.pop())
}

/// The same for several SKUs, in SKU order; unknown ones are left out.
pub async fn available_of(skus: &[Sku]) -> Result<Vec<Availability>, DbError> {
    let sql =
        "SELECT sku, available, to_char(expected_on, 'YYYY-MM-DD') FROM on_sale WHERE sku = ANY ($1) ORDER BY sku";
    let params = vec![p::text_array(skus.iter().map(Sku::as_str))];
    let rows = Db::connect().await?.rows(sql, params).await?;
    let item =
        |row: &Row| Ok(Availability { sku: row.text(0)?, available: row.int(1)?, expected_on: row.text_opt(2)? });
    rows.iter().map(item).collect()
}

/// What each location has of a SKU, as JSON; none when the SKU is not known.
pub async fn by_location(sku: &Sku) -> Result<Option<String>, ApiError> {
    let params = vec![p::text(sku.as_str()), p::int(default_threshold().await?)];
    Ok(Db::connect().await?.json("SELECT stock_by_location($1, $2)", params).await?)
}

/// All locations, as a JSON list, the one that ships first at the top.
pub async fn locations() -> Result<String, DbError> {
    let sql = "SELECT coalesce(jsonb_agg(location_json(l) ORDER BY l.priority, l.code), '[]') FROM locations l";
    Ok(Db::connect().await?.json(sql, vec![]).await?.unwrap_or_default())
}

/// A page: the items as a JSON list, and the last one's key when there are more.
pub type Page<K> = (String, Option<K>);

/// What a SKU is called, as a JSON object, and a page of its ledger, newest first; none when the SKU is not known.
pub async fn ledger(
    sku: &Sku,
    location: Option<&LocationCode>,
    before: Option<i64>,
    limit: i64,
) -> Result<Option<(String, Page<i64>)>, DbError> {
    let sql = "SELECT product, items, next FROM ledger_page($1, $2, $3, $4)";
    let place = p::opt_text(location.map(LocationCode::as_str));
    let params = vec![p::text(sku.as_str()), place, p::opt_int(before), p::int(limit)];
    let row = Db::connect().await?.one(sql, params).await?;
    row.map(|row| Ok((row.json(0)?, (row.json(1)?, row.int_opt(2)?)))).transpose()
}

/// Reservations, newest order first, starting after `filter.before`.
pub async fn reservations(filter: &ReservationFilter, limit: i64) -> Result<Page<Uuid>, DbError> {
    let status = p::opt_text(filter.status.map(Status::as_str));
    let params = vec![status, p::opt_uuid(filter.before), p::int(limit)];
    let row = Db::connect().await?.one("SELECT items, next FROM reservations_page($1, $2, $3)", params).await?;
    let row = row.ok_or_else(|| DbError::Other("reservations_page gave no row".to_owned()))?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// Which SKUs to list.
#[derive(Debug)]
pub struct StockFilter {
    /// LIKE patterns that title or SKU fit; empty for all.
    pub patterns: Vec<String>,
    /// The most pieces, for every SKU alike.
    pub threshold: Option<i64>,
    /// Only SKUs after this one.
    pub after: Option<Sku>,
}

/// SKUs of which at most their threshold can be sold, or at most `threshold`, in SKU order.
pub async fn low_stock(filter: &StockFilter, limit: i64) -> Result<Page<String>, ApiError> {
    let patterns = if filter.patterns.is_empty() { p::null() } else { p::text_array(&filter.patterns) };
    let after = p::opt_text(filter.after.as_ref().map(Sku::as_str));
    let params = vec![patterns, p::opt_int(filter.threshold), after, p::int(limit), p::int(default_threshold().await?)];
    let row = Db::connect().await?.one("SELECT items, next FROM low_stock($1, $2, $3, $4, $5)", params).await?;
    let row = row.ok_or_else(|| DbError::Other("low_stock gave no row".to_owned()))?;
    Ok((row.json(0)?, row.text_opt(1)?))
}
