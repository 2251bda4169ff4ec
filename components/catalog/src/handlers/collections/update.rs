//! PATCH /api/catalog/collections/{slug}: changes a collection or what is in it.

use super::super::{announce_lists, expected_versions, require_merchant};
use super::{collection_response, refusal, slug};
use crate::domain::{input::CollectionPatch, shelving::check_collection_patch};
use crate::{store, views::Collection};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, Identity};

/// Changes what is given and leaves the rest, when the collection still is what the change was made for. Its slug never changes.
#[utoipa::path(
    patch, path = "/api/catalog/collections/{slug}", tag = "merchant", operation_id = "update_collection",
    params(
        ("slug" = String, Path, description = "Slug of the collection"),
        ("if-match" = String, Header, description = "ETag that the change was made for, its version in quotes, or `*`"),
    ),
    request_body = CollectionPatch,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The collection as it is now, with its new ETag", body = Collection),
        (status = 404, description = "no-such-collection"),
        (status = 412, description = "version-conflict: the collection has another version by now, `version`"),
        (status = 422, description = "invalid-fields, or unknown-products: `unknown` names slugs that no product has"),
        (status = 428, description = "if-match-missing: say which version is to be changed"),
    )
)]
pub async fn patch(
    identity: Identity,
    ApiPath(segment): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<CollectionPatch>,
) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let (slug, expected) = (slug(&segment)?, expected_versions(&headers)?);
    let content = check_collection_patch(&patch).map_err(ApiError::fields)?;
    let changed = store::change_collection(slug, &content, expected.as_deref()).await?.map_err(refusal)?;
    announce_lists().await;
    collection_response(StatusCode::OK, changed)
}
