//! The vocabulary that Souk's services share: money, problem documents, events, access tokens and the small types
//! that parse input at the edge. Pure code: no I/O, no clock of its own, no Spin, so it tests natively.

pub mod address;
pub mod calendar;
pub mod email;
pub mod event;
pub mod id;
pub mod money;
pub mod page;
pub mod problem;
pub mod quantity;
pub mod sku;
pub mod text;
pub mod token;
pub mod trace;
