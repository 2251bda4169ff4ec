//! How far orders come, and where they are lost.

use super::{PeriodParams, period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, Width},
    store,
};
use serde::Serialize;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::ToSchema;

/// How far the orders of a period came.
#[derive(Debug, Serialize, ToSchema)]
pub struct Funnel {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// placed, reserved, paid, confirmed, shipped, delivered: what happened within the period, whenever the order
    /// was placed.
    stages: Vec<Stage>,
    /// Most frequent first.
    losses: Vec<Loss>,
}

/// One stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// Its name.
    stage: String,
    /// Orders that reached it.
    orders: i64,
}

/// Orders that left.
#[derive(Debug, Serialize, ToSchema)]
pub struct Loss {
    /// rejected, cancelled or payment_declined.
    outcome: String,
    /// Why.
    reason: String,
    /// How many.
    orders: i64,
}

/// Stages and losses of the orders of a period of hours, the last 24 by default.
#[utoipa::path(get, path = "/api/analytics/funnel", tag = "reports", params(PeriodParams), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Funnel), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn funnel(identity: Identity, ApiQuery(params): ApiQuery<PeriodParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Hour, MOST_DAYS)?;
    Ok(JsonText(store::funnel(period).await?))
}
