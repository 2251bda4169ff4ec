//! One use case a module. Handlers parse, call the store and render.

pub mod ledger;
pub mod refunds;
pub mod show;
