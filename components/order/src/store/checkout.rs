//! Checkout: one statement that loads, one that places the order.

use super::{one, parsed};
use crate::domain::{
    quote::{Cart, Quote},
    request::{Buyer, CheckoutRequest, IdempotencyKey},
    views::{self, AppliedDiscount},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use souk_core::address::Address;
use souk_host::{
    db::{DbError, p},
    outbox,
};
use uuid::Uuid;

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

/// Loads the open cart with today's offers and what is to be known about `codes`, and what `key` made before. The
/// shopper's address is not known yet when a guest asks for a quote.
pub async fn checkout_load(
    user: Uuid,
    email: Option<&str>,
    codes: &[String],
    key: Option<&IdempotencyKey>,
) -> Result<Loaded, DbError> {
    let codes = if codes.is_empty() { p::null() } else { p::text_array(codes) };
    let params = vec![p::uuid(user), p::opt_text(key.map(IdempotencyKey::as_str)), codes, p::opt_text(email)];
    parsed(&one("SELECT checkout_load($1, $2, $3, $4)", params).await?.json(0)?)
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
    /// The cart, the offers or the promotions are not what the quote was computed from.
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
    shipping_tax_minor: i64,
    total_minor: i64,
    discounts: Vec<AppliedDiscount>,
    promotion_codes: &'a [String],
    shipping_method: &'a str,
    shipping_label: &'a str,
    tax_label: &'a str,
    shipping_address: &'a Address,
    payment_token: &'a str,
}

/// The constraints that hold the limits of promotion codes, and the one that a code which was just deleted breaks.
const USES_OF_CODES: [&str; 3] =
    ["promotions_within_limit", "promotion_redemptions_per_shopper", "promotion_redemptions_code_fkey"];

/// Makes the order of `cart` at a quote, of whose tax so much is on the shipping, unless something has changed.
pub async fn place_order(
    buyer: &Buyer,
    cart: &Cart,
    (quote, shipping_tax_minor): (&Quote, i64),
    key: &IdempotencyKey,
    request: &CheckoutRequest,
    traceparent: &str,
) -> Result<Placement, DbError> {
    let order = NewOrder {
        email: &buyer.email,
        name: &buyer.name,
        discount_minor: quote.discount.amount_minor,
        shipping_minor: quote.shipping.amount_minor,
        tax_minor: quote.tax.amount_minor,
        shipping_tax_minor,
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
        p::uuid(buyer.id),
        p::uuid(cart.id),
        p::opt_text(cart.fingerprint.as_deref()),
        p::text(key.as_str()),
        p::text(&request.hash()),
        p::json(&order),
        p::text(traceparent),
    ];
    let sql = "SELECT outcome, order_id, number, placed_at FROM place_order($1, $2, $3, $4, $5, $6, $7)";
    let row = match one(sql, params).await {
        // Somebody else took a code's last use, or the code itself away, in the meantime.
        Err(error) if USES_OF_CODES.iter().any(|limit| error.is_constraint(limit)) => return Ok(Placement::Changed),
        other => other?,
    };
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
