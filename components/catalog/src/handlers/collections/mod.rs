//! Hand-picked, ordered lists of products.

pub mod create;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;

use super::{set_etag, version_conflict};
use crate::domain::{compact::compact, shelving};
use crate::store::CollectionRefused;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::reply::json_text;

fn no_such_collection() -> ApiError {
    Problem::not_found("no-such-collection", "There is no collection of that name in the shop.").into()
}

/// The slug in a path; what can be none names nothing.
fn slug(segment: &str) -> Result<&str, ApiError> {
    if shelving::is_shelf_slug(segment) { Ok(segment) } else { Err(no_such_collection()) }
}

/// The version in a collection's JSON; zero, which no collection has, for anything else.
fn version(collection: &RawValue) -> i64 {
    #[derive(Deserialize)]
    struct Head {
        version: i64,
    }
    serde_json::from_slice(collection.get().as_bytes()).map_or(0, |head: Head| head.version)
}

fn collection_response(status: StatusCode, collection: Option<Box<RawValue>>) -> Result<Response, ApiError> {
    let collection = collection.ok_or_else(|| ApiError::defect("a changed collection was not returned"))?;
    let mut response = json_text(status, compact(collection.get()));
    set_etag(response.headers_mut(), &format!("\"{}\"", version(&collection)));
    Ok(response)
}

/// The problem that a refused change is answered with.
fn refusal(refused: CollectionRefused) -> ApiError {
    match refused {
        CollectionRefused::NotFound => no_such_collection(),
        CollectionRefused::VersionConflict(version) => version_conflict("collection", version),
        CollectionRefused::SlugTaken => Problem::conflict(
            "collection-taken",
            "There is a collection with this slug already. Change that one, or choose another slug.",
        )
        .into(),
        CollectionRefused::UnknownProducts(unknown) => Problem::unprocessable(
            "unknown-products",
            "Some slugs are of no product; `unknown` names each. Nothing was changed.",
        )
        .with("unknown", unknown)
        .into(),
    }
}
