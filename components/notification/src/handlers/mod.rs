//! One use case a file.

pub mod message;
pub mod messages;
pub mod mine;
mod paging;
pub mod preferences;
pub mod resend;
pub mod unsubscribe;
