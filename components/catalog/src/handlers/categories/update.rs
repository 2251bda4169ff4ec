//! PATCH /api/catalog/categories/{slug}: renames or moves a category.

use super::super::{announce_lists, require_merchant};
use super::{category_response, refusal, slug};
use crate::domain::{input::CategoryPatch, shelving::check_category_patch};
use crate::{store, views::Category};
use axum::response::Response;
use http::StatusCode;
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, Identity};

/// Changes what is given and leaves the rest. What is below a category moves with it; its slug stays, so that links to it
/// stay good.
#[utoipa::path(
    patch, path = "/api/catalog/categories/{slug}", tag = "merchant", operation_id = "update_category",
    params(("slug" = String, Path, description = "Slug of the category")),
    request_body = CategoryPatch,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The category as it is now", body = Category),
        (status = 404, description = "no-such-category"),
        (status = 409, description = "no-such-parent, or category-cycle: it would be within itself"),
    )
)]
pub async fn patch(
    identity: Identity,
    ApiPath(segment): ApiPath<String>,
    ApiJson(patch): ApiJson<CategoryPatch>,
) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let slug = slug(&segment)?;
    let content = check_category_patch(&patch).map_err(ApiError::fields)?;
    let changed = store::change_category(slug, &content).await?.map_err(refusal)?;
    announce_lists().await;
    category_response(StatusCode::OK, changed)
}
