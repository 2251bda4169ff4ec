//! Sales over time.

use super::{Revenue, period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, MOST_DAYS_BY_HOUR, Width},
    store,
};
use serde::{Deserialize, Serialize};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};

/// What sales are counted by.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Hours, at most 31 days of them.
    Hour,
    /// Days, at most 400.
    #[default]
    Day,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `hour` or `day`; `day` when left out.
    #[serde(default)]
    by: By,
    /// A date or an RFC 3339 time; when left out, 24 hours or 30 days before `to`.
    from: Option<String>,
    /// Up to here; now, when left out.
    to: Option<String>,
}

/// Sales over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sales {
    /// `hour` or `day`.
    by: String,
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// One for every hour or day, also where nothing happened.
    items: Vec<SalesItem>,
}

/// One hour or day.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesItem {
    /// RFC 3339, UTC.
    start: String,
    /// Orders placed.
    orders_placed: i64,
    /// Orders confirmed.
    orders_confirmed: i64,
    /// Orders rejected.
    orders_rejected: i64,
    /// Orders cancelled.
    orders_cancelled: i64,
    /// Pieces in confirmed orders.
    units: i64,
    /// One entry per currency.
    revenue: Vec<Revenue>,
}

/// Orders, pieces and revenue by hour or day.
#[utoipa::path(get, path = "/api/analytics/sales", tag = "reports", params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Sales), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn sales(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let (name, width, most_days) = match params.by {
        By::Hour => ("hour", Width::Hour, MOST_DAYS_BY_HOUR),
        By::Day => ("day", Width::Day, MOST_DAYS),
    };
    let period = period(params.from.as_deref(), params.to.as_deref(), width, most_days)?;
    Ok(JsonText(store::sales(name, period).await?))
}
