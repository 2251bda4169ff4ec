//! What sells best.

use super::{period, require_merchant};
use crate::{
    domain::period::{MOST_DAYS, Width},
    store,
};
use serde::{Deserialize, Serialize};
use souk_core::{
    money::{Currency, Money},
    page,
};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};

/// What "best" means.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Most pieces.
    #[default]
    Units,
    /// Most money.
    Revenue,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The first day; when left out, 30 days before `to`.
    from: Option<String>,
    /// Up to here, at most 400 days later; with the day that is not over yet, when left out.
    to: Option<String>,
    /// `units` or `revenue`; `units` when left out.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Only sales in this currency: amounts of different currencies cannot be compared.
    #[param(value_type = Option<String>, pattern = "^[A-Z]{3}$")]
    currency: Option<Currency>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// What sold best.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopProducts {
    /// The first day.
    from: String,
    /// The first day after.
    to: String,
    /// `units` or `revenue`.
    sort: String,
    /// The best first; a SKU that sold in several currencies has an item for each.
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
    /// Pieces that came back in these days.
    units_returned: i64,
    /// What they cost, before discounts, shipping and tax.
    revenue: Money,
}

/// The SKUs with the most pieces or the most revenue in confirmed orders, by whole days.
#[utoipa::path(get, path = "/api/analytics/top-products", operation_id = "top_products", tag = "reports",
    params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = TopProducts), (status = 422, description = "invalid-period: empty, or longer than allowed.")))]
pub async fn top_products(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let period = period(params.from.as_deref(), params.to.as_deref(), Width::Day, MOST_DAYS)?;
    let sort = match params.sort {
        Sort::Units => "units",
        Sort::Revenue => "revenue",
    };
    Ok(JsonText(store::top_products(period, sort, params.currency, page::limit(params.limit)?).await?))
}
