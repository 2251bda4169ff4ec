//! The private Postgres: its data directory, the user it runs as, and how it is started.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::commands;
use crate::error::{FileContext, LocalError, Result};
use crate::packages::{self, PostgresTools};
use crate::pidfile::start_time;
use crate::process::Launch;

/// Where data goes when the user `postgres` may not enter the environment's directory (a checkout under /root).
const SYSTEM_DATA: &str = "/var/lib/souk";
/// Linux' limit for the path of a Unix socket, less the name that Postgres adds.
const SOCKET_DIR_MAX: usize = 107 - "/.s.PGSQL.65535".len();
/// Beyond defaults: room for every pool, the durability that the promises rest on, UTC, fewer checkpoints under load, and
/// one sync of the file system after a crash instead of one for each of thousands of files (0.7 s instead of 16 s).
const PARAMETERS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    "max_connections=300",
    "shared_buffers=256MB",
    "synchronous_commit=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
    "random_page_cost=1.1",
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    "recovery_init_sync_method=syncfs",
];

pub(crate) struct Cluster {
    tools: PostgresTools,
    data: PathBuf,
    user: Option<(u32, u32)>,
}

impl Cluster {
    /// Finds the data directory, or makes it. A directory that a crash left half-made is made again.
    pub(crate) fn open(root: &Path, password: &str, log_dir: &Path, progress: &dyn Fn(&str)) -> Result<Self> {
        let link = root.join("pg");
        let made_by =
            fs::read_to_string(link.join("PG_VERSION")).ok().and_then(|version| version.trim().parse::<u32>().ok());
        let tools = packages::postgres(made_by, log_dir, progress)?;
        let user = server_user()?;
        if made_by.is_none() {
            progress("creating a Postgres data directory");
            create(&tools, user, root, &link, password, log_dir)?;
        }
        let data = link.canonicalize().file("open", &link)?;
        Ok(Self { tools, data, user })
    }

    /// The pid of a server that runs on this data directory, although nobody wrote that down for us.
    pub(crate) fn orphan(&self) -> Option<u32> {
        let pid = self.lock_holder()?;
        (start_time(pid).is_some() && fs::read_link(format!("/proc/{pid}/cwd")).ok()? == self.data).then_some(pid)
    }

    /// Removes the lock of a server that is gone: Postgres would refuse to start when its pid went to another program.
    pub(crate) fn remove_stale_lock(&self) -> Result<()> {
        let lock = self.data.join("postmaster.pid");
        if lock.exists() && self.orphan().is_none() {
            fs::remove_file(&lock).file("remove", &lock)?;
        }
        Ok(())
    }

    pub(crate) fn launch(&self, port: u16) -> Launch {
        let data = self.data.display().to_string();
        let sockets = if data.len() <= SOCKET_DIR_MAX { data.as_str() } else { "" };
        let mut args = vec!["-D".into(), data.clone().into(), "-p".into(), port.to_string().into()];
        for parameter in PARAMETERS.into_iter().map(str::to_owned).chain([format!("unix_socket_directories={sockets}")])
        {
            args.push("-c".into());
            args.push(parameter.into());
        }
        Launch {
            program: self.tools.bin.join("postgres"),
            args,
            env: Vec::new(),
            user: self.user,
            dir: self.data.clone(),
        }
    }

    fn lock_holder(&self) -> Option<u32> {
        fs::read_to_string(self.data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }
}

/// initdb into a directory beside the final place, which then gets its name in one step.
fn create(
    tools: &PostgresTools,
    user: Option<(u32, u32)>,
    root: &Path,
    link: &Path,
    password: &str,
    log_dir: &Path,
) -> Result<()> {
    if link.exists() {
        let filled = fs::read_dir(link).file("read", link)?.next().is_some();
        if filled {
            return Err(LocalError::Setting(format!(
                "{} holds files but is no Postgres data directory: move it away",
                link.display()
            )));
        }
    }
    let home = data_home(root, user)?;
    let fresh = home.join("pg.new");
    remove_tree(&fresh)?;
    fs::create_dir(&fresh).file("create", &fresh)?;
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o700)).file("protect", &fresh)?;
    let password_file = home.join("pg.password");
    write_private(&password_file, password)?;
    if let Some((uid, gid)) = user {
        chown(&fresh, Some(uid), Some(gid)).file("change the owner of", &fresh)?;
        chown(&password_file, Some(uid), Some(gid)).file("change the owner of", &password_file)?;
    }

    let mut command = Command::new(tools.bin.join("initdb"));
    command.arg("-D").arg(&fresh).arg("--pwfile").arg(&password_file).current_dir(&fresh);
    command.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    let made = commands::run("initdb", &mut command, &log_dir.join("initdb.log"));
    fs::remove_file(&password_file).file("remove", &password_file)?;
    made?;

    let place = home.join("pg");
    remove_tree(&place)?;
    fs::rename(&fresh, &place).file("move", &fresh)?;
    if place != link {
        remove_tree(link)?;
        symlink(&place, link).file("link", link)?;
    }
    Ok(())
}

/// Postgres refuses to run as root, so root hands it over to the user that Debian's package makes.
fn server_user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").file("read", Path::new("/etc/passwd"))?;
    let ids = passwd.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let (name, uid, gid) = (fields.first()?, fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?);
        (*name == "postgres").then_some((uid, gid))
    });
    ids.map(Some).ok_or_else(|| {
        LocalError::Missing(
            "Postgres will not run as root and there is no user postgres: create it (useradd postgres)".to_owned(),
        )
    })
}

/// The environment's directory, or one under /var/lib when the server's user cannot reach that.
fn data_home(root: &Path, user: Option<(u32, u32)>) -> Result<PathBuf> {
    let Some((uid, gid)) = user else { return Ok(root.to_owned()) };
    let mut probe = Command::new("test");
    probe.arg("-x").arg(root).uid(uid).gid(gid);
    if probe.status().is_ok_and(|status| status.success()) {
        return Ok(root.to_owned());
    }
    let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let home = Path::new(SYSTEM_DATA).join(name);
    fs::create_dir_all(&home).file("create", &home)?;
    Ok(home)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    remove_tree(path)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).file("create", path)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).file("write", path)
}

/// Removes a file, a link (not what it points to) or a tree; nothing there is fine.
pub(crate) fn remove_tree(path: &Path) -> Result<()> {
    let result = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    result.file("remove", path)
}
