//! GET /api/users/jwks.json: the keys that access tokens are verified with (RFC 7517).

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use souk_host::http::JsonText;
use souk_host::{ApiError, config};

/// The public keys of this shop's access tokens.
#[utoipa::path(get, path = "/api/users/jwks.json", tag = "accounts", security(()), responses(
    (status = 200, description = "A JWKS with Ed25519 keys", content_type = "application/json"),
))]
pub async fn jwks() -> Result<impl IntoResponse, ApiError> {
    let five_minutes = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];
    Ok((five_minutes, JsonText(config::get("jwks").await?)))
}
