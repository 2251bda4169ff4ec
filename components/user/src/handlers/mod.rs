//! One use case a file.

pub mod jwks;
pub mod login;
pub mod logout;
pub mod me;
pub mod refresh;
pub mod register;
mod signed_in;
