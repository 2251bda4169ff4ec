//! The catalog service: products, variants, categories and search for everybody; changes of them for merchants.
//!
//! Reads come from the cache as finished bytes wherever they can; every change is one SQL statement that also writes its
//! events, and those events are what makes old cached pages go away for sure.

pub mod cache;
pub mod domain;
// Export names are for a wasm linker only, and what the macros expand to is unsafe.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod entry;
pub mod events;
pub mod fast;
pub mod handlers;
pub mod routes;
pub mod store;
pub mod views;
