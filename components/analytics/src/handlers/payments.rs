//! How payments end, over time.

use super::{SeriesParams, require_merchant};
use crate::store;
use serde::Serialize;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::ToSchema;

/// How payments ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payments {
    /// `hour`, `day` or `month`.
    by: String,
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Of the whole period.
    total: PaymentOutcomes,
    /// Why payments were declined, most frequent first.
    declines: Vec<Decline>,
    /// One for every hour, day or month, also where nothing happened.
    items: Vec<PaymentsItem>,
}

/// Payments by what happened to them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentOutcomes {
    requested: i64,
    authorized: i64,
    captured: i64,
    declined: i64,
    unknown: i64,
    voided: i64,
    refunded: i64,
    refund_failed: i64,
    /// Captured among captured and declined, 0 to 1; null when there is neither.
    #[schema(required)]
    success_rate: Option<f64>,
}

/// One hour, day or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentsItem {
    /// RFC 3339, UTC.
    start: String,
    requested: i64,
    authorized: i64,
    captured: i64,
    declined: i64,
    unknown: i64,
    voided: i64,
    refunded: i64,
    refund_failed: i64,
    /// Captured among captured and declined, 0 to 1; null when there is neither.
    #[schema(required)]
    success_rate: Option<f64>,
}

/// A reason for declining.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decline {
    /// The code that the gateway gave; may be empty.
    reason: String,
    /// How many.
    payments: i64,
}

/// Payments by outcome and their success rate, by hour, day or month.
#[utoipa::path(get, path = "/api/analytics/payments", operation_id = "payment_outcomes", tag = "reports",
    params(SeriesParams), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Payments), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn payments(identity: Identity, ApiQuery(params): ApiQuery<SeriesParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let (by, period) = params.asked()?;
    Ok(JsonText(store::payments(by, period).await?))
}
