//! All SQL of the service. Each change is one call of a function from the migrations, so it is one transaction.

use crate::handlers::{
    change::Movement,
    low_stock::LowStock,
    reservations::{Reservation, ReservationFilter, Status},
    stock::Availability,
};
use souk_core::{
    event::{Event, batch_json},
    sku::Sku,
};
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Rows of each kind that one clean-up removes.
const FORGET_BATCH: i32 = 1000;

/// Applies events, each at most once. Returns how many events it emitted.
pub async fn apply_events(batch: &[Event], reservation_ttl_s: i32) -> Result<i64, DbError> {
    let params = vec![p::raw_json(&batch_json(batch)), p::int4(reservation_ttl_s)];
    count("SELECT apply_events($1, $2)", params).await
}

/// Releases due reservations, at most `limit`. Returns how many events it emitted.
pub async fn expire_reservations(limit: i32) -> Result<i64, DbError> {
    count("SELECT expire_reservations($1)", vec![p::int4(limit)]).await
}

/// Removes inbox entries and remembered answers that are past their use.
pub async fn forget_old_requests() -> Result<(), DbError> {
    count("SELECT forget_old_requests($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// What can be sold of one SKU; none when the SKU is not known.
pub async fn available(sku: &Sku) -> Result<Option<i64>, DbError> {
    let sql = "SELECT available FROM stock WHERE sku = $1 AND location = 'main'";
    match Db::connect().await?.one(sql, vec![p::text(sku.as_str())]).await? {
        Some(row) => row.int(0).map(Some),
        None => Ok(None),
    }
}

/// The same for several SKUs, in SKU order; unknown ones are left out.
pub async fn available_of(skus: &[Sku]) -> Result<Vec<Availability>, DbError> {
    let sql = "SELECT sku, available FROM stock WHERE sku = ANY ($1) AND location = 'main' ORDER BY sku";
    let params = vec![p::text_array(skus.iter().map(Sku::as_str))];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter().map(|row| Ok(Availability { sku: row.text(0)?, available: row.int(1)? })).collect()
}

/// Receives goods or corrects a count. Returns the SQL function's answer as JSON text (see `change_stock`).
pub async fn change_stock(
    sku: &Sku,
    movement: &Movement<'_>,
    idempotency_key: Option<&str>,
    traceparent: &str,
) -> Result<String, DbError> {
    let params = vec![
        p::text(sku.as_str()),
        p::text(movement.kind),
        p::int(movement.delta),
        p::text(movement.reason),
        p::uuid(movement.actor),
        p::opt_text(idempotency_key),
        p::text(traceparent),
    ];
    let answer = Db::connect().await?.json("SELECT change_stock($1, $2, $3, $4, $5, $6, $7)", params).await?;
    answer.ok_or_else(|| DbError::Other("change_stock gave no answer".to_owned()))
}

/// Gives SKUs without history their first stock. `lines_json` is `[{sku, received}]`. Returns how many got stock.
pub async fn open_stock(lines_json: &str, reason: &str, actor: Uuid, traceparent: &str) -> Result<i64, DbError> {
    let params = vec![p::raw_json(lines_json), p::text(reason), p::uuid(actor), p::text(traceparent)];
    count("SELECT open_stock($1, $2, $3, $4)", params).await
}

/// Reservations, newest order first; at most `limit`, starting after `filter.before`.
pub async fn reservations(filter: &ReservationFilter, limit: i64) -> Result<Vec<Reservation>, DbError> {
    let sql = "SELECT r.order_id, r.order_number, r.status, r.release_reason, rfc3339(r.expires_at), \
                      rfc3339(r.created_at), \
                      (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) \
                                                 ORDER BY l.sku), '[]') \
                       FROM reservation_lines l WHERE l.order_id = r.order_id) \
               FROM reservations r \
               WHERE ($1::text IS NULL OR r.status = $1) AND ($2::uuid IS NULL OR r.order_id < $2) \
               ORDER BY r.order_id DESC LIMIT $3";
    let params = vec![p::opt_text(filter.status.map(Status::as_str)), p::opt_uuid(filter.before), p::int(limit)];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter()
        .map(|row| {
            Ok(Reservation {
                order_id: row.uuid(0)?,
                order_number: row.text_opt(1)?,
                status: row.text(2)?,
                release_reason: row.text_opt(3)?,
                expires_at: row.text_opt(4)?,
                created_at: row.text(5)?,
                lines: serde_json::from_str(&row.json(6)?).map_err(|error| DbError::Other(error.to_string()))?,
            })
        })
        .collect()
}

/// SKUs of which at most `threshold` can be sold, in SKU order, starting after `after`.
pub async fn low_stock(threshold: i64, after: Option<&str>, limit: i64) -> Result<Vec<LowStock>, DbError> {
    let sql = "SELECT sku, available, reserved, committed FROM stock \
               WHERE location = 'main' AND available <= $1 AND ($2::text IS NULL OR sku > $2) \
               ORDER BY sku LIMIT $3";
    let rows = Db::connect().await?.rows(sql, vec![p::int(threshold), p::opt_text(after), p::int(limit)]).await?;
    rows.iter()
        .map(|row| {
            Ok(LowStock { sku: row.text(0)?, available: row.int(1)?, reserved: row.int(2)?, committed: row.int(3)? })
        })
        .collect()
}

/// The one integer that `sql` returns.
async fn count(sql: &str, params: Vec<p::ParameterValue>) -> Result<i64, DbError> {
    let row = Db::connect().await?.one(sql, params).await?;
    row.ok_or_else(|| DbError::Other("a function gave no row".to_owned()))?.int(0)
}
