//! The figures of one period, as the summary shows them.

use super::Revenue;
use serde::Serialize;
use utoipa::ToSchema;

/// The figures of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figures {
    /// RFC 3339.
    from: String,
    /// RFC 3339.
    to: String,
    /// Carts that got their first line.
    carts_started: i64,
    /// Orders that reached a state within the period.
    orders: OrderCounts,
    /// Payments within the period.
    payments: PaymentCounts,
    /// Captured among captured and declined, 0 to 1; null when there is neither.
    #[schema(required)]
    payment_success_rate: Option<f64>,
    /// One entry per currency.
    revenue: Vec<Revenue>,
    /// Pieces in confirmed orders.
    units_sold: i64,
    /// Pieces in returned orders.
    units_returned: i64,
    /// Returns that shoppers asked for.
    returns_requested: i64,
    /// Times that a SKU ran out.
    stock_outs: i64,
    /// New accounts.
    sign_ups: i64,
    /// Accounts closed.
    accounts_deleted: i64,
    /// Mails queued.
    mails_queued: i64,
}

/// Orders by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderCounts {
    placed: i64,
    rejected: i64,
    confirmed: i64,
    cancelled: i64,
    shipped: i64,
    delivered: i64,
    returned: i64,
}

/// Payments by what happened to them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentCounts {
    requested: i64,
    authorized: i64,
    captured: i64,
    declined: i64,
    unknown: i64,
    voided: i64,
    refunded: i64,
    refund_failed: i64,
}
