//! Private servers for tests: a real Postgres and a real Redis, each on a free loopback port with its data in a
//! temporary directory, and a service's migrations applied to a database of its own.
//!
//! A server ends, and its directory is removed, when its handle is dropped or the test process is gone for whatever
//! reason (kill -9 included): a small shell watches a pipe from the test process.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let postgres = souk_testkit::Postgres::shared(); // one server for all tests of a binary
//! let database = postgres.migrated("inventory").await?; // a new database with the service's tables
//! let client = database.connect().await?;
//! # Ok(()) }
//! ```

pub mod events;
mod migrations;
mod postgres;
mod process;
mod redis_server;
mod wait;

pub use migrations::{repository_root, sql_files};
pub use postgres::{Database, Postgres};
pub use redis_server::Redis;
pub use wait::{DEADLINE, eventually};
