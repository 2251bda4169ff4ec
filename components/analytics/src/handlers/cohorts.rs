//! Who comes back: customers by the month of their first order.

use super::{period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS_BY_MONTH, Width},
    store,
};
use serde::{Deserialize, Serialize};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The first month: a date (2026-01-31) or an RFC 3339 time in it; when left out, 12 months before `to`.
    from: Option<String>,
    /// Up to here, at most five years later; the end of the present month, when left out.
    to: Option<String>,
}

/// Cohorts of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cohorts {
    /// The first month, as in 2026-01.
    from: String,
    /// The first month after; nothing from then on is counted.
    to: String,
    /// One for every month, also where nobody bought first.
    items: Vec<Cohort>,
}

/// The customers whose first confirmed order was in one month (UTC). A guest is a new customer each time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cohort {
    /// The month, as in 2026-01.
    month: String,
    /// How many there are.
    customers: i64,
    /// Those with a second confirmed order, in whichever month.
    ordered_again: i64,
    /// One for every month after it and before `to`.
    later_months: Vec<LaterMonth>,
}

/// One month after the first.
#[derive(Debug, Serialize, ToSchema)]
pub struct LaterMonth {
    /// 1 is the next month.
    months_after: i64,
    /// Customers of the cohort with a confirmed order in it.
    customers: i64,
    /// The same as a part of the cohort, 0 to 1; null for an empty cohort.
    #[schema(required)]
    rate: Option<f64>,
}

/// Customers by the month of their first order, and how many of them came back in each later month.
#[utoipa::path(get, path = "/api/analytics/cohorts", operation_id = "cohorts", tag = "reports", params(Params),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Cohorts), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn cohorts(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Month, MOST_DAYS_BY_MONTH)?;
    Ok(JsonText(store::cohorts(period).await?))
}
