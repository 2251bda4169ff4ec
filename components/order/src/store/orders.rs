//! Orders: what is shown of them, and what people, events and the clock do to them.

use super::{Answer, int4, one, parsed};
use crate::domain::{
    aftercare::{AcceptRequest, RefundRequest, ReturnRequest},
    moment::Moment,
    request::{IdempotencyKey, digest},
    status::Status,
    views::TimelineEntry,
};
use souk_core::{
    event::{self, Event},
    sku::Sku,
};
use souk_host::{
    db::{Db, DbError, p},
    outbox,
};
use uuid::Uuid;

/// An order as JSON text, if it is the user's or the caller may see everybody's.
pub async fn order(id: Uuid, user: Uuid, is_staff: bool) -> Result<Option<String>, DbError> {
    let sql = "SELECT order_view(o) FROM orders o WHERE id = $1 AND (user_id = $2 OR $3)";
    Db::connect().await?.json(sql, vec![p::uuid(id), p::uuid(user), p::bool(is_staff)]).await
}

/// The entries of an order's timeline after the first `seen`, if the order is the user's or the caller may see
/// everybody's.
pub async fn timeline(id: Uuid, user: Uuid, is_staff: bool, seen: u32) -> Result<Option<Vec<TimelineEntry>>, DbError> {
    let sql = "SELECT order_timeline_after(id, $4) FROM orders WHERE id = $1 AND (user_id = $2 OR $3)";
    let params = vec![p::uuid(id), p::uuid(user), p::bool(is_staff), p::int(seen.into())];
    Db::connect().await?.json(sql, params).await?.as_deref().map(parsed).transpose()
}

/// A page of the user's orders, newest first, from below `before` on: the orders as JSON text, and where to go on.
pub async fn orders(user: Uuid, before: Option<Uuid>, limit: u32) -> Result<(String, Option<Uuid>), DbError> {
    let params = vec![p::uuid(user), p::opt_uuid(before), int4(limit)?];
    let row = one("SELECT items, next FROM order_page($1, $2, $3)", params).await?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// Cancels an order of the user's, or anybody's for support.
pub async fn cancel(id: Uuid, user: Uuid, is_staff: bool, traceparent: &str) -> Result<Answer, DbError> {
    let params = vec![p::uuid(id), p::uuid(user), p::bool(is_staff), p::text(traceparent)];
    told("SELECT outcome, body FROM cancel_order($1, $2, $3, $4)", params).await
}

/// Marks an order as `shipped` or `delivered`.
pub async fn move_parcel(id: Uuid, status: &str, traceparent: &str) -> Result<Answer, DbError> {
    let params = vec![p::uuid(id), p::text(status), p::text(traceparent)];
    told("SELECT outcome, body FROM move_parcel($1, $2, $3)", params).await
}

/// Which of everybody's orders, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Their state.
    pub status: Option<Status>,
    /// Placed at or after.
    pub from: Option<Moment>,
    /// Placed before.
    pub until: Option<Moment>,
    /// Their number.
    pub number: Option<String>,
    /// How the shopper's address begins.
    pub email: Option<String>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
    /// The order to go on after.
    pub after: Option<Uuid>,
}

/// A page of everybody's orders: the orders as JSON text, and where to go on.
pub async fn all_orders(filter: &Filter, limit: u32) -> Result<(String, Option<Uuid>), DbError> {
    let params = vec![
        p::opt_text(filter.status.map(Status::as_str)),
        p::opt_text(filter.from.as_ref().map(Moment::as_str)),
        p::opt_text(filter.until.as_ref().map(Moment::as_str)),
        p::opt_text(filter.number.as_deref()),
        p::opt_text(filter.email.as_deref()),
        p::bool(filter.oldest_first),
        p::opt_uuid(filter.after),
        int4(limit)?,
    ];
    let sql =
        "SELECT items, next FROM all_orders($1, $2::text::timestamptz, $3::text::timestamptz, $4, $5, $6, $7, $8)";
    let row = one(sql, params).await?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// Gives money back, for `actor` of the shop.
pub async fn refund(
    id: Uuid,
    request: &RefundRequest,
    key: &IdempotencyKey,
    actor: Uuid,
    traceparent: &str,
) -> Result<Answer, DbError> {
    let params = vec![
        p::uuid(id),
        p::opt_int(request.amount.map(|amount| amount.amount_minor)),
        p::opt_text(request.amount.as_ref().map(|amount| amount.currency.as_str())),
        p::text(&request.reason),
        if request.lines.is_empty() { p::null() } else { p::json(&request.lines) },
        p::uuid(actor),
        p::text(key.as_str()),
        p::text(&digest(request)),
        p::text(traceparent),
    ];
    told("SELECT outcome, body FROM refund_order($1, $2, $3, $4, $5, $6, $7, $8, $9)", params).await
}

/// Asks to send pieces back.
pub async fn request_return(
    id: Uuid,
    user: Uuid,
    is_staff: bool,
    request: &ReturnRequest,
    window_days: i32,
    traceparent: &str,
) -> Result<Answer, DbError> {
    let params = vec![
        p::uuid(id),
        p::uuid(user),
        p::bool(is_staff),
        p::json(&request.lines),
        p::text(&request.reason),
        p::int4(window_days),
        p::text(traceparent),
    ];
    told("SELECT outcome, body FROM request_return($1, $2, $3, $4, $5, $6, $7)", params).await
}

/// Takes a return in, for `actor` of the shop.
pub async fn accept_return(
    (order, id): (Uuid, Uuid),
    request: &AcceptRequest,
    actor: Uuid,
    traceparent: &str,
) -> Result<Answer, DbError> {
    let params = vec![
        p::uuid(order),
        p::uuid(id),
        p::text_array(request.restock.iter().map(Sku::as_str)),
        p::opt_int(request.refund.map(|refund| refund.amount_minor)),
        p::opt_text(request.refund.as_ref().map(|refund| refund.currency.as_str())),
        p::uuid(actor),
        p::text(traceparent),
    ];
    told("SELECT outcome, body FROM accept_return($1, $2, $3, $4, $5, $6, $7)", params).await
}

/// Declines a return, for `actor` of the shop.
pub async fn reject_return((order, id): (Uuid, Uuid), why: &str, actor: Uuid) -> Result<Answer, DbError> {
    let params = vec![p::uuid(order), p::uuid(id), p::text(why), p::uuid(actor)];
    Answer::of("SELECT outcome, body FROM reject_return($1, $2, $3, $4)", params).await
}

/// Applies a batch of events.
pub async fn apply_events(batch: &[Event]) -> Result<(), DbError> {
    one("SELECT apply_events($1)", vec![p::raw_json(&event::batch_json(batch))]).await?;
    outbox::hint("order");
    Ok(())
}

/// Cancels what has waited longer than `timeout_s`.
pub async fn cancel_overdue(timeout_s: i32) -> Result<(), DbError> {
    let cancelled = one("SELECT cancel_overdue($1)", vec![p::int4(timeout_s)]).await?.int(0)?;
    if cancelled > 0 {
        outbox::hint("order");
    }
    Ok(())
}

/// Forgets records that have served their time.
pub async fn clean_up() -> Result<(), DbError> {
    one("SELECT 1 FROM clean_up()", vec![]).await.map(drop)
}

/// An [`Answer`] of a function that may have told others something.
async fn told(sql: &str, params: Vec<p::ParameterValue>) -> Result<Answer, DbError> {
    let answer = Answer::of(sql, params).await?;
    outbox::hint("order");
    Ok(answer)
}
