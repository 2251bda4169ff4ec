//! All SQL of the service. Each function is one statement; those that emit events hint at the relay afterwards.

use crate::domain::{
    quote::{Cart, Quote},
    request::{CheckoutRequest, IdempotencyKey},
    views::{self, AppliedDiscount, TimelineEntry},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use souk_core::{
    address::Address,
    event::{self, Event},
    sku::Sku,
    token::Claims,
};
use souk_host::{
    db::{Db, DbError, Row, p},
    outbox,
};
use uuid::Uuid;

/// An answer of a SQL function: its outcome, and the document that goes with it, as JSON text.
#[derive(Debug)]
pub struct Answer {
    /// The function's word for what happened.
    pub outcome: String,
    /// The cart or order as it is now.
    pub body: Option<String>,
}

impl Answer {
    async fn of(sql: &str, params: Vec<p::ParameterValue>) -> Result<Self, DbError> {
        let row = one(sql, params).await?;
        Ok(Self { outcome: row.text(0)?, body: row.json_opt(1)? })
    }
}

/// The user's open cart, as JSON text.
pub async fn cart(user: Uuid) -> Result<String, DbError> {
    one("SELECT cart_view($1)", vec![p::uuid(user)]).await?.json(0)
}

/// Sets the quantity of a SKU in the user's open cart.
pub async fn cart_put(user: Uuid, sku: &Sku, quantity: u32) -> Result<Answer, DbError> {
    let quantity = i32::try_from(quantity).map_err(|error| DbError::Other(error.to_string()))?;
    let params = vec![p::uuid(user), p::text(sku.as_str()), p::int4(quantity)];
    Answer::of("SELECT outcome, body FROM cart_put($1, $2, $3)", params).await
}

/// Takes a SKU, or everything, out of the user's open cart, and returns the cart as JSON text.
pub async fn cart_remove(user: Uuid, sku: Option<&Sku>) -> Result<String, DbError> {
    let params = vec![p::uuid(user), p::opt_text(sku.map(Sku::as_str))];
    one("SELECT cart_remove($1, $2)", params).await?.json(0)
}

/// What a quote or a checkout starts from.
#[derive(Debug, Deserialize)]
pub struct Loaded {
    /// The order that this Idempotency-Key made already.
    pub replay: Option<Replay>,
    /// The user's open cart.
    pub cart: Option<Cart>,
    /// The user's last order; looked for only without an open cart.
    pub last_order_id: Option<Uuid>,
}

/// An order that was made by an earlier request.
#[derive(Debug, Deserialize)]
pub struct Replay {
    /// Hash of that request.
    pub request_hash: String,
    /// The order as it is now, as JSON text.
    pub order: Box<RawValue>,
}

/// Loads the open cart with today's offers, and what `key` made before.
pub async fn checkout_load(user: Uuid, key: Option<&IdempotencyKey>) -> Result<Loaded, DbError> {
    let params = vec![p::uuid(user), p::opt_text(key.map(IdempotencyKey::as_str))];
    parsed(&one("SELECT checkout_load($1, $2)", params).await?.json(0)?)
}

/// What became of an attempt to place an order.
#[derive(Debug)]
pub enum Placement {
    /// The order's id, number and time.
    Placed((Uuid, String, String)),
    /// The same request made this order in the meantime.
    Replayed(Uuid),
    /// The key belongs to another request.
    KeyReused,
    /// The cart became this order in the meantime.
    CartOrdered(Uuid),
    /// The cart or the offers are not what the quote was computed from.
    Changed,
}

/// What place_order writes as it is given.
#[derive(Serialize)]
struct NewOrder<'a> {
    email: &'a str,
    name: &'a str,
    discount_minor: i64,
    shipping_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    discounts: Vec<AppliedDiscount>,
    promotion_codes: &'a [String],
    shipping_method: &'a str,
    shipping_label: &'a str,
    tax_label: &'a str,
    shipping_address: &'a Address,
    payment_token: &'a str,
}

/// Makes the order of `cart` at `quote`, unless something has changed.
pub async fn place_order(
    shopper: &Claims,
    cart: &Cart,
    quote: &Quote,
    key: &IdempotencyKey,
    request: &CheckoutRequest,
    traceparent: &str,
) -> Result<Placement, DbError> {
    let order = NewOrder {
        email: &shopper.email,
        name: &shopper.name,
        discount_minor: quote.discount.amount_minor,
        shipping_minor: quote.shipping.amount_minor,
        tax_minor: quote.tax.amount_minor,
        total_minor: quote.total.amount_minor,
        discounts: views::discounts(quote),
        promotion_codes: &request.promotion_codes,
        shipping_method: &quote.chosen.method,
        shipping_label: &quote.chosen.label,
        tax_label: &quote.tax_label,
        shipping_address: &request.shipping_address,
        payment_token: &request.payment_token,
    };
    let params = vec![
        p::uuid(shopper.sub),
        p::uuid(cart.id),
        p::opt_text(cart.fingerprint.as_deref()),
        p::text(key.as_str()),
        p::text(&request.hash()),
        p::json(&order),
        p::text(traceparent),
    ];
    let sql = "SELECT outcome, order_id, number, placed_at FROM place_order($1, $2, $3, $4, $5, $6, $7)";
    let row = one(sql, params).await?;
    let placement = match row.text(0)?.as_str() {
        "placed" => Placement::Placed((row.uuid(1)?, row.text(2)?, row.text(3)?)),
        "replayed" => Placement::Replayed(row.uuid(1)?),
        "key_reused" => Placement::KeyReused,
        "cart_ordered" => Placement::CartOrdered(row.uuid(1)?),
        "changed" => Placement::Changed,
        other => return Err(DbError::Other(format!("place_order answered {other}"))),
    };
    if matches!(placement, Placement::Placed(_)) {
        outbox::hint("order");
    }
    Ok(placement)
}

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
    let limit = i32::try_from(limit).map_err(|error| DbError::Other(error.to_string()))?;
    let params = vec![p::uuid(user), p::opt_uuid(before), p::int4(limit)];
    let row = one("SELECT items, next FROM order_page($1, $2, $3)", params).await?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// Cancels an order of the user's, or anybody's for support.
pub async fn cancel(id: Uuid, user: Uuid, is_staff: bool, traceparent: &str) -> Result<Answer, DbError> {
    let params = vec![p::uuid(id), p::uuid(user), p::bool(is_staff), p::text(traceparent)];
    let answer = Answer::of("SELECT outcome, body FROM cancel_order($1, $2, $3, $4)", params).await?;
    outbox::hint("order");
    Ok(answer)
}

/// Marks an order as `shipped` or `delivered`.
pub async fn move_parcel(id: Uuid, status: &str, traceparent: &str) -> Result<Answer, DbError> {
    let params = vec![p::uuid(id), p::text(status), p::text(traceparent)];
    let answer = Answer::of("SELECT outcome, body FROM move_parcel($1, $2, $3)", params).await?;
    outbox::hint("order");
    Ok(answer)
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

async fn one(sql: &str, params: Vec<p::ParameterValue>) -> Result<Row, DbError> {
    Db::connect().await?.one(sql, params).await?.ok_or_else(|| DbError::Other(format!("no row from {sql}")))
}

fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("unexpected document: {error}")))
}
