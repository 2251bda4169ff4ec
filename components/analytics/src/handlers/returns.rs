//! What comes back: returns and refunds over time.

use super::{SeriesParams, require_merchant};
use crate::store;
use serde::Serialize;
use souk_core::money::Money;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::ToSchema;

/// What came back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Returns {
    /// `hour`, `day` or `month`.
    by: String,
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Of the whole period.
    total: ReturnFigures,
    /// The 20 SKUs with the most pieces returned on the days of the period.
    products: Vec<ReturnedProduct>,
    /// One for every hour, day or month, also where nothing happened.
    items: Vec<ReturnsItem>,
}

/// Returns and refunds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnFigures {
    /// Returns that shoppers asked for.
    returns_requested: i64,
    /// Returns that arrived.
    orders_returned: i64,
    /// Pieces in them.
    units_returned: i64,
    /// Refunds made, of returns and of cancelled orders.
    refunds: i64,
    /// Refunds that the gateway refused for good.
    refunds_failed: i64,
    /// Returns that arrived, as a part of the orders confirmed at the same time; null without any.
    #[schema(required)]
    return_rate: Option<f64>,
    /// What was given back, one entry per currency.
    refunded: Vec<Money>,
}

/// One hour, day or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnsItem {
    /// RFC 3339, UTC.
    start: String,
    /// Returns that shoppers asked for.
    returns_requested: i64,
    /// Returns that arrived.
    orders_returned: i64,
    /// Pieces in them.
    units_returned: i64,
    /// Refunds made, of returns and of cancelled orders.
    refunds: i64,
    /// Refunds that the gateway refused for good.
    refunds_failed: i64,
    /// Returns that arrived, as a part of the orders confirmed at the same time; null without any.
    #[schema(required)]
    return_rate: Option<f64>,
    /// What was given back, one entry per currency.
    refunded: Vec<Money>,
}

/// One SKU.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedProduct {
    /// The SKU.
    sku: String,
    /// Its title when it was last sold or returned.
    title: String,
    /// Pieces that came back.
    units_returned: i64,
    /// Pieces sold in the same days.
    units_sold: i64,
}

/// Returns, refunds and the products that come back most, by hour, day or month.
#[utoipa::path(get, path = "/api/analytics/returns", operation_id = "returns", tag = "reports", params(SeriesParams),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Returns), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn returns(identity: Identity, ApiQuery(params): ApiQuery<SeriesParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let (by, period) = params.asked()?;
    Ok(JsonText(store::returns(by, period).await?))
}
