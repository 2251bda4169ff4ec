//! One use case a file: parse, ask the domain, ask the store, render.

pub mod all;
pub mod cancel;
pub mod cart;
pub mod checkout;
pub mod list;
pub mod merge;
pub mod parcel;
pub mod promotions;
pub mod quote;
pub mod refund;
pub mod returns;
pub mod show;
pub mod watch;

use crate::domain::request::IdempotencyKey;
use axum::http::HeaderMap;
use souk_core::{problem::Problem, token::Role};
use souk_host::ApiError;

/// Who sees everybody's orders.
pub const STAFF: [Role; 3] = [Role::Support, Role::Merchant, Role::Admin];
/// Who acts for a shopper, and gives money back.
pub const SUPPORT: [Role; 2] = [Role::Support, Role::Admin];
/// Who sends and takes back goods, and makes promotions.
pub const MERCHANTS: [Role; 2] = [Role::Merchant, Role::Admin];

/// Somebody else's order and no order at all look the same.
fn no_such_order() -> ApiError {
    Problem::not_found("order-unknown", "There is no such order among yours.").into()
}

/// The key that makes a request safe to repeat.
fn idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        let detail = "Send an Idempotency-Key header: any text that is new for this request, the same for its retries.";
        return Err(Problem::bad_request("idempotency-key-missing", detail).into());
    };
    IdempotencyKey::parse(value.as_bytes()).ok_or_else(|| {
        let detail = "An Idempotency-Key has 1 to 255 printable ASCII characters.";
        Problem::bad_request("idempotency-key-invalid", detail).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_and_a_bad_key_are_told_apart() {
        let mut headers = HeaderMap::new();
        let slug = |headers: &HeaderMap| idempotency_key(headers).map_err(|error| error.0.type_);
        assert_eq!(slug(&headers), Err("urn:souk:problem:idempotency-key-missing".to_owned()));
        headers.insert("idempotency-key", "k".repeat(256).parse().unwrap());
        assert_eq!(slug(&headers), Err("urn:souk:problem:idempotency-key-invalid".to_owned()));
        headers.insert("idempotency-key", "k".repeat(255).parse().unwrap());
        assert!(slug(&headers).is_ok());
    }
}
