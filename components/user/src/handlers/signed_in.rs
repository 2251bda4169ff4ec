//! The answer to everything that signs somebody in.

use crate::browser::{self, WantsCookie};
use crate::config;
use crate::domain::account::{ACCESS_TOKEN_TTL_S, Account};
use crate::domain::cookie::{SESSION, SESSION_TTL_S};
use crate::domain::secret::{Kind, RefreshToken, Secret};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use souk_core::token;
use souk_host::ApiError;
use souk_host::identity::now_s;
use souk_host::reply::Json;
use utoipa::ToSchema;

/// An account, and the tokens that speak for it.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// The account.
    user: Account,
    /// JWT for `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token is good for.
    #[schema(example = 900)]
    expires_in: i64,
    /// Good for one call of token/refresh; keep it secret. Null where it is in a cookie.
    #[schema(required)]
    refresh_token: Option<String>,
}

impl SignedIn {
    /// The tokens for `account`.
    pub async fn new(account: Account, refresh_token: &RefreshToken) -> Result<Self, ApiError> {
        let signing = config::signing().await?;
        let claims = account.claims(&signing.issuer, now_s());
        Ok(Self {
            access_token: token::sign(&claims, &signing.key, &signing.kid),
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_TTL_S,
            refresh_token: Some(refresh_token.reveal().to_owned()),
            user: account,
        })
    }

    /// The answer with this status.
    pub fn into_answer(self, status: StatusCode) -> Response {
        secret_answer(status, &self)
    }

    /// The answer with this status, whose refresh token is in a cookie and nowhere else.
    pub fn into_cookie_answer(mut self, status: StatusCode) -> Response {
        let token = self.refresh_token.take().unwrap_or_default();
        browser::keep(secret_answer(status, &self), SESSION, &token, SESSION_TTL_S)
    }

    /// The answer as the caller wants it.
    pub fn into_wanted_answer(self, status: StatusCode, wants: WantsCookie) -> Response {
        if wants.0 { self.into_cookie_answer(status) } else { self.into_answer(status) }
    }
}

/// An answer that no cache may keep.
pub fn secret_answer(status: StatusCode, body: &impl Serialize) -> Response {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, no_store, Json(body)).into_response()
}

/// A new secret.
pub fn new_secret<K: Kind>() -> Result<Secret<K>, ApiError> {
    Secret::generate().map_err(|error| ApiError::defect(&format!("no randomness: {error}")))
}
