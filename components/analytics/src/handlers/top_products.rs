//! What sells best.

use super::{period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, Width},
    store,
};
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, page};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The first day; when left out, 30 days before `to`.
    from: Option<String>,
    /// Up to here; with the day that is not over yet, when left out.
    to: Option<String>,
    /// 1 to 100, 20 when left out.
    limit: Option<i64>,
}

/// What sold best.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopProducts {
    /// The first day.
    from: String,
    /// The first day after.
    to: String,
    /// Most pieces first.
    items: Vec<TopProduct>,
}

/// One SKU.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopProduct {
    /// The SKU.
    sku: String,
    /// Its title when it was last sold.
    title: String,
    /// Pieces in confirmed orders.
    units: i64,
    /// What they cost, before discounts, shipping and tax.
    revenue: Money,
}

/// The SKUs with the most pieces in confirmed orders, by whole days.
#[utoipa::path(get, path = "/api/analytics/top-products", tag = "reports", params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = TopProducts), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn top_products(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Day, MOST_DAYS)?;
    Ok(JsonText(store::top_products(period, page::limit(params.limit)?).await?))
}
