//! What could not be sold: SKUs that ran out, how often and for how long.

use super::{period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, Width},
    store,
};
use serde::{Deserialize, Serialize};
use souk_core::page;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
    identity,
};
use utoipa::{IntoParams, ToSchema};

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The first hour: a date (2026-01-31, midnight UTC) or an RFC 3339 time; when left out, a day before `to`.
    from: Option<String>,
    /// Up to here, at most 400 days later; the end of the present hour, when left out.
    to: Option<String>,
    /// How many SKUs are listed: 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// What ran out.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockOuts {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Times that a SKU ran out within the period.
    stock_outs: i64,
    /// SKUs that were out for some of the period.
    skus: i64,
    /// SKUs that are out at its end, or now if that is earlier.
    skus_out: i64,
    /// For how long, over all SKUs, within the period.
    seconds_out: i64,
    /// Times that a SKU fell to its low-stock threshold within the period.
    low_warnings: i64,
    /// The SKUs that were out longest come first.
    items: Vec<StockOut>,
}

/// One SKU.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockOut {
    /// The SKU.
    sku: String,
    /// Times that it ran out within the period.
    stock_outs: i64,
    /// How long it was out within the period.
    seconds_out: i64,
    /// The longest time without a break within the period.
    longest_seconds: i64,
    /// RFC 3339: since when it is out; null when it is back.
    #[schema(required)]
    out_since: Option<String>,
}

/// SKUs that were out of stock in a period of hours, the last 24 by default.
#[utoipa::path(get, path = "/api/analytics/stock-outs", operation_id = "stock_outs", tag = "reports", params(Params),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = StockOuts), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn stock_outs(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Hour, MOST_DAYS)?;
    let limit = page::limit(params.limit)?;
    Ok(JsonText(store::stock_outs(period, identity::now_s(), limit).await?))
}
