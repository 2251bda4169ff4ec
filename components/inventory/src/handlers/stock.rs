//! What can be sold, open to everybody; and where it is, for those who keep the stock.

use super::{path_sku, stock_keeper, unknown_sku};
use crate::{store, views::StockByLocation};
use serde::{Deserialize, Serialize};
use souk_core::{problem::Problem, sku::Sku};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, JsonText},
    reply::Json,
};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The most SKUs in one query.
const MOST_SKUS: usize = 100;

/// How many pieces of a SKU can be sold right now.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    /// The SKU.
    pub sku: String,
    /// Pieces on sale: neither reserved nor sold, at locations that ship.
    pub available: i64,
    /// The day on which more is expected; null when nobody has said, or the day has passed.
    #[schema(required, format = Date)]
    pub expected_on: Option<String>,
}

/// SKUs to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockQuery {
    /// 1 to 100 SKUs.
    #[schema(min_items = 1, max_items = 100)]
    skus: Vec<Sku>,
}

/// The answer to a query.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockList {
    /// The SKUs that are known, in SKU order.
    items: Vec<Availability>,
    /// The SKUs that are not.
    unknown: Vec<Sku>,
}

/// What can be sold of one SKU.
#[utoipa::path(get, path = "/api/inventory/stock/{sku}", operation_id = "get_stock", tag = "stock", params(("sku" = String, Path)), security(()), responses(
    (status = 200, body = Availability), (status = 404, description = "No such SKU")))]
pub async fn one(ApiPath(raw): ApiPath<String>) -> Result<Json<Availability>, ApiError> {
    let sku = path_sku(&raw)?;
    store::reading::available(&sku).await?.map(Json).ok_or_else(|| unknown_sku(&raw))
}

/// What can be sold of up to 100 SKUs.
#[utoipa::path(post, path = "/api/inventory/stock/query", operation_id = "query_stock", tag = "stock", request_body = StockQuery, security(()), responses(
    (status = 200, body = StockList), (status = 422, description = "Too many SKUs, or something that is none")))]
pub async fn several(ApiJson(query): ApiJson<StockQuery>) -> Result<Json<StockList>, ApiError> {
    if query.skus.is_empty() || query.skus.len() > MOST_SKUS {
        return Err(Problem::unprocessable("invalid-skus", format!("Ask for 1 to {MOST_SKUS} SKUs at once.")).into());
    }
    let items = store::reading::available_of(&query.skus).await?;
    let known: BTreeSet<&str> = items.iter().map(|item| item.sku.as_str()).collect();
    let asked: BTreeSet<&Sku> = query.skus.iter().collect();
    let unknown = asked.into_iter().filter(|sku| !known.contains(sku.as_str())).cloned().collect();
    Ok(Json(StockList { items, unknown }))
}

/// Where the pieces of a SKU are.
#[utoipa::path(get, path = "/api/inventory/stock/{sku}/locations", operation_id = "get_stock_by_location", tag = "stock", params(("sku" = String, Path)),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = StockByLocation), (status = 404, description = "No such SKU")))]
pub async fn by_location(identity: Identity, ApiPath(raw): ApiPath<String>) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    let sku = path_sku(&raw)?;
    store::reading::by_location(&sku).await?.map(JsonText).ok_or_else(|| unknown_sku(&raw))
}
