//! What is read of stock, reservations and the ledger.

use super::default_threshold;
use crate::{
    domain::location::LocationCode,
    handlers::{
        low_stock::LowStock,
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
pub async fn available(sku: &Sku) -> Result<Option<i64>, DbError> {
    let sql = "SELECT available FROM on_sale WHERE sku = $1";
    match Db::connect().await?.one(sql, vec![p::text(sku.as_str())]).await? {
        Some(row) => row.int(0).map(Some),
        None => Ok(None),
    }
}

/// The same for several SKUs, in SKU order; unknown ones are left out.
pub async fn available_of(skus: &[Sku]) -> Result<Vec<Availability>, DbError> {
    let sql = "SELECT sku, available FROM on_sale WHERE sku = ANY ($1) ORDER BY sku";
    let params = vec![p::text_array(skus.iter().map(Sku::as_str))];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter().map(|row| Ok(Availability { sku: row.text(0)?, available: row.int(1)? })).collect()
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

/// Ledger entries of a SKU, newest first; none when the SKU is not known.
pub async fn ledger(
    sku: &Sku,
    location: Option<&LocationCode>,
    before: Option<i64>,
    limit: i64,
) -> Result<Option<Page<i64>>, DbError> {
    let sql = "SELECT items, next FROM ledger_page($1, $2, $3, $4)";
    let place = p::opt_text(location.map(LocationCode::as_str));
    let params = vec![p::text(sku.as_str()), place, p::opt_int(before), p::int(limit)];
    let row = Db::connect().await?.one(sql, params).await?;
    row.map(|row| Ok((row.json(0)?, row.int_opt(1)?))).transpose()
}

/// Reservations, newest order first, starting after `filter.before`.
pub async fn reservations(filter: &ReservationFilter, limit: i64) -> Result<Page<Uuid>, DbError> {
    let status = p::opt_text(filter.status.map(Status::as_str));
    let params = vec![status, p::opt_uuid(filter.before), p::int(limit)];
    let row = Db::connect().await?.one("SELECT items, next FROM reservations_page($1, $2, $3)", params).await?;
    let row = row.ok_or_else(|| DbError::Other("reservations_page gave no row".to_owned()))?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// SKUs of which at most their threshold can be sold, or at most `threshold`, in SKU order, starting after `after`.
pub async fn low_stock(threshold: Option<i64>, after: Option<&str>, limit: i64) -> Result<Vec<LowStock>, ApiError> {
    let sql = "SELECT sku, available, reserved, committed, threshold FROM low_stock($1, $2, $3, $4)";
    let default_low = p::int(default_threshold().await?);
    let params = vec![p::opt_int(threshold), p::opt_text(after), p::int(limit), default_low];
    let rows = Db::connect().await?.rows(sql, params).await?;
    let item = |row: &Row| {
        Ok(LowStock {
            sku: row.text(0)?,
            available: row.int(1)?,
            reserved: row.int(2)?,
            committed: row.int(3)?,
            threshold: row.int(4)?,
        })
    };
    rows.iter().map(item).collect()
}
