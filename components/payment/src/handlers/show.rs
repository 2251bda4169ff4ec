//! What was paid for an order: for the shopper whose order it is, with or without an account, and for staff.

use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, problem::Problem, token::Role};
use souk_host::{
    ApiError,
    http::{ApiPath, JsonText, Shopper},
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The payment of one order. Made by `payment_json` in migration V12.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The order that it pays for.
    pub order_id: Uuid,
    /// Its own id.
    pub payment_id: Uuid,
    /// The order's number, as the shopper knows it.
    pub number: String,
    /// The shopper.
    pub user_id: Uuid,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Number of the latest attempt.
    pub attempt: i32,
    /// What was asked for.
    pub amount: Money,
    /// RFC 3339: when the money that is held is let go unless it is captured before.
    pub authorized_until: Option<String>,
    /// What was taken, once it was.
    pub captured: Option<Captured>,
    /// Why it was refused, when it was.
    pub declined: Option<Declined>,
    /// Why what was held is or was let go, when it is.
    pub void_reason: Option<VoidReason>,
    /// How much was given back, once something was taken.
    pub refunded: Option<Money>,
    /// What is or was to be given back, oldest first.
    pub refunds: Vec<Refund>,
    /// What was tried, oldest first; the latest 20.
    pub attempts: Vec<Attempt>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339: when it was captured, declined, voided or cancelled.
    pub settled_at: Option<String>,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Being made.
    Pending,
    /// The payment provider has not answered yet; it is asked again.
    Unknown,
    /// Money is held; somebody has to capture it.
    Authorized,
    /// What is held is being taken.
    Capturing,
    /// What is held is being let go.
    Voiding,
    /// Money was taken.
    Captured,
    /// Nothing was taken.
    Declined,
    /// What was held was let go.
    Voided,
    /// The order was cancelled before anything was charged.
    Cancelled,
    /// Some of the money was given back.
    PartlyRefunded,
    /// All of the money was given back.
    Refunded,
}

/// Why a hold was let go.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// The order was cancelled.
    OrderCancelled,
    /// Staff decided so.
    ByMerchant,
    /// Nobody captured it in time.
    AuthorizationExpired,
    /// The provider did not let it be captured.
    CaptureRefused,
    /// The provider let it go by itself.
    ByGateway,
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

/// Money that is or was to be given back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// Its own id.
    pub refund_id: Uuid,
    /// How much.
    pub amount: Money,
    /// Whether it is done.
    pub status: RefundStatus,
    /// Why.
    pub reason: Option<String>,
    /// RFC 3339.
    pub requested_at: String,
    /// RFC 3339, once it was done.
    pub refunded_at: Option<String>,
    /// RFC 3339, when the payment provider refused for good.
    pub failed_at: Option<String>,
}

/// Whether a refund is done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// The payment provider is asked until it answers.
    Requested,
    /// The money was given back.
    Refunded,
    /// The payment provider refused for good.
    Failed,
}

/// One attempt to pay.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Its number, from 1.
    pub attempt: i32,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// The payment provider's reason, when it refused something.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339, once its outcome was final.
    pub finished_at: Option<String>,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// Nothing yet.
    Started,
    /// The money is held.
    Authorized,
    /// The money was taken.
    Captured,
    /// The payment provider refused.
    Declined,
    /// The money was held and let go.
    Voided,
    /// The payment provider has not answered yet.
    Unknown,
    /// The payment provider never saw it.
    NotCharged,
}

/// The payment of an order: the shopper's own (a guest's too), or any for support, merchants and admins.
#[utoipa::path(get, path = "/api/payments/{order_id}", tag = "payments", operation_id = "get_payment", params(("order_id" = Uuid, Path)), security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, body = Payment), (status = 404, description = "no-such-payment: none yet, or not yours.")))]
pub async fn show(Shopper(claims): Shopper, ApiPath(order_id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    let is_staff = claims.has_any(&[Role::Support, Role::Merchant, Role::Admin]);
    match store::payment(order_id).await? {
        // Another shopper's payment is not even admitted to exist.
        Some(stored) if is_staff || stored.user_id == claims.sub => Ok(JsonText(stored.payment)),
        _ => Err(no_such_payment()),
    }
}

/// 404 for an order without a payment that the caller may see.
pub(super) fn no_such_payment() -> ApiError {
    let detail = "There is no payment for this order; it may not have asked for one yet.";
    Problem::not_found("no-such-payment", detail).into()
}
