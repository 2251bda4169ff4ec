//! GET /api/catalog/collections: all collections.

use super::super::send_list;
use crate::cache::Answer;
use crate::domain::compact::compact;
use crate::{store, views::CollectionList};
use axum::response::Response;
use http::HeaderMap;
use souk_host::ApiError;
use souk_host::db::DbError;

/// The name of this list in the cache.
pub const NAME: &str = "collections";

/// All collections, in the merchant's order.
#[utoipa::path(
    get, path = "/api/catalog/collections", tag = "products", operation_id = "list_collections",
    params(("if-none-match" = Option<String>, Header, description = "ETag that the caller holds")),
    security(()), responses(
        (status = 200, description = "The collections, with an ETag", body = CollectionList),
        (status = 304, description = "The caller's ETag still stands"),
    )
)]
pub async fn get(headers: HeaderMap) -> Result<Response, ApiError> {
    send_list(NAME, &headers, made()).await
}

/// The JSON of a [`CollectionList`].
async fn made() -> Result<Answer, DbError> {
    Ok(Answer::hashed(format!("{{\"items\":{}}}", compact(&store::collections().await?))))
}
