//! The HTTP trigger: routing, the headers Spin adds, limits, and the listener.

mod body;
mod headers;
mod problem;
mod router;
mod server;

pub use router::Router;
pub use server::{Server, metrics_server};
