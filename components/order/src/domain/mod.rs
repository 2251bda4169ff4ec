//! What the service knows without any host: the order's states and process, quotes, and the shapes of its API.

pub mod aftercare;
pub mod moment;
pub mod plugin_answer;
pub mod process;
pub mod promotion;
pub mod promotion_request;
pub mod quote;
pub mod request;
pub mod search;
pub mod status;
pub mod views;
