//! Carts.

use super::one;
use souk_core::{sku::Sku, token::Claims};
use souk_host::db::{DbError, p};
use uuid::Uuid;

/// What a change of a cart answers.
#[derive(Debug)]
pub struct CartAnswer {
    /// The function's word for what happened.
    pub outcome: String,
    /// The cart as it is now, as JSON text.
    pub body: Option<String>,
    /// Its version.
    pub version: Option<i64>,
}

async fn answer(sql: &str, params: Vec<p::ParameterValue>) -> Result<CartAnswer, DbError> {
    let row = one(sql, params).await?;
    Ok(CartAnswer { outcome: row.text(0)?, body: row.json_opt(1)?, version: row.int_opt(2)? })
}

/// The user's open cart.
pub async fn cart(user: Uuid) -> Result<CartAnswer, DbError> {
    let sql = "SELECT 'ok', body, (body ->> 'version')::bigint FROM cart_view($1) AS body";
    answer(sql, vec![p::uuid(user)]).await
}

/// Sets the quantity of a SKU in the shopper's open cart, or adds to it. `version` is the one that the caller saw.
pub async fn cart_put(
    shopper: &Claims,
    sku: &Sku,
    quantity: i32,
    is_delta: bool,
    version: Option<i64>,
    traceparent: &str,
) -> Result<CartAnswer, DbError> {
    let params = vec![
        p::uuid(shopper.sub),
        p::text(sku.as_str()),
        p::int4(quantity),
        p::bool(is_delta),
        p::opt_int(version),
        p::bool(shopper.is_guest()),
        p::text(traceparent),
    ];
    let sql = "SELECT outcome, body, (body ->> 'version')::bigint FROM cart_put($1, $2, $3, $4, $5, $6, $7)";
    answer(sql, params).await
}

/// Takes a SKU, or everything, out of the user's open cart.
pub async fn cart_remove(user: Uuid, sku: Option<&Sku>, version: Option<i64>) -> Result<CartAnswer, DbError> {
    let params = vec![p::uuid(user), p::opt_text(sku.map(Sku::as_str)), p::opt_int(version)];
    answer("SELECT outcome, body, (body ->> 'version')::bigint FROM cart_remove($1, $2, $3)", params).await
}

/// Puts a guest's open cart into the user's.
pub async fn cart_merge(user: Uuid, guest: Uuid) -> Result<CartAnswer, DbError> {
    let params = vec![p::uuid(user), p::uuid(guest)];
    answer("SELECT outcome, body, (body ->> 'version')::bigint FROM cart_merge($1, $2)", params).await
}
