//! PATCH /api/catalog/products/{slug-or-id}: changes some fields of a product.

use super::{announce, expected_versions, product_response, reference, refusal, require_merchant};
use crate::domain::{input::ProductPatch, product::check_patch};
use crate::{store, views::ProductDetail};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, Identity, RequestContext};

/// Changes what is given and leaves the rest, when the product still is what the change was made for: of two merchants who
/// change the same version one wins, and the other is told. Options and variants change together; the handle never changes.
#[utoipa::path(
    patch, path = "/api/catalog/products/{slug_or_id}", tag = "merchant", operation_id = "update_product",
    params(
        ("slug_or_id" = String, Path, description = "Slug or UUID"),
        ("if-match" = String, Header, description = "ETag that the change was made for, its version in quotes, or `*`"),
    ),
    request_body = ProductPatch,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The product as it is now, with its new ETag", body = ProductDetail),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 404, description = "No such product"),
        (status = 409, description = "sku-taken: a SKU belongs to another product; `conflicts` names each"),
        (status = 412, description = "version-conflict: the product has another version by now, `version`"),
        (status = 422, description = "Some fields cannot be accepted; `errors` names each"),
        (status = 428, description = "if-match-missing: say which version is to be changed"),
    )
)]
pub async fn patch(
    identity: Identity,
    context: RequestContext,
    ApiPath(segment): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<ProductPatch>,
) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let reference = reference(&segment)?;
    let expected = expected_versions(&headers)?;
    let content = check_patch(&patch).map_err(ApiError::fields)?;
    let done = store::patch(&reference, &content, expected.as_deref(), &context.traceparent).await?.map_err(refusal)?;
    announce(&done.changed).await;
    product_response(StatusCode::OK, done)
}
