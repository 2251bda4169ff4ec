//! The one crate that touches the Spin SDK: moving Souk to the next SDK changes this crate and nothing else.
//!
//! Futures of host calls are not `Send`, since a component has one thread; they are wrapped here so that plain axum
//! handlers, which ask for `Send`, can await them.

pub mod config;
pub mod consumer;
#[cfg(not(target_family = "wasm"))]
mod contract;
pub mod db;
pub mod documents;
pub mod error;
pub mod extract;
pub mod http;
pub mod identity;
pub mod openapi;
pub mod outbox;
pub mod redis;
pub mod reply;
mod spans;
mod stream_reply;
mod trace;

pub use axum;
pub use error::ApiError;
pub use spin_sdk;
pub use utoipa;
pub use utoipa_axum;
