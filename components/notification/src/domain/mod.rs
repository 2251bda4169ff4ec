//! What leads to a mail, and the mail itself. Pure: no Spin, no I/O.

pub mod amount;
pub mod effect;
pub mod events;
pub mod mail;
pub mod plan;
mod templates;

pub use templates::Shop;
