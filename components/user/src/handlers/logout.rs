//! POST /api/users/logout: ends the session of a refresh token.

use super::refresh::RefreshTokenBody;
use crate::domain::secret::RefreshToken;
use crate::store;
use axum::http::StatusCode;
use souk_host::ApiError;
use souk_host::http::ApiJson;

/// Ends a session. A session that is over already, or never was, is as signed out as any other.
#[utoipa::path(post, path = "/api/users/logout", tag = "accounts", request_body = RefreshTokenBody, security(()), responses(
    (status = 204, description = "Signed out; the access token still runs out by itself"),
))]
pub async fn logout(ApiJson(body): ApiJson<RefreshTokenBody>) -> Result<StatusCode, ApiError> {
    if let Some(token) = RefreshToken::parse(&body.refresh_token) {
        store::sign_out(&token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
