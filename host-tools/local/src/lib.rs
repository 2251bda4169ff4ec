//! Runs all of Souk on one machine, for `souk up` and for the tests.
//!
//! An [`Environment`] owns one directory (`.souk` by default): a private Postgres and Redis (or the addresses of given
//! ones), generated secrets, pid files and logs, and the five processes that make up a running shop. Everything it
//! starts listens on 127.0.0.1 only. What is started twice, killed, or left half-made by a crash is put right by the
//! next start.

mod cluster;
mod commands;
mod databases;
mod environment;
mod error;
pub mod http;
mod keys;
mod lifecycle;
mod migrations;
mod packages;
mod pidfile;
mod ports;
mod process;
mod reaper;
mod redis_server;
mod runtime;
mod secrets;
mod server_url;
mod settings;
mod signing;
mod state;
mod streams;
mod temporary;
mod variables;

pub use databases::SERVICES;
pub use environment::Environment;
pub use error::{LocalError, Result};
pub use keys::{Key, KeyState, Rotated};
pub use migrations::Migrated;
pub use pidfile::PidFile;
pub use ports::Ports;
pub use process::{Process, ProcessStatus};
pub use server_url::{PostgresServer, RedisServer};
pub use settings::{RuntimeKind, Settings};
pub use streams::{Stream, Topology};
