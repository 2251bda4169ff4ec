//! What leads to a mail, and the mail itself. Pure: no Spin, no I/O.

pub mod amount;
pub mod effect;
pub mod events;
mod letter;
pub mod locale;
pub mod mail;
mod moment;
pub mod plan;
mod shop;
pub mod template;
mod text;
mod views;
mod words;

pub use shop::Shop;
