//! The six ports of one machine's Souk, and who holds a busy one.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{LocalError, Result};

/// Where each process listens on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// The shop: every HTTP route of every service.
    pub gateway: u16,
    /// The runtime's Prometheus metrics.
    pub runtime_metrics: u16,
    /// The relay's Prometheus metrics.
    pub relay_metrics: u16,
    /// The mailbox page, and the mailer's metrics.
    pub mailer: u16,
    /// The private Postgres.
    pub postgres: u16,
    /// The private Redis.
    pub redis: u16,
}

/// The gateway's port when nothing else is asked for.
const GATEWAY: u16 = 9080;
/// How far above the gateway the private servers listen: 9432 and 9379 beside 9080.
const POSTGRES_OFFSET: u16 = 352;
const REDIS_OFFSET: u16 = 299;

impl Default for Ports {
    fn default() -> Self {
        Self::at(GATEWAY)
    }
}

impl Ports {
    /// All six, at fixed distances from the gateway's port; `None` when the highest would pass 65535.
    pub fn based_on(gateway: u16) -> Option<Self> {
        (gateway > 0 && gateway <= u16::MAX - POSTGRES_OFFSET).then(|| Self::at(gateway))
    }

    const fn at(gateway: u16) -> Self {
        Self {
            gateway,
            runtime_metrics: gateway + 1,
            relay_metrics: gateway + 2,
            mailer: gateway + 3,
            postgres: gateway + POSTGRES_OFFSET,
            redis: gateway + REDIS_OFFSET,
        }
    }

    /// Six ports that nobody listens on now. They lie below the system's range for outgoing connections, so that a
    /// server that is stopped and started again finds its port still free.
    pub fn free() -> Result<Self> {
        for _ in 0..200 {
            let mut random = [0u8; 2];
            getrandom::fill(&mut random).map_err(|e| LocalError::Setting(format!("no random numbers: {e}")))?;
            let ports = Self::at(10_000 + u16::from_le_bytes(random) % 20_000);
            if ports.all().iter().all(|port| is_free(*port)) {
                return Ok(ports);
            }
        }
        Err(LocalError::Setting("no six free ports between 10000 and 30352 were found: stop some servers".to_owned()))
    }

    fn all(self) -> [u16; 6] {
        [self.gateway, self.runtime_metrics, self.relay_metrics, self.mailer, self.postgres, self.redis]
    }
}

/// Tries of 10 ms before a port counts as taken.
const STILL_CLOSING: u32 = 100;

/// Fails with a message that names the holder when `port` cannot be listened on.
pub(crate) fn require_free(port: u16, purpose: &'static str, option: &'static str) -> Result<()> {
    // The port of a process that was just killed stays taken until its last thread is gone.
    for _ in 0..STILL_CLOSING {
        if is_free(port) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(LocalError::PortBusy { port, purpose, holder: holder(port), option })
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// The program that listens on a port, as "name (pid 1234)", where /proc tells.
fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|table| {
        fs::read_to_string(table).ok()?.lines().find_map(|line| listening_inode(line, port).map(str::to_owned))
    })?;
    let wanted = format!("socket:[{inode}]");
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let pid: u32 = process.file_name().to_str()?.parse().ok()?;
        let holds = fs::read_dir(process.path().join("fd"))
            .ok()?
            .flatten()
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|target| target.as_os_str() == wanted.as_str()));
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        holds.then(|| format!("{} (pid {pid})", name.trim()))
    })
}

/// The socket inode of one line of /proc/net/tcp, when it listens (state 0A) on the port.
fn listening_inode(line: &str, port: u16) -> Option<&str> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let (_, hex) = local.rsplit_once(':')?;
    (*state == "0A" && u16::from_str_radix(hex, 16).ok()? == port).then_some(*inode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_moves_every_port() {
        let ports = Ports::based_on(9180).unwrap();
        assert_eq!(ports.runtime_metrics, 9181);
        assert_eq!(ports.postgres, 9532);
        assert_eq!(Ports::default().postgres, 9432);
        assert_eq!(Ports::default().redis, 9379);
        assert_eq!(Ports::based_on(65_500), None);
        assert_eq!(Ports::based_on(0), None);
    }

    #[test]
    fn a_busy_port_names_its_holder_and_the_option_that_moves_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let message = require_free(port, "the shop", "--port").unwrap_err().to_string();
        assert!(message.contains(&port.to_string()), "{message}");
        assert!(message.contains(&format!("pid {}", std::process::id())), "{message}");
        assert!(message.contains("--port"), "{message}");
        drop(listener);
        require_free(port, "the shop", "--port").unwrap();
    }
}
