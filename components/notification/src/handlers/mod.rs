//! One use case a file.

pub mod messages;
pub mod mine;
mod paging;
