//! GET /api/catalog/categories: the shelves of the shop and how much stands on each.

use super::{BRIEFLY, send};
use crate::cache::{self, Answer, KnownList};
use crate::domain::compact::compact;
use crate::{store, views::CategoryList};
use axum::response::Response;
use http::HeaderMap;
use souk_host::ApiError;

/// The name of this list in the cache; no product list can have it, since theirs begin with their order.
const NAME: &str = "categories";

/// All categories that have active products, by title.
#[utoipa::path(
    get, path = "/api/catalog/categories", tag = "products", operation_id = "list_categories",
    params(("if-none-match" = Option<String>, Header, description = "ETag that the caller holds")),
    security(()), responses(
        (status = 200, description = "The categories, with an ETag", body = CategoryList),
        (status = 304, description = "The caller's ETag still stands"),
    )
)]
pub async fn get(headers: HeaderMap) -> Result<Response, ApiError> {
    let answer = match cache::list(NAME).await {
        KnownList::Answer(answer) => answer,
        KnownList::Nothing { generation } => {
            let answer = render().await?;
            cache::fill_list(NAME, generation, &answer).await;
            answer
        }
        KnownList::Away => render().await?,
    };
    Ok(send(answer, &headers, BRIEFLY))
}

/// The JSON of a [`CategoryList`].
async fn render() -> Result<Answer, ApiError> {
    Ok(Answer::hashed(format!("{{\"items\":{}}}", compact(&store::categories().await?))))
}
