//! GET /api/catalog/suggestions: what a shopper may mean who is still typing.

use super::send_list;
use crate::cache::Answer;
use crate::domain::compact::compact;
use crate::domain::listing::{ListingError, words};
use crate::domain::query_string;
use crate::{store, views::Suggestions};
use axum::response::Response;
use http::{HeaderMap, Uri};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::db::DbError;

const DEFAULT_LIMIT: i32 = 8;
const MAX_LIMIT: i32 = 20;

/// Products and categories whose names begin with what was typed so far, or are spelled like it. Nothing typed suggests nothing.
#[utoipa::path(
    get, path = "/api/catalog/suggestions", tag = "products", operation_id = "suggest",
    params(
        ("q" = Option<String>, Query, description = "What was typed so far", max_length = 200),
        ("limit" = Option<i32>, Query, description = "Products at most, 8 unless given", minimum = 1, maximum = 20),
        ("if-none-match" = Option<String>, Header, description = "ETag that the caller holds"),
    ),
    security(()), responses(
        (status = 200, description = "The best first, with an ETag", body = Suggestions),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 400, description = "A parameter cannot be used; `detail` names it"),
    )
)]
pub async fn get(uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let (typed, limit) = parse(uri.query().unwrap_or_default())?;
    send_list(&format!("suggestions|{limit}|{}", typed.as_deref().unwrap_or("")), &headers, made(typed, limit)).await
}

fn parse(query: &str) -> Result<(Option<String>, i32), Problem> {
    let (mut typed, mut limit) = (None, Some(DEFAULT_LIMIT));
    query_string::visit(query, &["q", "limit"], &[], |name, value| {
        match name {
            _ if value.is_empty() => {}
            "q" => typed = words(&value)?,
            _ => limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)),
        }
        Ok::<(), ListingError>(())
    })
    .map_err(|error| Problem::bad_request("invalid-query", format!("{error}.")))?;
    let no_limit = || Problem::bad_request("invalid-page", format!("limit must be from 1 to {MAX_LIMIT}."));
    Ok((typed, limit.ok_or_else(no_limit)?))
}

/// The JSON of [`Suggestions`].
async fn made(typed: Option<String>, limit: i32) -> Result<Answer, DbError> {
    Ok(match typed {
        Some(typed) => Answer::hashed(compact(&store::suggestions(&typed, limit).await?)),
        None => Answer::hashed("{\"products\":[],\"categories\":[]}".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_folded_and_bounded() {
        assert_eq!(parse("q=+Copper++KET"), Ok((Some("copper ket".to_owned()), DEFAULT_LIMIT)));
        assert_eq!(parse("limit=20&q="), Ok((None, 20)));
        for bad in ["limit=0", "limit=21", "limit=x", "q=%", "q=a&q=b", &format!("q={}", "x".repeat(201))] {
            assert_eq!(parse(bad).unwrap_err().status, 400, "{bad}");
        }
    }
}
