//! A private Postgres: superuser `postgres`, no password on loopback, UTC. fsync is off unless crash safety is what
//! a test is about.

use crate::migrations;
use crate::process::{Server, free_port, fresh_dir};
use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::{Client, NoTls};

/// A running private Postgres.
#[derive(Debug)]
pub struct Postgres {
    server: Option<Server>,
    dir: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl Postgres {
    /// Starts a new server (one to two seconds).
    pub fn start() -> Result<Self> {
        let (dir, port) = (fresh_dir("postgres")?, free_port()?);
        if let Some(user) = unprivileged()? {
            chown(&dir, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        let data = dir.join("data").display().to_string();
        let initdb = command_line(
            "initdb",
            &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--locale=C.UTF-8"],
        )?;
        let (program, arguments) = initdb.split_first().context("no initdb")?;
        let output = Command::new(program).args(arguments).current_dir("/").output().context("running initdb")?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let mut postgres = Self { server: None, dir, port, databases: AtomicU32::new(0) };
        postgres.resume()?;
        Ok(postgres)
    }

    /// The server that all tests of this binary share; started by the first that asks.
    #[allow(clippy::panic)] // a helper of tests: without a server no test can go on
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start().unwrap_or_else(|error| panic!("no Postgres for tests: {error:#}")))
    }

    /// Crashes the server (immediate shutdown: every connection breaks, nothing is flushed) and keeps its data.
    pub fn crash(&mut self) -> Result<()> {
        self.server.take().context("Postgres is not running")?.stop_keeping_data(Signal::SIGQUIT)
    }

    /// Starts the server again after [`Self::crash`], on the same port and data.
    pub fn resume(&mut self) -> Result<()> {
        let data = self.dir.join("data").display().to_string();
        let port = self.port.to_string();
        let mut arguments = vec!["-D", &data, "-h", "127.0.0.1", "-p", &port, "-k", ""];
        for setting in
            ["timezone=UTC", "max_connections=200", "shared_buffers=32MB", "full_page_writes=off", "fsync=off"]
        {
            arguments.extend(["-c", setting]);
        }
        // It accepts connections before it serves them, so only its own tool can tell.
        let mut probe = Command::new(binary("pg_isready")?);
        probe.args(["-q", "-h", "127.0.0.1", "-p", &port]);
        let is_ready = || probe.status().is_ok_and(|status| status.success());
        let server = Server::start(&self.dir, "QUIT", &command_line("postgres", &arguments)?, is_ready)?;
        self.server = Some(server);
        Ok(())
    }

    /// The port it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// A new database with the shared migrations and those of `components/<service>`, owned by the role
    /// `souk_<service>`; the role `souk_relay` may read and delete its outbox.
    pub async fn migrated(&self, service: &str) -> Result<Database> {
        let files = migrations::of_service(service)?;
        self.with_files(service, &files).await
    }

    /// A new database with the shared migrations alone: outbox, inbox and their functions.
    pub async fn platform(&self, service: &str) -> Result<Database> {
        let files = migrations::shared()?;
        self.with_files(service, &files).await
    }

    async fn with_files(&self, service: &str, files: &[PathBuf]) -> Result<Database> {
        let owner = format!("souk_{service}");
        let name = format!("{owner}_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let admin = self.admin().await?;
        for role in [owner.as_str(), "souk_relay"] {
            // Two tests may create the same role at once, and IF NOT EXISTS is not offered for roles.
            let sql = format!(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN; \
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            );
            admin.batch_execute(&sql).await?;
        }
        admin.batch_execute(&format!("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0")).await?;
        let database = Database { name, owner, port: self.port };
        let client = database.connect().await?;
        for file in files {
            let sql = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
            client.batch_execute(&sql).await.with_context(|| format!("applying {}", file.display()))?;
        }
        client.batch_execute("GRANT SELECT, DELETE ON outbox TO souk_relay").await?;
        Ok(database)
    }

    async fn admin(&self) -> Result<Client> {
        connect(&self.url("postgres")).await
    }
}

/// One database of a private Postgres.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// The role that owns it.
    pub owner: String,
    port: u16,
}

impl Database {
    /// The owner's address.
    pub fn url(&self) -> String {
        self.url_as(&self.owner)
    }

    /// The address for another role.
    pub fn url_as(&self, role: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// A connection as the owner.
    pub async fn connect(&self) -> Result<Client> {
        connect(&self.url()).await
    }
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.with_context(|| format!("connecting to {url}"))?;
    // The connection's error, if any, is what the client's next call reports.
    tokio::spawn(connection);
    Ok(client)
}

fn unprivileged() -> Result<Option<nix::unistd::User>> {
    if !nix::unistd::Uid::effective().is_root() {
        return Ok(None);
    }
    nix::unistd::User::from_name("postgres")?
        .map(Some)
        .context("Postgres refuses to run as root and there is no user postgres")
}

fn command_line(program: &str, arguments: &[&str]) -> Result<Vec<String>> {
    let mut line = Vec::new();
    if unprivileged()?.is_some() {
        line.extend(["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"].map(str::to_owned));
    }
    line.push(binary(program)?.display().to_string());
    line.extend(arguments.iter().map(|argument| (*argument).to_owned()));
    Ok(line)
}

/// In the folder that `SOUK_PG_BIN` names, on PATH, or where Debian's packages put it (the newest version).
fn binary(program: &str) -> Result<PathBuf> {
    match std::env::var_os("SOUK_PG_BIN") {
        Some(folder) => chosen(Path::new(&folder), program),
        None => found(program),
    }
}

/// A server is of the version that was asked for, or the tests would say something about another one. The client may be
/// any: there are distributions of the servers alone.
fn chosen(folder: &Path, program: &str) -> Result<PathBuf> {
    let file = folder.join(program);
    match program {
        _ if file.is_file() => Ok(file),
        "pg_isready" => found(program),
        _ => bail!("SOUK_PG_BIN is {}, where there is no {program}", folder.display()),
    }
}

fn found(program: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    if let Some(file) = on_path {
        return Ok(file);
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(Path::new("/usr/lib/postgresql"))
        .with_context(|| format!("{program} is neither on PATH nor under /usr/lib/postgresql: install postgresql"))?
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(program))))
        .filter(|(_, file)| file.is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, file)| file).with_context(|| format!("no {program} under /usr/lib/postgresql"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_folder_gives_the_servers_or_says_that_it_has_none() {
        let folder = fresh_dir("chosen").unwrap();
        std::fs::write(folder.join("initdb"), "").unwrap();
        assert_eq!(chosen(&folder, "initdb").unwrap(), folder.join("initdb"));
        assert!(chosen(&folder, "postgres").unwrap_err().to_string().contains("SOUK_PG_BIN"));
        assert_ne!(chosen(&folder, "pg_isready").unwrap().parent(), Some(folder.as_path()));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
