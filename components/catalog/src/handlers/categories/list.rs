//! GET /api/catalog/categories: the shelves of the shop and how much stands on each.

use super::super::send_list;
use crate::cache::Answer;
use crate::domain::compact::compact;
use crate::domain::query_string::{self, QueryStringError};
use crate::{store, views::CategoryList};
use axum::response::Response;
use http::{HeaderMap, Uri};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::db::DbError;

/// The name of this list in the cache.
pub const NAME: &str = "categories";
const NAME_WITH_EMPTY: &str = "categories-all";

/// The tree of categories with the number of active products in each and below it. Categories in which nothing is are
/// left out unless asked for.
#[utoipa::path(
    get, path = "/api/catalog/categories", tag = "products", operation_id = "list_categories",
    params(
        ("empty" = Option<bool>, Query, description = "true: also categories in which nothing is"),
        ("if-none-match" = Option<String>, Header, description = "ETag that the caller holds"),
    ),
    security(()), responses(
        (status = 200, description = "The categories, with an ETag", body = CategoryList),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 400, description = "A parameter cannot be used; `detail` names it"),
    )
)]
pub async fn get(uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let with_empty = with_empty(uri.query().unwrap_or_default())
        .map_err(|why| Problem::bad_request("invalid-query", format!("{why}.")))?;
    send_list(if with_empty { NAME_WITH_EMPTY } else { NAME }, &headers, made(with_empty)).await
}

fn with_empty(query: &str) -> Result<bool, String> {
    let mut with_empty = Ok(false);
    query_string::visit(query, &["empty"], &[], |_, value| {
        with_empty = if value.is_empty() { Ok(false) } else { value.parse().map_err(|_| "empty is true or false") };
        Ok::<(), QueryStringError>(())
    })
    .map_err(|error| error.to_string())?;
    with_empty.map_err(str::to_owned)
}

/// The JSON of a [`CategoryList`].
async fn made(with_empty: bool) -> Result<Answer, DbError> {
    Ok(Answer::hashed(format!("{{\"items\":{}}}", compact(&store::categories(with_empty).await?))))
}
