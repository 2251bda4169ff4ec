//! GET /api/users/jwks.json: the keys that access tokens are verified with (RFC 7517).

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde::Serialize;
use souk_host::http::JsonText;
use souk_host::{ApiError, config};
use utoipa::ToSchema;

/// Public keys: the one that signs now, those that signed tokens which may still be out, and one that will sign next.
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// In no order; a token's `kid` says which one it was signed with.
    keys: Vec<PublicKey>,
}

/// An Ed25519 key (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    /// `OKP`.
    kty: String,
    /// `Ed25519`.
    crv: String,
    /// `EdDSA`.
    alg: Option<String>,
    /// `sig`.
    #[serde(rename = "use")]
    usage: Option<String>,
    /// The key's name.
    kid: String,
    /// The public key, base64url.
    x: String,
}

/// The public keys of this shop's access tokens. They change when keys are rotated: look again for a `kid` that is unknown.
#[utoipa::path(get, path = "/api/users/jwks.json", tag = "accounts", security(()), responses(
    (status = 200, description = "A JWKS with Ed25519 keys", body = KeySet),
))]
pub async fn jwks() -> Result<impl IntoResponse, ApiError> {
    let five_minutes = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];
    Ok((five_minutes, JsonText(config::get("jwks").await?)))
}
