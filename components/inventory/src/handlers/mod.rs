//! One use case a module. Handlers parse, call the store and render; what stock may do is decided in SQL. A field that
//! does not exist is refused rather than ignored: goods with a misspelt location would be put somewhere else.

pub mod change;
pub mod expected;
mod idempotency;
pub mod ledger;
pub mod locations;
pub mod low_stock;
pub mod notify_me;
pub mod open;
mod refusal;
pub mod reservations;
pub mod stock;
pub mod threshold;
pub mod transfer;

use serde::Serialize;
use souk_core::{
    page,
    problem::Problem,
    sku::Sku,
    text,
    token::{Claims, Role},
};
use souk_host::{
    ApiError,
    http::{Identity, JsonText},
};

/// The caller's claims when they may manage stock.
fn stock_keeper(identity: Identity) -> Result<Claims, ApiError> {
    identity.require(&[Role::Merchant, Role::Admin])?;
    Ok(identity.0)
}

/// The SKU of a path. What cannot be a SKU names nothing.
fn path_sku(raw: &str) -> Result<Sku, ApiError> {
    Sku::parse(raw).map_err(|_| unknown_sku(raw))
}

/// 404 for a SKU that is not stocked.
fn unknown_sku(raw: &str) -> ApiError {
    let shown: String = raw.chars().filter(|c| !c.is_control()).take(64).collect();
    Problem::not_found("unknown-sku", format!("There is no SKU {shown} here. Check the spelling; case matters.")).into()
}

/// Why stock was changed, for the ledger.
fn reason(raw: &str) -> Result<&str, ApiError> {
    text::line(raw, 1, 200).map_err(|error| Problem::unprocessable("invalid-reason", format!("reason {error}.")).into())
}

/// A page of which the database made the items: a JSON list, and the last one's key when there are more.
fn page_json<K: Serialize>(items: &str, next: Option<K>) -> JsonText {
    JsonText(format!("{{\"items\":{items},\"next_cursor\":{}}}", cursor_json(next)))
}

fn cursor_json<K: Serialize>(next: Option<K>) -> String {
    next.map_or_else(|| "null".to_owned(), |key| format!("\"{}\"", page::encode_cursor(&key)))
}
