//! The figures of a period at one glance.

use super::{PeriodParams, Revenue, period, require_merchant};
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

/// The figures of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Orders that reached a state within the period.
    orders: OrderCounts,
    /// Payments within the period.
    payments: PaymentCounts,
    /// Captured among captured and declined, 0 to 1; null when there is neither.
    payment_success_rate: Option<f64>,
    /// One entry per currency.
    revenue: Vec<Revenue>,
    /// Pieces in confirmed orders.
    units_sold: i64,
    /// New accounts.
    sign_ups: i64,
    /// Accounts closed.
    accounts_deleted: i64,
    /// Mails queued.
    mails_queued: i64,
}

/// Orders by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderCounts {
    placed: i64,
    rejected: i64,
    confirmed: i64,
    cancelled: i64,
    shipped: i64,
    delivered: i64,
}

/// Payments by outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentCounts {
    requested: i64,
    captured: i64,
    declined: i64,
    unknown: i64,
    refunded: i64,
}

/// Orders, payments, revenue, sign-ups and mails of a period of hours, the last 24 by default.
#[utoipa::path(get, path = "/api/analytics/summary", tag = "reports", params(PeriodParams), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Summary), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn summary(identity: Identity, ApiQuery(params): ApiQuery<PeriodParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Hour, MOST_DAYS)?;
    Ok(JsonText(store::summary(period).await?))
}
