//! No code: see the manifest for what this crate is for.
