//! What staff decides about money that is held (with manual capture): take it, or let it go.

use super::show::{Payment, no_such_payment};
use crate::{desk, store};
use souk_core::{problem::Problem, token::Role};
use souk_host::{
    ApiError,
    http::{ApiPath, Identity, JsonText},
};
use uuid::Uuid;

/// Pieces of work that one decision takes to the gateway: its own, and what else is due then.
const ROUND: usize = 8;

/// Takes the money that is held for an order, all of it. Doing so again is no error.
#[utoipa::path(post, path = "/api/payments/{order_id}/capture", tag = "payments", operation_id = "capture_payment", params(("order_id" = Uuid, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The payment as it is now: captured, or capturing until the provider has answered", body = Payment),
    (status = 404, description = "no-such-payment"),
    (status = 409, description = "payment-not-authorized: no money is held for the order")))]
pub async fn capture(identity: Identity, ApiPath(order_id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    settle(&identity, order_id, "capture").await
}

/// Lets go the money that is held for an order; nothing is charged. Doing so again is no error.
#[utoipa::path(post, path = "/api/payments/{order_id}/void", tag = "payments", operation_id = "void_payment", params(("order_id" = Uuid, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The payment as it is now: voided, or voiding until the provider has answered", body = Payment),
    (status = 404, description = "no-such-payment"),
    (status = 409, description = "payment-not-authorized: no money is held for the order")))]
pub async fn void(identity: Identity, ApiPath(order_id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    settle(&identity, order_id, "void").await
}

async fn settle(identity: &Identity, order_id: Uuid, wish: &str) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Merchant, Role::Admin])?;
    match store::settle_hold(order_id, wish).await?.as_str() {
        "ok" => {}
        "not_found" => return Err(no_such_payment()),
        _ => {
            let detail = "No money is held for this order now. Look at the payment's status for what became of it.";
            return Err(Problem::conflict("payment-not-authorized", detail).into());
        }
    }
    // It is decided. Whoever waits sees the outcome at once if the gateway answers; if not, a tick goes on.
    if let Err(error) = desk::round(ROUND).await {
        desk::log_stopped(&error);
    }
    store::payment(order_id).await?.map(|stored| JsonText(stored.payment)).ok_or_else(no_such_payment)
}
