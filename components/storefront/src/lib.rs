//! The storefront: one plain page that says where everything is, a picture for its tab, and 404 for the rest. It has no
//! capabilities at all: no database, no Redis, no other host.

// Export names are for a wasm linker only, and what the macro expands to is unsafe.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)]
mod entry;
pub mod pages;
