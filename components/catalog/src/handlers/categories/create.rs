//! POST /api/catalog/categories: one new category.

use super::super::{announce_lists, require_merchant};
use super::{category_response, refusal};
use crate::domain::{input::CategoryInput, shelving::check_category};
use crate::{store, views::Category};
use axum::response::Response;
use http::StatusCode;
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity};

/// Creates a category.
#[utoipa::path(
    post, path = "/api/catalog/categories", tag = "merchant", operation_id = "create_category",
    request_body = CategoryInput,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 201, description = "Created", body = Category),
        (status = 409, description = "category-taken or no-such-parent"),
    )
)]
pub async fn post(identity: Identity, ApiJson(category): ApiJson<CategoryInput>) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let new = check_category(&category).map_err(ApiError::fields)?;
    let made = store::create_category(&new).await?.map_err(refusal)?;
    announce_lists().await;
    category_response(StatusCode::CREATED, made)
}
