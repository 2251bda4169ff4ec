//! All SQL of the service. Each function is one statement; those that emit events hint at the relay afterwards.

use crate::{
    domain::{outcome::Outcome, webhook::Received, work::Work},
    handlers::{
        ledger::LedgerEntry,
        webhook::{Receipt, ReceiptOutcome},
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

/// Takes up to `at_most` pieces of each kind of work; with `manual` what is held waits for a person.
pub async fn claim_work(at_most: usize, manual: bool) -> Result<Vec<Work>, DbError> {
    let at_most = i32::try_from(at_most).map_err(|error| DbError::Other(error.to_string()))?;
    let claimed = one("SELECT claim_work($1, $2)", vec![p::int4(at_most), p::bool(manual)]).await?.json(0)?;
    // The text of the error would show what could not be read, the payment token included.
    serde_json::from_str(&claimed).map_err(|_| DbError::Other("claim_work gave out what cannot be read".to_owned()))
}

/// Writes down what the gateway said. What is held is held for `hold_s` seconds.
pub async fn record_outcomes(outcomes: &[Outcome], hold_s: i64) -> Result<(), DbError> {
    let params = vec![p::json(&outcomes), p::int(hold_s)];
    if one("SELECT record_outcomes($1, $2)", params).await?.int(0)? > 0 {
        outbox::hint("payment");
    }
    Ok(())
}

/// Writes down what the gateway told by itself.
pub async fn receive_webhook(event: &Received) -> Result<Receipt, DbError> {
    let row = one("SELECT outcome, reason, told FROM receive_webhook($1)", vec![p::json(event)]).await?;
    if row.int(2)? > 0 {
        outbox::hint("payment");
    }
    let name = row.text(0)?;
    let outcome =
        ReceiptOutcome::parse(&name).ok_or_else(|| DbError::Other(format!("receive_webhook answered {name}")))?;
    Ok(Receipt { outcome, reason: row.text_opt(1)? })
}

/// Has a hold captured or voided (`wish`): ok, not_found or not_authorized.
pub async fn settle_hold(order_id: Uuid, wish: &str) -> Result<String, DbError> {
    one("SELECT settle_hold($1, $2)", vec![p::uuid(order_id), p::text(wish)]).await?.text(0)
}

/// Removes records of events that are past their use.
pub async fn forget_old_events() -> Result<(), DbError> {
    one("SELECT forget_old_events($1)", vec![p::int4(FORGET_BATCH)]).await.map(drop)
}

/// A payment as JSON text, and whose it is.
#[derive(Debug)]
pub struct StoredPayment {
    /// The shopper.
    pub user_id: Uuid,
    /// See `payment_json` in migration V12.
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

/// Payments by their order, newest order first, below `before`; at most `limit`.
pub async fn payments(status: Option<&str>, before: Option<Uuid>, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    let sql = "SELECT order_id, payment FROM payment_page($1, $2, $3)";
    let rows = Db::connect().await?.rows(sql, vec![p::opt_text(status), p::opt_uuid(before), p::int(limit)]).await?;
    rows.iter().map(|row| Ok((row.uuid(0)?, row.json(1)?))).collect()
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
    let sql = "SELECT id, transfer_id, order_id, kind, refund_id, account, amount_minor, currency, rfc3339(created_at) \
               FROM ledger_entries \
               WHERE ($1::uuid IS NULL OR order_id = $1) AND ($2::int8 IS NULL OR id < $2) \
               ORDER BY id DESC LIMIT $3";
    let params = vec![p::opt_uuid(filter.order_id), p::opt_int(filter.before), p::int(limit)];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter().map(LedgerEntry::of_row).collect()
}

/// The balances of all accounts, as JSON text.
pub async fn ledger_balances() -> Result<String, DbError> {
    one("SELECT ledger_balances()", vec![]).await?.json(0)
}

/// Microseconds of the request and the refund: the sort key of refunds.
pub type RefundKey = (i64, Uuid);

/// Refunds by their sort keys, newest first, below `before`; at most `limit`.
pub async fn refunds(
    status: Option<&str>,
    before: Option<RefundKey>,
    limit: i64,
) -> Result<Vec<(RefundKey, String)>, DbError> {
    // The year 2100: a forged cursor beyond what a timestamp holds must not become an error.
    const LAST_US: i64 = 4_102_444_800_000_000;
    let sql = "SELECT requested_us, refund_id, refund FROM refund_page($1, $2, $3, $4)";
    let (at_us, refund_id) = before.unzip();
    let params = vec![
        p::opt_text(status),
        p::opt_int(at_us.map(|at_us| at_us.clamp(0, LAST_US))),
        p::opt_uuid(refund_id),
        p::int(limit),
    ];
    let rows = Db::connect().await?.rows(sql, params).await?;
    rows.iter().map(|row| Ok(((row.int(0)?, row.uuid(1)?), row.json(2)?))).collect()
}

/// What was put aside, by its id, newest first, below `before`; at most `limit`.
pub async fn parked(before: Option<i64>, limit: i64) -> Result<Vec<(i64, String)>, DbError> {
    let sql = "SELECT id, parked FROM parked_page($1, $2)";
    let rows = Db::connect().await?.rows(sql, vec![p::opt_int(before), p::int(limit)]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.json(1)?))).collect()
}

async fn one(sql: &str, params: Vec<p::ParameterValue>) -> Result<Row, DbError> {
    Db::connect().await?.one(sql, params).await?.ok_or_else(|| DbError::Other(format!("no row from {sql}")))
}
