//! POST /api/notifications/unsubscribe: ends a kind of mail by the link in one of them, without signing in.
//!
//! What the link says cannot be guessed and is about one account and one kind of mail. Only POST changes anything: mail
//! programs and scanners follow links by themselves.

use crate::{store, token};
use serde::{Deserialize, Serialize};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath};
use souk_host::reply::Json;
use utoipa::ToSchema;

/// What the link says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unsubscribe {
    /// `token` of the link.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    token: String,
}

/// What was ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unsubscribed {
    /// The kind of mail that is not sent any more.
    #[schema(pattern = "^(stock|news)$", example = "stock")]
    category: String,
}

/// Ends the kind of mail that a link is for. Doing it twice is doing it once.
#[utoipa::path(post, path = "/api/notifications/unsubscribe", tag = "notifications", request_body = Unsubscribe,
    operation_id = "unsubscribe", security(()), responses(
    (status = 200, description = "Not sent any more", body = Unsubscribed),
    (status = 404, description = "unknown-link: never given out, or from a mail of more than a year ago"),
))]
pub async fn unsubscribe(ApiJson(body): ApiJson<Unsubscribe>) -> Result<Json<Unsubscribed>, ApiError> {
    end(&body.token).await
}

/// The same as mail programs do it with their own button (RFC 8058: `List-Unsubscribe-Post`); the body does not matter.
#[utoipa::path(post, path = "/api/notifications/unsubscribe/{token}", tag = "notifications",
    operation_id = "unsubscribe_one_click", params(("token" = String, Path, description = "`token` of the link.")),
    security(()), responses((status = 200, description = "Not sent any more", body = Unsubscribed)))]
pub async fn one_click(ApiPath(token): ApiPath<String>) -> Result<Json<Unsubscribed>, ApiError> {
    end(&token).await
}

async fn end(token: &str) -> Result<Json<Unsubscribed>, ApiError> {
    let known = if token::is_token(token) { store::unsubscribe(token).await? } else { None };
    let Some(category) = known else {
        let detail = "This link is not known (any more). Use the one in a newer mail, or sign in and choose there.";
        return Err(Problem::not_found("unknown-link", detail).into());
    };
    Ok(Json(Unsubscribed { category }))
}
