//! One use case a file: parse, ask the domain, ask the store, render.

pub mod cancel;
pub mod cart;
pub mod checkout;
pub mod list;
pub mod parcel;
pub mod quote;
pub mod show;
pub mod watch;

use souk_core::problem::Problem;
use souk_host::ApiError;

/// Somebody else's order and no order at all look the same.
fn no_such_order() -> ApiError {
    Problem::not_found("order-unknown", "There is no such order among yours.").into()
}
