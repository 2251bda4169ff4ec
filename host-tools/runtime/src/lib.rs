//! Runs a Spin 4 application: reads its `spin.toml`, loads its components (WASI 0.3 handlers built with spin-sdk 6) and
//! serves their HTTP and Redis triggers in one process. `docs/runtime.md` says what it supports and where it differs.

pub mod component;
pub mod error;
pub mod guest;
pub mod host;
pub mod http;
pub mod logs;
pub mod manifest;
pub mod metrics;
pub mod redis_trigger;
pub mod runtime;
pub mod telemetry;

/// The Spin interfaces, generated from the WIT files in the spin-sdk package (see build.rs).
#[allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated code")]
pub mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}
