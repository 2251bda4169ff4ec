//! One use case a file. Reads are split in two: a function that answers, which everything that serves the address calls,
//! and the axum handler with its OpenAPI description.

pub mod archive;
pub mod batch;
pub mod categories;
pub mod create;
pub mod detail;
pub mod list;
pub mod media;
pub mod update;

use crate::cache::{self, Answer, Lists};
use crate::domain::{compact::compact, conditional, reference::Reference};
use crate::store::{self, Changed, Refused};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_host::ApiError;
use souk_host::http::Identity;

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
    if let Ok(etag) = HeaderValue::try_from(answer.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
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
        Refused::VersionConflict(version) => Problem::conflict(
            "version-conflict",
            format!("The product has been changed in the meantime and is at version {version}. Read it again."),
        )
        .with("version", version)
        .into(),
        Refused::NotFound => no_such_product(),
    }
}

/// The product that a change of one product returns.
fn product_json(done: store::Done) -> Result<String, ApiError> {
    let product = done.product.ok_or_else(|| ApiError::defect("a changed product was not returned"))?;
    Ok(compact(product.get()))
}
