//! What the service knows without any host: the order's states and process, quotes, and the shapes of its API.

pub mod process;
pub mod promotion;
pub mod quote;
pub mod request;
pub mod status;
pub mod views;
