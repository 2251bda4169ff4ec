//! POST /api/users/guest: a token for somebody who shops without an account.

use super::signed_in::secret_answer;
use crate::client::Client;
use crate::domain::guest::{self, GUEST_TOKEN_TTL_S};
use crate::domain::throttle::Counted;
use crate::{config, throttle};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use souk_core::id::new_id;
use souk_core::token;
use souk_host::ApiError;
use souk_host::identity::now_s;
use utoipa::ToSchema;
use uuid::Uuid;

/// A guest.
#[derive(Serialize, ToSchema)]
pub struct GuestToken {
    /// The guest's id: the owner of its cart and orders.
    guest_id: Uuid,
    /// JWT for `Authorization: Bearer`. There is no refresh token: whoever loses it is another guest.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the token is good for.
    #[schema(example = 2_592_000)]
    expires_in: i64,
}

impl GuestToken {
    /// A new guest, if the client's address has not made too many.
    pub(super) async fn new(client: &Client) -> Result<Self, ApiError> {
        throttle::from_address(Counted::Guest, client).await?;
        let signing = config::signing().await?;
        let claims = guest::claims(new_id(), &signing.issuer, now_s());
        Ok(Self::again(claims.sub, &token::sign(&claims, &signing.key, &signing.kid), GUEST_TOKEN_TTL_S))
    }

    /// A guest who has this token already.
    pub(super) fn again(guest_id: Uuid, token: &str, expires_in: i64) -> Self {
        Self { guest_id, access_token: token.to_owned(), token_type: "Bearer", expires_in }
    }

    /// The token itself, for the guest.
    pub(super) fn reveal(&self) -> &str {
        &self.access_token
    }
}

/// Makes a guest: an id of its own, good for a cart, for checkout and for looking at its own orders.
#[utoipa::path(post, path = "/api/users/guest", tag = "accounts", operation_id = "become_guest", security(()), responses(
    (status = 201, description = "A new guest", body = GuestToken),
    (status = 429, description = "too-many-requests: too many new guests from one client address"),
))]
pub async fn create(client: Client) -> Result<Response, ApiError> {
    Ok(secret_answer(StatusCode::CREATED, &GuestToken::new(&client).await?))
}
