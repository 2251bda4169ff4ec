//! The host side of the interfaces that components import.

pub mod outbound;
pub mod postgres;
pub mod redis;
pub mod variables;
