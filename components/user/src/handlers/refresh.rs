//! POST /api/users/token/refresh: exchanges a refresh token for the next one and a new access token.

use super::signed_in::{SignedIn, new_secret};
use crate::config;
use crate::domain::rotation::Rotation;
use crate::domain::secret::RefreshToken;
use crate::store;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::ApiJson;
use utoipa::ToSchema;

/// A refresh token, as token/refresh and logout take it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshTokenBody {
    /// The newest refresh token of the session.
    pub(super) refresh_token: String,
}

/// Exchanges a refresh token. It works once: presenting it again ends the session it belongs to.
#[utoipa::path(post, path = "/api/users/token/refresh", tag = "accounts", request_body = RefreshTokenBody, security(()), responses(
    (status = 200, description = "Still signed in, with new tokens", body = SignedIn),
    (status = 401, description = "invalid-refresh-token: over, unknown or signed out; refresh-token-reused: it was \
                                  exchanged before, and its session has been ended"),
))]
pub async fn refresh(ApiJson(body): ApiJson<RefreshTokenBody>) -> Result<Response, ApiError> {
    let presented = RefreshToken::parse(&body.refresh_token).ok_or_else(invalid)?;
    // Before the token is spent: without a key there is no way to answer.
    config::signing().await?;
    let next = new_secret()?;
    match store::rotate(&presented, &next).await? {
        Rotation::Rotated { account } => Ok(SignedIn::new(account, &next).await?.into_answer(StatusCode::OK)),
        Rotation::Reused => {
            let detail = "This token had been used before, so its session was ended to be safe. Sign in again.";
            Err(Problem::unauthorized("refresh-token-reused", detail).into())
        }
        Rotation::Expired | Rotation::Revoked | Rotation::Unknown => Err(invalid()),
    }
}

fn invalid() -> ApiError {
    Problem::unauthorized("invalid-refresh-token", "This session is over. Sign in again.").into()
}
