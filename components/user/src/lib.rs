//! The user service.
pub mod domain;
