//! A private Redis with its data in an append-only file that is flushed on every write, so that a crash loses nothing
//! that was answered.

use crate::process::{Server, accepts, free_port, fresh_dir};
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use redis::aio::MultiplexedConnection;
use std::path::PathBuf;

/// A running private Redis.
#[derive(Debug)]
pub struct Redis {
    server: Option<Server>,
    dir: PathBuf,
    port: u16,
}

impl Redis {
    /// Starts a new server.
    pub fn start() -> Result<Self> {
        let mut redis = Self { server: None, dir: fresh_dir("redis")?, port: free_port()? };
        redis.resume()?;
        Ok(redis)
    }

    /// Kills the server (SIGKILL) and keeps its data.
    pub fn crash(&mut self) -> Result<()> {
        self.server.take().context("Redis is not running")?.stop_keeping_data(Signal::SIGKILL)
    }

    /// Starts the server again after [`Self::crash`], on the same port and data.
    pub fn resume(&mut self) -> Result<()> {
        let dir = self.dir.display().to_string();
        let port = self.port.to_string();
        let line = [
            "redis-server",
            "--port",
            &port,
            "--bind",
            "127.0.0.1",
            "--dir",
            &dir,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
        ];
        self.server = Some(Server::start(&self.dir, "KILL", &line.map(str::to_owned), || accepts(self.port))?);
        Ok(())
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// A new connection.
    pub async fn connect(&self) -> Result<MultiplexedConnection> {
        Ok(redis::Client::open(self.url())?.get_multiplexed_async_connection().await?)
    }
}
