//! How far carts and orders come, and where they are lost.

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

/// How far the carts and orders of a period came.
#[derive(Debug, Serialize, ToSchema)]
pub struct Funnel {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// cart, placed, reserved, paid, confirmed, shipped, delivered: what happened within the period, whenever the cart
    /// was started or the order placed.
    stages: Vec<Stage>,
    /// Most frequent first.
    losses: Vec<Loss>,
}

/// One stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// Its name.
    stage: String,
    /// Carts or orders that reached it.
    count: i64,
    /// As a part of the stage before; null for the first, and where nothing reached that. More than 1 where many
    /// reached the stage before in an earlier period.
    #[schema(required)]
    of_previous: Option<f64>,
    /// As a part of the first stage; null where nothing reached that.
    #[schema(required)]
    of_first: Option<f64>,
}

/// Carts and orders that left.
#[derive(Debug, Serialize, ToSchema)]
pub struct Loss {
    /// cart_left (carts beyond the orders of the same period), rejected, payment_declined, cancelled or returned.
    outcome: String,
    /// Why; may be empty.
    reason: String,
    /// How many.
    count: i64,
}

/// Stages and losses of the carts and orders of a period of hours, the last 24 by default.
#[utoipa::path(get, path = "/api/analytics/funnel", operation_id = "funnel", tag = "reports", params(PeriodParams),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Funnel), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn funnel(identity: Identity, ApiQuery(params): ApiQuery<PeriodParams>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Hour, MOST_DAYS)?;
    Ok(JsonText(store::funnel(period).await?))
}
