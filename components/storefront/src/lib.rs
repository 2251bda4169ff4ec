//! The storefront: the built shop (`frontend/`) out of the component itself, a page about the shop that needs no script, and
//! 404 for the rest. It has no capabilities at all: no database, no Redis, no other host.

pub mod assets;
// Export names are for a wasm linker only, and what the macro expands to is unsafe.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod entry;
pub mod pages;
pub mod routes;
