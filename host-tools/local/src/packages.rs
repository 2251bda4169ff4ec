//! Finds Postgres and Redis on this machine, or installs them from Debian's packages when that is possible.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::commands;
use crate::error::{LocalError, Result};

/// The oldest Postgres that the migrations run on.
const POSTGRES_MIN: u32 = 15;

/// A Postgres installation.
#[derive(Clone, Debug)]
pub(crate) struct PostgresTools {
    pub bin: PathBuf,
}

/// Finds server programs, of exactly the major version `of` when data of that version exists already.
pub(crate) fn postgres(of: Option<u32>, log_dir: &Path, progress: &dyn Fn(&str)) -> Result<PostgresTools> {
    if let Some(found) = find_postgres(of) {
        return Ok(found);
    }
    if let Some(major) = of
        && find_postgres(None).is_some()
    {
        return Err(LocalError::Missing(format!(
            "the data was made by Postgres {major}, which is not installed: install postgresql-{major}, \
             or begin with empty databases (`make reset`)"
        )));
    }
    install("postgresql", "Postgres 15 or newer", "SOUK_PG_URL", log_dir, progress)?;
    find_postgres(of).ok_or_else(|| {
        LocalError::Missing(
            "the installed Postgres is older than 15: install a newer one, or set SOUK_PG_URL".to_owned(),
        )
    })
}

/// Finds redis-server (or valkey-server).
pub(crate) fn redis(log_dir: &Path, progress: &dyn Fn(&str)) -> Result<PathBuf> {
    let find = || on_path("redis-server").or_else(|| on_path("valkey-server"));
    if let Some(found) = find() {
        return Ok(found);
    }
    install("redis-server", "Redis 7 or newer", "SOUK_REDIS_URL", log_dir, progress)?;
    find().ok_or_else(|| {
        LocalError::Missing("redis-server is not on PATH after its installation: put it there".to_owned())
    })
}

/// The first executable of that name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(program)).find(|file| file.is_file())
}

fn find_postgres(of: Option<u32>) -> Option<PostgresTools> {
    if let Some(bin) = env::var_os("SOUK_PG_BIN").map(PathBuf::from) {
        return Some(PostgresTools { bin });
    }
    let on_path = on_path("postgres").and_then(|file| file.parent().map(Path::to_owned));
    // Debian and the PGDG packages keep the servers of each major version in a folder of its own, off PATH.
    let mut packaged: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"]
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    packaged.sort();
    on_path
        .into_iter()
        .chain(packaged.into_iter().rev())
        .filter(|bin| bin.join("initdb").is_file())
        .find(|bin| major_version(bin).is_some_and(|major| of.map_or(major >= POSTGRES_MIN, |wanted| wanted == major)))
        .map(|bin| PostgresTools { bin })
}

/// Reads "postgres (PostgreSQL) 15.14 (Debian ...)".
fn major_version(bin: &Path) -> Option<u32> {
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn install(package: &str, what: &str, variable: &str, log_dir: &Path, progress: &dyn Fn(&str)) -> Result<()> {
    if !rustix::process::geteuid().is_root() || on_path("apt-get").is_none() {
        return Err(LocalError::Missing(format!(
            "{what} is missing: install it (on Debian: sudo apt-get install {package}), or set {variable} to use a running one"
        )));
    }
    progress(&format!("installing {package} from Debian's packages"));
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        commands::run("apt-get", &mut command, &log_dir.join("apt.log"))
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-y", "-q", "--no-install-recommends", package])?;
    Ok(())
}
