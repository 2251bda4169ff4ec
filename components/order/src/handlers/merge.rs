//! POST /api/orders/cart/merge: what was put into a guest's cart before signing in goes into the account's.

use super::cart::answered;
use crate::{domain::views::CartView, store};
use axum::response::Response;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiJson, Identity},
    identity,
};
use utoipa::ToSchema;

/// Whose cart to take over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// The token of POST /api/users/guest that the cart was filled with.
    guest_token: String,
}

/// Puts a guest's cart into the account's: quantities add up, to 1000 of one SKU, and the guest's cart is gone. Merging
/// again changes nothing.
#[utoipa::path(post, path = "/api/orders/cart/merge", tag = "cart", operation_id = "merge_cart",
    request_body = MergeRequest, security(("bearer" = [])), responses(
    (status = 200, description = "The account's cart as it is now", body = CartView),
    (status = 409, description = "cart-full: together more than 100 lines; currency-mismatch; both carts stay as they were"),
    (status = 422, description = "invalid-body; guest-token-invalid: not a guest's token, or too old"),
))]
pub async fn merge(
    identity: Identity,
    ApiJson(MergeRequest { guest_token }): ApiJson<MergeRequest>,
) -> Result<Response, ApiError> {
    let guest = match identity::verify(&guest_token).await {
        Ok(claims) if claims.is_guest() => claims.sub,
        Err(error) if error.status() != 401 => return Err(error),
        _ => {
            let detail = "This is not the token of a guest, or it has expired. Go on with the account's own cart.";
            return Err(Problem::unprocessable("guest-token-invalid", detail).into());
        }
    };
    answered(store::cart_merge(identity.0.sub, guest).await?)
}
