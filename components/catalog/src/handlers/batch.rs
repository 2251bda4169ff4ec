//! POST /api/catalog/products/batch: what an import sends. All products of a batch are written, or none.

use super::{announce, refusal, require_merchant};
use crate::domain::{input::BatchInput, product::check_batch};
use crate::{store, views::BatchOutcome};
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity, RequestContext};
use souk_host::reply::Json;

/// The full path; its bodies may be larger than others.
pub const PATH: &str = "/api/catalog/products/batch";

/// Creates or updates up to 200 products by handle. A product that already is as given is left alone, so a repeated
/// import changes nothing.
#[utoipa::path(
    post, path = "/api/catalog/products/batch", tag = "merchant", operation_id = "upsert_products",
    request_body = BatchInput,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "Written", body = BatchOutcome),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 409, description = "A SKU belongs to another product; `conflicts` names each"),
        (status = 422, description = "Some fields cannot be accepted; `errors` names each"),
    )
)]
pub async fn post(
    identity: Identity,
    context: RequestContext,
    ApiJson(batch): ApiJson<BatchInput>,
) -> Result<Json<BatchOutcome>, ApiError> {
    require_merchant(&identity)?;
    let products = check_batch(&batch).map_err(ApiError::fields)?;
    let done = store::upsert(&products, &context.traceparent).await?.map_err(refusal)?;
    announce(&done.changed).await;
    Ok(Json(BatchOutcome { created: done.created, updated: done.updated, unchanged: done.unchanged }))
}
