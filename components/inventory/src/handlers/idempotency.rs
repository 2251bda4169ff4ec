//! The optional `Idempotency-Key` header: a retry with the same key and the same request changes nothing again.

use axum::extract::FromRequestParts;
use http::request::Parts;
use souk_core::problem::Problem;
use souk_host::ApiError;

/// The key, if the request has one: 1 to 255 printable ASCII characters.
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=255).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::bad_request(
                "invalid-idempotency-key",
                "Idempotency-Key must have 1 to 255 printable ASCII characters.",
            )
            .into()),
        }
    }
}
