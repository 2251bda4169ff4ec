//! The catalog's rules, free of I/O: what a product may look like, what a list query means, where a page goes on, and
//! what a cached entry says. Everything here runs and is tested natively.

pub mod compact;
pub mod conditional;
pub mod entry;
pub mod html;
pub mod input;
pub mod listing;
pub mod pictures;
pub mod position;
pub mod product;
pub mod query_string;
pub mod reference;
pub mod shelving;
pub mod variant;
