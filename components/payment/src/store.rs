//! All SQL of the service. Each function is one statement; those that emit events hint at the relay afterwards.

use crate::{
    domain::work::{Outcome, Work},
    handlers::{
        ledger::LedgerEntry,
        refunds::{ListedRefund, RefundStatus},
    },
};
use souk_core::event::{Event, batch_json};
use souk_host::{
    db::{Db, DbError, Row, p},
    outbox,
};
use uuid::Uuid;

/// Inbox rows that one clean-up removes.
const FORGET_BATCH: i32 = 1000;

/// Applies events, each at most once.
pub async fn apply_events(batch: &[Event]) -> Result<(), DbError> {
    one("SELECT apply_events($1)", vec![p::raw_json(&batch_json(batch))]).await.map(drop)
}

/// Takes up to `at_most` pieces of each kind of work.
pub async fn claim_work(at_most: usize) -> Result<Vec<Work>, DbError> {
    let at_most = i32::try_from(at_most).map_err(|error| DbError::Other(error.to_string()))?;
    let claimed = one("SELECT claim_work($1)", vec![p::int4(at_most)]).await?.json(0)?;
    serde_json::from_str(&claimed).map_err(|error| DbError::Other(format!("claim_work: {error}")))
}

/// Writes down what the gateway said.
pub async fn record_outcomes(outcomes: &[Outcome]) -> Result<(), DbError> {
    if one("SELECT record_outcomes($1)", vec![p::json(&outcomes)]).await?.int(0)? > 0 {
        outbox::hint("payment");
    }
    Ok(())
}

/// Removes inbox rows that are past their use.
pub async fn forget_old_events() -> Result<(), DbError> {
    one("SELECT forget_old_events($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// A payment as JSON text, and whose it is.
#[derive(Debug)]
pub struct StoredPayment {
    /// The shopper.
    pub user_id: Uuid,
    /// See `payment_view` in migration V5.
    pub payment: String,
}

/// The payment of an order; none when the order never asked for money.
pub async fn payment(order_id: Uuid) -> Result<Option<StoredPayment>, DbError> {
    let sql = "SELECT user_id, payment FROM payment_view WHERE order_id = $1";
    match Db::connect().await?.one(sql, vec![p::uuid(order_id)]).await? {
        Some(row) => Ok(Some(StoredPayment { user_id: row.uuid(0)?, payment: row.json(1)? })),
        None => Ok(None),
    }
}

/// Which ledger entries to read.
#[derive(Debug)]
pub struct LedgerFilter {
    /// Of this order only.
    pub order_id: Option<Uuid>,
    /// Older than this entry only.
    pub before: Option<i64>,
}

/// Ledger entries, newest first; at most `limit`.
pub async fn ledger(filter: &LedgerFilter, limit: i64) -> Result<Vec<LedgerEntry>, DbError> {
    let sql = "SELECT id, transfer_id, order_id, kind, account, amount_minor, currency, rfc3339(created_at) \
               FROM ledger_entries \
               WHERE ($1::uuid IS NULL OR order_id = $1) AND ($2::int8 IS NULL OR id < $2) \
               ORDER BY id DESC LIMIT $3";
    let params = vec![p::opt_uuid(filter.order_id), p::opt_int(filter.before), p::int(limit)];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter().map(LedgerEntry::of_row).collect()
}

/// Microseconds of the request and the order: the sort key of refunds.
pub type RefundKey = (i64, Uuid);

/// Which refunds to read.
#[derive(Debug)]
pub struct RefundFilter {
    /// Only in this state.
    pub status: Option<RefundStatus>,
    /// Only those after this one in the list.
    pub before: Option<RefundKey>,
}

/// Refunds with their sort keys, newest first; at most `limit`.
pub async fn refunds(filter: &RefundFilter, limit: i64) -> Result<Vec<(RefundKey, ListedRefund)>, DbError> {
    // The year 2100: a forged cursor beyond what a timestamp holds must not become an error.
    const LAST_US: i64 = 4_102_444_800_000_000;
    let sql = "SELECT requested_us, order_id, refund FROM refund_page($1, $2, $3, $4)";
    let params = vec![
        p::opt_text(filter.status.map(RefundStatus::as_str)),
        p::opt_int(filter.before.map(|(at_us, _)| at_us.clamp(0, LAST_US))),
        p::opt_uuid(filter.before.map(|(_, order_id)| order_id)),
        p::int(limit),
    ];
    let refund = |row: &Row| {
        let refund =
            serde_json::from_str(&row.json(2)?).map_err(|error| DbError::Other(format!("refund_page: {error}")))?;
        Ok(((row.int(0)?, row.uuid(1)?), refund))
    };
    Db::connect().await?.rows(sql, params).await?.iter().map(refund).collect()
}

async fn one(sql: &str, params: Vec<p::ParameterValue>) -> Result<Row, DbError> {
    Db::connect().await?.one(sql, params).await?.ok_or_else(|| DbError::Other(format!("no row from {sql}")))
}
