//! PATCH /api/catalog/products/{slug-or-id}: changes some fields of a product.

use super::{announce, product_json, reference, refusal, require_merchant};
use crate::domain::{input::ProductPatch, product::check_patch};
use crate::{store, views::ProductDetail};
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, Identity, JsonText, RequestContext};

/// Changes what is given and leaves the rest. Options and variants change together; the handle never changes.
#[utoipa::path(
    patch, path = "/api/catalog/products/{slug_or_id}", tag = "merchant", operation_id = "update_product",
    params(("slug_or_id" = String, Path, description = "Slug or UUID")),
    request_body = ProductPatch,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The product as it is now", body = ProductDetail),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 404, description = "No such product"),
        (status = 409, description = "A SKU is taken, or the product has another version than the one given"),
        (status = 422, description = "Some fields cannot be accepted; `errors` names each"),
    )
)]
pub async fn patch(
    identity: Identity,
    context: RequestContext,
    ApiPath(segment): ApiPath<String>,
    ApiJson(patch): ApiJson<ProductPatch>,
) -> Result<JsonText, ApiError> {
    require_merchant(&identity)?;
    let reference = reference(&segment)?;
    let content = check_patch(&patch).map_err(ApiError::fields)?;
    let done = store::patch(&reference, &content, patch.version, &context.traceparent).await?.map_err(refusal)?;
    announce(&done.changed).await;
    Ok(JsonText(product_json(done)?))
}
