//! Sales over time.

use super::{Revenue, SeriesParams, require_merchant};
use crate::store;
use serde::Serialize;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::ToSchema;

/// Sales over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sales {
    /// `hour`, `day` or `month`.
    by: String,
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// One for every hour, day or month, also where nothing happened.
    items: Vec<SalesItem>,
}

/// One hour, day or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesItem {
    /// RFC 3339, UTC.
    start: String,
    /// Carts that got their first line.
    carts_started: i64,
    /// Orders placed.
    orders_placed: i64,
    /// Orders confirmed.
    orders_confirmed: i64,
    /// Orders rejected.
    orders_rejected: i64,
    /// Orders cancelled.
    orders_cancelled: i64,
    /// Orders returned.
    orders_returned: i64,
    /// Pieces in confirmed orders.
    units: i64,
    /// One entry per currency.
    revenue: Vec<Revenue>,
}

/// Orders, pieces, revenue and average order value by hour, day or month.
#[utoipa::path(get, path = "/api/analytics/sales", operation_id = "sales", tag = "reports", params(SeriesParams),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Sales), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn sales(identity: Identity, ApiQuery(params): ApiQuery<SeriesParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let (by, period) = params.asked()?;
    Ok(JsonText(store::sales(by, period).await?))
}
