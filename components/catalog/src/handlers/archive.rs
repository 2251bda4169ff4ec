//! DELETE /api/catalog/products/{slug-or-id}: takes a product out of the shop.

use super::{announce, expected_versions, reference, refusal, require_merchant};
use crate::store;
use http::{HeaderMap, StatusCode};
use souk_host::ApiError;
use souk_host::http::{ApiPath, Identity, RequestContext};

/// Archives a product: nobody but merchants sees it any more, and its SKUs stay its own, because orders name them.
/// Setting its status brings it back.
#[utoipa::path(
    delete, path = "/api/catalog/products/{slug_or_id}", tag = "merchant", operation_id = "archive_product",
    params(
        ("slug_or_id" = String, Path, description = "Slug or UUID"),
        ("if-match" = String, Header, description = "ETag of the product that is to go, its version in quotes, or `*`"),
    ),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 204, description = "Archived, or was already"),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 404, description = "No such product"),
        (status = 412, description = "version-conflict: the product has another version by now, `version`"),
        (status = 428, description = "if-match-missing: say which version is to go"),
    )
)]
pub async fn delete(
    identity: Identity,
    context: RequestContext,
    ApiPath(segment): ApiPath<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    require_merchant(&identity)?;
    let (reference, expected) = (reference(&segment)?, expected_versions(&headers)?);
    let done = store::archive(&reference, expected.as_deref(), &context.traceparent).await?.map_err(refusal)?;
    announce(&done.changed).await;
    Ok(StatusCode::NO_CONTENT)
}
