//! What happens after an order was paid: refunds and returns.

use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RefundStatus {
    /// Payment was asked for it.
    Requested,
    /// The money is back.
    Refunded,
    /// The provider said no for good.
    Failed,
}

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Refund)]
pub struct RefundView {
    /// Its id.
    pub id: Uuid,
    /// How much.
    pub amount: Money,
    /// How far it is.
    pub status: RefundStatus,
    /// Why.
    pub reason: String,
    /// RFC 3339.
    pub requested_at: String,
    /// When it was done, or failed for good.
    pub settled_at: Option<String>,
}

/// How far a return is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReturnStatus {
    /// The shop has not answered yet.
    Requested,
    /// The pieces were taken back.
    Accepted,
    /// The shop said no.
    Rejected,
}

/// Pieces of one line that are sent back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnLine {
    /// What was bought.
    pub sku: String,
    /// Name of the product and its variant.
    pub title: String,
    /// Pieces.
    pub quantity: u32,
    /// Whether they can be sold again; null until the shop has accepted them.
    pub restock: Option<bool>,
}

/// Pieces that a shopper asked to send back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Return)]
pub struct ReturnView {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub status: ReturnStatus,
    /// What the shopper said.
    pub reason: String,
    /// What the shop said when it declined.
    pub answer: Option<String>,
    /// RFC 3339.
    pub requested_at: String,
    /// When the shop answered.
    pub settled_at: Option<String>,
    /// What goes back for it; null until it was accepted.
    pub refund: Option<Money>,
    /// Which pieces.
    pub lines: Vec<ReturnLine>,
}
