//! One use case a module. Handlers parse, call the store and render; what stock may do is decided in SQL.

pub mod change;
mod idempotency;
pub mod low_stock;
pub mod open;
pub mod reservations;
pub mod stock;

use souk_core::{
    problem::Problem,
    sku::Sku,
    text,
    token::{Claims, Role},
};
use souk_host::{ApiError, http::Identity};

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
