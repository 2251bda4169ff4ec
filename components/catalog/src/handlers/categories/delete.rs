//! DELETE /api/catalog/categories/{slug}: an empty category goes.

use super::super::{announce_lists, require_merchant};
use super::{refusal, slug};
use crate::store;
use http::StatusCode;
use souk_host::ApiError;
use souk_host::http::{ApiPath, Identity};

/// Deletes a category in which nothing is.
#[utoipa::path(
    delete, path = "/api/catalog/categories/{slug}", tag = "merchant", operation_id = "delete_category",
    params(("slug" = String, Path, description = "Slug of the category")),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "no-such-category"),
        (status = 409, description = "category-not-empty: `products` and `children` say how much is in it"),
    )
)]
pub async fn delete(identity: Identity, ApiPath(segment): ApiPath<String>) -> Result<StatusCode, ApiError> {
    require_merchant(&identity)?;
    store::delete_category(slug(&segment)?).await?.map_err(refusal)?;
    announce_lists().await;
    Ok(StatusCode::NO_CONTENT)
}
