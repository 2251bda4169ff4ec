//! POST /api/catalog/collections: one new collection.

use super::super::{announce_lists, require_merchant};
use super::{collection_response, refusal};
use crate::domain::{input::CollectionInput, shelving::check_collection};
use crate::{store, views::Collection};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity};

/// Creates a collection.
#[utoipa::path(
    post, path = "/api/catalog/collections", tag = "merchant", operation_id = "create_collection",
    request_body = CollectionInput,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 201, description = "Created, with its ETag; `location` is its address", body = Collection),
        (status = 409, description = "collection-taken"),
        (status = 422, description = "invalid-fields, or unknown-products: `unknown` names slugs that no product has"),
    )
)]
pub async fn post(identity: Identity, ApiJson(collection): ApiJson<CollectionInput>) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let (slug, content) = check_collection(&collection).map_err(ApiError::fields)?;
    let made = store::create_collection(&content).await?.map_err(refusal)?;
    announce_lists().await;
    let mut response = collection_response(StatusCode::CREATED, made)?;
    // A slug that passed is plain ASCII.
    if let Ok(location) = HeaderValue::try_from(format!("/api/catalog/collections/{slug}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
