//! The stock ledger of a SKU: who moved what, where and why, newest first.

use super::{cursor_json, path_sku, stock_keeper, unknown_sku};
use crate::{domain::location::LocationCode, store, views::LedgerPage};
use serde::Deserialize;
use souk_core::page;
use souk_host::{
    ApiError,
    http::{ApiPath, ApiQuery, Identity, JsonText},
};
use utoipa::IntoParams;

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only at this location.
    #[param(value_type = Option<String>, pattern = "^[a-z0-9-]{1,32}$")]
    location: Option<LocationCode>,
    /// From the page before.
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Every movement of a SKU's pieces, newest first.
#[utoipa::path(get, path = "/api/inventory/stock/{sku}/ledger", operation_id = "list_stock_ledger", tag = "stock", params(("sku" = String, Path), Params),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = LedgerPage), (status = 404, description = "No such SKU")))]
pub async fn list(
    identity: Identity,
    ApiPath(raw): ApiPath<String>,
    ApiQuery(params): ApiQuery<Params>,
) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    let sku = path_sku(&raw)?;
    let limit = page::limit(params.limit)?;
    let before = params.cursor.as_deref().map(page::decode_cursor::<i64>).transpose()?;
    let found = store::reading::ledger(&sku, params.location.as_ref(), before, i64::from(limit)).await?;
    let (product, (items, next)) = found.ok_or_else(|| unknown_sku(&raw))?;
    let next = cursor_json(next);
    Ok(JsonText(format!("{{\"product\":{product},\"items\":{items},\"next_cursor\":{next}}}")))
}
