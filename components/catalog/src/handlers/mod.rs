//! One use case a file. Reads are split in two: a function that answers, which everything that serves the address calls,
//! and the axum handler with its OpenAPI description.

pub mod archive;
pub mod batch;
pub mod categories;
pub mod collections;
pub mod create;
pub mod detail;
pub mod export;
pub mod import;
pub mod list;
pub mod media;
pub mod suggestions;
pub mod update;

use crate::cache::{self, Answer, KnownList, Lists};
use crate::domain::{compact::compact, conditional, reference::Reference};
use crate::store::{self, Changed, Refused, State};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_host::ApiError;
use souk_host::db::DbError;
use souk_host::http::Identity;
use souk_host::reply::json_text;
use std::future::Future;

/// Who may change products.
const MERCHANTS: [Role; 2] = [Role::Merchant, Role::Admin];

/// Everybody may keep it, but asks whether it is still right.
pub const REVALIDATE: &str = "public, no-cache";
/// Everybody may use it for a few seconds.
pub const BRIEFLY: &str = "public, max-age=5";
/// Only for whoever asked.
const PRIVATE: &str = "private, no-store";

/// Sends an answer, or 304 when the caller has it.
fn send(answer: Answer, headers: &HeaderMap, cache_control: &'static str) -> Response {
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = match held {
        Some(held) if conditional::matches(held, &answer.etag) => StatusCode::NOT_MODIFIED.into_response(),
        _ => {
            let mut response = Response::new(Body::from(answer.body));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    set_etag(headers, &answer.etag);
    response
}

fn set_etag(headers: &mut HeaderMap, etag: &str) {
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
}

/// Sends a list under its name in the cache, from there or as `made` now. Names of product lists begin with their order, one
/// letter and digits; no other list's name may.
async fn send_list(
    name: &str,
    headers: &HeaderMap,
    made: impl Future<Output = Result<Answer, DbError>>,
) -> Result<Response, ApiError> {
    let answer = match cache::list(name).await {
        KnownList::Answer(answer) => answer,
        KnownList::Nothing { generation } => {
            let answer = made.await?;
            cache::fill_list(name, generation, &answer).await;
            answer
        }
        KnownList::Away => made.await?,
    };
    Ok(send(answer, headers, BRIEFLY))
}

/// A product's ETag holds the end of its id, so that it never stands for another product, the version that `If-Match`
/// compares, and the revision. Its first number is the version of the shape: to be raised with it.
fn product_etag(state: State) -> String {
    let (_, _, _, tail) = state.id.as_fields();
    let tail = tail.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    format!("\"2-{tail:016x}-{}.{}\"", state.version, state.revision)
}

/// The versions that a change was made for; `None` when it is for any. Without the header nothing is changed: whoever does
/// not know what is there cannot know what a change would undo.
fn expected_versions(headers: &HeaderMap) -> Result<Option<Vec<i64>>, ApiError> {
    let mut values = headers.get_all(header::IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Err(Problem::new(
            428,
            "Say what you are changing",
            "if-match-missing",
            "Send the ETag that your change was made for as `If-Match`, or `*` to overwrite whatever is there.",
        )
        .into());
    }
    let all: Vec<&str> = values.map(|value| value.to_str().unwrap_or_default()).collect();
    Ok(conditional::versions(&all.join(",")))
}

fn version_conflict(what: &str, version: i64) -> ApiError {
    let detail = format!("The {what} has been changed in the meantime and is at version {version}. Read it again.");
    Problem::precondition_failed("version-conflict", detail).with("version", version).into()
}

fn require_merchant(identity: &Identity) -> Result<(), ApiError> {
    identity.require(&MERCHANTS).map(drop)
}

fn no_such_product() -> ApiError {
    Problem::not_found("no-such-product", "There is no product of that name in the shop.").into()
}

fn reference(segment: &str) -> Result<Reference, ApiError> {
    Reference::parse(segment).ok_or_else(no_such_product)
}

/// After a change: tells the relay, and voids what the cache holds. Should that fail, the change's event does it.
async fn announce(changed: &[Changed]) {
    if changed.is_empty() {
        return;
    }
    souk_host::outbox::hint("catalog");
    if let Err(error) = cache::invalidate(changed, Lists::Now).await {
        eprintln!(
            "{}",
            serde_json::json!({"level": "warn", "message": "cache not told of a change", "why": error.to_string()})
        );
    }
}

/// The problem that a refused change is answered with.
fn refusal(refused: Refused) -> ApiError {
    match refused {
        Refused::SkuConflict(conflicts) => Problem::conflict(
            "sku-taken",
            "A SKU belongs to another product; `conflicts` names each with its owner. Nothing was changed.",
        )
        .with("conflicts", conflicts)
        .into(),
        Refused::SlugConflict => Problem::conflict(
            "handle-taken",
            "There is a product with this handle already. Change that one, or choose another handle.",
        )
        .into(),
        Refused::VersionConflict(version) => version_conflict("product", version),
        Refused::NotFound => no_such_product(),
    }
}

/// After a change of categories or collections: voids the lists. No event does that again should it fail; lists live a few
/// seconds only.
async fn announce_lists() {
    if let Err(error) = cache::invalidate_lists(Lists::Now).await {
        eprintln!(
            "{}",
            serde_json::json!({"level": "warn", "message": "cache not told of a change", "why": error.to_string()})
        );
    }
}

/// The product that a change of one product returns, with its new ETag.
fn product_response(status: StatusCode, done: store::Done) -> Result<Response, ApiError> {
    let (product, state) = done.product.ok_or_else(|| ApiError::defect("a changed product was not returned"))?;
    let mut response = json_text(status, compact(product.get()));
    set_etag(response.headers_mut(), &product_etag(state));
    Ok(response)
}
