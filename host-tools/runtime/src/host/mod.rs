//! The host side of the interfaces that components import.

pub mod outbound;
#[allow(clippy::result_large_err, reason = "the interface's error carries Postgres' fields by value")]
pub mod postgres;
pub mod redis;
pub mod variables;

/// The most that a database's answer may take in the host's memory before it reaches the guest, as on Spin.
const MAX_RESULT_BYTES: usize = 128 << 20;

/// What a guest is told about a larger one, in Spin's words.
fn result_too_large() -> String {
    format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes")
}
