//! DELETE /api/catalog/collections/{slug}: a collection goes; its products stay.

use super::super::{announce_lists, expected_versions, require_merchant};
use super::{refusal, slug};
use crate::store;
use http::{HeaderMap, StatusCode};
use souk_host::ApiError;
use souk_host::http::{ApiPath, Identity};

/// Deletes a collection. Its products stay in the shop.
#[utoipa::path(
    delete, path = "/api/catalog/collections/{slug}", tag = "merchant", operation_id = "delete_collection",
    params(
        ("slug" = String, Path, description = "Slug of the collection"),
        ("if-match" = String, Header, description = "ETag of the collection that is to go, its version in quotes, or `*`"),
    ),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "no-such-collection"),
        (status = 412, description = "version-conflict: the collection has another version by now, `version`"),
        (status = 428, description = "if-match-missing: say which version is to go"),
    )
)]
pub async fn delete(
    identity: Identity,
    ApiPath(segment): ApiPath<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    require_merchant(&identity)?;
    let (slug, expected) = (slug(&segment)?, expected_versions(&headers)?);
    store::delete_collection(slug, expected.as_deref()).await?.map_err(refusal)?;
    announce_lists().await;
    Ok(StatusCode::NO_CONTENT)
}
