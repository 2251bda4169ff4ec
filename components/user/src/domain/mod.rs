//! The rules of accounts and sign-in. Pure: no Spin, no I/O, no clock; randomness comes from the operating system.

pub mod account;
pub mod password;
pub mod refresh_token;
pub mod throttle;
