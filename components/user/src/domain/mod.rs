//! The rules of accounts and sign-in. Pure: no Spin, no I/O, no clock; randomness comes from the operating system.

pub mod account;
pub mod client;
pub mod cookie;
pub mod guest;
pub mod password;
pub mod postal;
pub mod roles;
pub mod rotation;
pub mod secret;
pub mod throttle;
