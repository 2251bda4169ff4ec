//! What a back office opens with, in one call: the figures of a period, and of the last day, week and month, each
//! beside the one before it.

use super::{PeriodParams, figures::Figures, period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, Width},
    store,
};
use serde::Serialize;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
    identity,
};
use utoipa::ToSchema;

/// The figures of the period asked for, and four comparisons.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    #[serde(flatten)]
    figures: Figures,
    /// RFC 3339: when it was asked.
    as_of: String,
    /// Since midnight UTC up to the end of this hour; before: the same hours of yesterday.
    today: Comparison,
    /// The whole day before today; before: the day before that.
    yesterday: Comparison,
    /// 168 hours up to the end of this hour; before: the 168 hours before them.
    last_7_days: Comparison,
    /// 720 hours up to the end of this hour; before: the 720 hours before them.
    last_30_days: Comparison,
}

/// A period and the one before it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    current: Figures,
    before: Figures,
    change: Change,
}

/// By which part of `before` a figure grew: 0.25 is a quarter more, -1 is nothing left; null where there was nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Change {
    #[schema(required)]
    carts_started: Option<f64>,
    #[schema(required)]
    orders_placed: Option<f64>,
    #[schema(required)]
    orders_confirmed: Option<f64>,
    #[schema(required)]
    units_sold: Option<f64>,
    #[schema(required)]
    sign_ups: Option<f64>,
    /// One entry for each currency of either period.
    revenue: Vec<RevenueChange>,
}

/// One currency's change.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevenueChange {
    /// ISO 4217 code.
    currency: String,
    /// Of what was taken and kept.
    #[schema(required)]
    net: Option<f64>,
}

/// Carts, orders, payments, revenue, returns, stock-outs, sign-ups and mails of a period of hours, the last 24 by
/// default; and those of today, yesterday, the last 7 and the last 30 days, each with the period before it.
#[utoipa::path(get, path = "/api/analytics/summary", operation_id = "summary", tag = "reports", params(PeriodParams),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Summary), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn summary(identity: Identity, ApiQuery(params): ApiQuery<PeriodParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Hour, MOST_DAYS)?;
    Ok(JsonText(store::summary(period, identity::now_s()).await?))
}
