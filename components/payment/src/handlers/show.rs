//! What was paid for an order: for the shopper whose order it is, and for staff.

use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, problem::Problem, token::Role};
use souk_host::{
    ApiError,
    http::{ApiPath, Identity, JsonText},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The payment of one order. Made by the view `payment_view` in migration V5.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The order that it pays for.
    pub order_id: Uuid,
    /// Its own id.
    pub payment_id: Uuid,
    /// The order's number, as the shopper knows it.
    pub number: String,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Number of the attempt to charge.
    pub attempt: u32,
    /// What was asked for.
    pub amount: Money,
    /// What was taken, once it was.
    pub captured: Option<Captured>,
    /// Why it was refused, when it was.
    pub declined: Option<Declined>,
    /// What is or was given back.
    pub refund: Option<Refund>,
    /// RFC 3339.
    pub created_at: String,
}

/// Where a payment stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaymentStatus {
    /// Being made.
    Pending,
    /// The payment provider has not answered yet; it is asked again.
    Unknown,
    /// Money was taken.
    Captured,
    /// Nothing was taken.
    Declined,
    /// The order was cancelled before anything was charged.
    Cancelled,
    /// The money was given back.
    Refunded,
}

/// Money that was taken.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Captured {
    /// How much.
    pub amount: Money,
    /// The payment provider's reference.
    pub gateway_reference: String,
    /// RFC 3339.
    pub at: String,
}

/// A refusal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declined {
    /// As in card_declined, insufficient_funds, not_charged.
    pub reason: String,
    /// For the shopper.
    pub message: String,
    /// RFC 3339.
    pub at: String,
}

/// Money that is or was given back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// How much.
    pub amount: Money,
    /// requested or refunded.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// RFC 3339.
    pub requested_at: String,
    /// RFC 3339, once it was done.
    pub refunded_at: Option<String>,
}

/// The payment of an order: the shopper's own, or any for support and admins.
#[utoipa::path(get, path = "/api/payments/{order_id}", tag = "payments", operation_id = "get_payment", params(("order_id" = Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, body = Payment), (status = 401), (status = 404, description = "No payment, or not yours.")))]
pub async fn show(identity: Identity, ApiPath(order_id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    let is_staff = identity.require(&[Role::Support, Role::Admin]).is_ok();
    match store::payment(order_id).await? {
        // Another shopper's payment is not even admitted to exist.
        Some(stored) if is_staff || stored.user_id == identity.0.sub => Ok(JsonText(stored.payment)),
        _ => Err(Problem::not_found(
            "no-such-payment",
            "There is no payment for this order; it may not have asked for one yet.",
        )
        .into()),
    }
}
