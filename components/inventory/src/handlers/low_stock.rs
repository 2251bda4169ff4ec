//! What is running out, for those who keep the stock.

use super::stock_keeper;
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{page, problem::Problem, sku::Sku};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity},
    reply::Json,
};
use utoipa::{IntoParams, ToSchema};

/// The highest threshold.
pub(super) const HIGHEST_THRESHOLD: i64 = 1_000_000;

/// A SKU that is running out.
#[derive(Debug, Serialize, ToSchema)]
pub struct LowStock {
    /// The SKU.
    pub sku: String,
    /// Pieces that can be sold.
    pub available: i64,
    /// Pieces promised to orders that are not paid yet.
    pub reserved: i64,
    /// Pieces sold.
    pub committed: i64,
    /// At how many pieces it counts as low here.
    pub threshold: i64,
}

/// A page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct LowStockPage {
    /// In SKU order, which does not change while stock does.
    items: Vec<LowStock>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The most pieces that count as low, for every SKU alike; when left out, each SKU's own threshold counts.
    #[param(minimum = 0, maximum = 1_000_000)]
    threshold: Option<i64>,
    /// From the page before.
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// SKUs of which at most their threshold, or `threshold` pieces, can be sold.
#[utoipa::path(get, path = "/api/inventory/low-stock", operation_id = "list_low_stock", tag = "stock", params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = LowStockPage), (status = 400), (status = 401), (status = 403)))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<Json<LowStockPage>, ApiError> {
    stock_keeper(identity)?;
    if params.threshold.is_some_and(|threshold| !(0..=HIGHEST_THRESHOLD).contains(&threshold)) {
        return Err(Problem::bad_request("invalid-threshold", "threshold must be from 0 to 1,000,000.").into());
    }
    let limit = page::limit(params.limit)?;
    let after = params.cursor.as_deref().map(page::decode_cursor::<Sku>).transpose()?;
    let after = after.as_ref().map(Sku::as_str);
    let mut items = store::reading::low_stock(params.threshold, after, i64::from(limit) + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| page::encode_cursor(&last.sku));
    Ok(Json(LowStockPage { items, next_cursor }))
}
