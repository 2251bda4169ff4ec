//! One use case, or the few that share one resource, a file.

pub mod addresses;
pub mod browser_session;
mod confirm;
pub mod export;
mod fields;
pub mod guest;
pub mod jwks;
pub mod login;
pub mod logout;
pub mod me;
pub mod password;
pub mod refresh;
pub mod register;
pub mod sessions;
mod signed_in;
pub mod staff;
pub mod verify_email;
