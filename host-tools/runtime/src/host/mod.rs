//! The host side of the interfaces that components import.

pub mod outbound;
#[allow(clippy::result_large_err, reason = "the interface's error carries Postgres' fields by value")]
pub mod postgres;
pub mod redis;
pub mod variables;
