//! At how many pieces a SKU counts as low.

use super::{low_stock::HIGHEST_THRESHOLD, path_sku, stock_keeper, unknown_sku};
use crate::{store, views::Threshold};
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, JsonText},
};
use utoipa::ToSchema;

/// A threshold to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdInput {
    /// Pieces on sale; null or nothing for the shop's default.
    #[schema(minimum = 0, maximum = 1_000_000)]
    threshold: Option<i64>,
}

/// Sets at how many pieces on sale a SKU counts as low. `stock.low` tells of each time that sales or corrections bring
/// it there, not of a threshold that was moved.
#[utoipa::path(put, path = "/api/inventory/stock/{sku}/threshold", operation_id = "set_low_stock_threshold", tag = "stock", request_body = ThresholdInput,
    params(("sku" = String, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Threshold), (status = 404, description = "No such SKU")))]
pub async fn set(
    identity: Identity,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<ThresholdInput>,
) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    let sku = path_sku(&raw)?;
    if body.threshold.is_some_and(|threshold| !(0..=HIGHEST_THRESHOLD).contains(&threshold)) {
        return Err(Problem::unprocessable("invalid-threshold", "threshold must be from 0 to 1,000,000.").into());
    }
    store::keeping::set_threshold(&sku, body.threshold).await?.map(JsonText).ok_or_else(|| unknown_sku(&raw))
}
