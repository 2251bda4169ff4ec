//! The runtime under test as a child process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The file in a case's folder that `--variables-file` can name.
const VARIABLES: &str = "variables.toml";

/// How long a start may take; on a busy machine components are compiled in it.
const START: Duration = Duration::from_secs(120);

/// Whether the cases run against a real Spin.
pub fn is_spin() -> bool {
    std::env::var("RUNTIME").is_ok_and(|runtime| runtime == "spin")
}

/// A runtime that serves.
pub struct Program {
    child: Child,
    log: PathBuf,
    /// `host:port` of HTTP.
    pub address: String,
    /// `host:port` of metrics.
    pub metrics: Option<String>,
    dir: Folder,
}

/// A folder for one run, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("souk-runtime-case-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Started {
    child: Child,
    log: PathBuf,
    dir: Folder,
    listen: String,
}

fn spawn(folder: &Path, args: &[String], env: &BTreeMap<String, String>) -> Started {
    let dir = Folder::new();
    let log = dir.0.join("log");
    let variables = folder.join(VARIABLES);
    if variables.exists() {
        std::fs::copy(variables, dir.0.join(VARIABLES)).expect("a copy of the variables");
    }
    let manifest = folder.join("spin.toml");
    let free = || TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").to_string();
    let (mut command, listen) = if is_spin() {
        let (mut command, listen) = (Command::new("spin"), free());
        command.args(["up", "--from"]).arg(&manifest).args(["--listen", &listen, "--state-dir"]).arg(&dir.0);
        (command, listen)
    } else {
        let mut command = Command::new(env!("CARGO_BIN_EXE_souk-runtime"));
        let cache = souk_testkit::repository_root().join("target/runtime-cases-cache");
        command.args(["up", "--manifest"]).arg(&manifest).arg("--cache-dir").arg(cache);
        command.args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.args(args.iter().map(|arg| arg.replace("{dir}", &dir.0.display().to_string())));
        (command, String::new())
    };
    let file = File::create(&log).expect("a log file");
    command.envs(env).current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
    Started { child: command.spawn().expect("the runtime starts"), log, dir, listen }
}

/// Starts the runtime and waits until it serves.
pub fn start(folder: &Path, args: &[String], env: &BTreeMap<String, String>) -> Result<Program, String> {
    let mut started = spawn(folder, args, env);
    let lines = BufReader::new(started.child.stdout.take().expect("its stdout")).lines();
    let (mut address, mut metrics) = (None, None);
    if is_spin() {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline && std::net::TcpStream::connect(&started.listen).is_err() {
            if started.child.try_wait().expect("its state").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        address = Some(started.listen.clone());
    } else {
        for line in lines.map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix("metrics on http://") {
                metrics = Some(rest.to_owned());
            }
            if let Some(rest) = line.strip_prefix("listening on http://") {
                address = Some(rest.to_owned());
                break;
            }
        }
    }
    let log = std::fs::read_to_string(&started.log).unwrap_or_default();
    let address = address.ok_or_else(|| format!("the runtime did not start:\n{log}"))?;
    Ok(Program { child: started.child, log: started.log, address, metrics, dir: started.dir })
}

/// Starts the runtime, which must refuse; returns what it said.
pub fn refused(folder: &Path, args: &[String], env: &BTreeMap<String, String>) -> Result<String, String> {
    let mut started = spawn(folder, args, env);
    let deadline = Instant::now() + START;
    let status = loop {
        if let Some(status) = started.child.try_wait().map_err(|e| e.to_string())? {
            break status;
        }
        if Instant::now() > deadline {
            let _ = started.child.kill();
            let _ = started.child.wait();
            return Err("the runtime started although it had to refuse".to_owned());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let log = std::fs::read_to_string(&started.log).map_err(|e| e.to_string())?;
    match status.code() {
        Some(0) => Err(format!("the runtime ended with exit code 0:\n{log}")),
        Some(1) => Ok(log),
        _ if is_spin() => Ok(log),
        code => Err(format!("the runtime ended with {code:?}:\n{log}")),
    }
}

/// Checks the manifest; returns what was said on stdout.
pub fn check(folder: &Path, args: &[String], env: &BTreeMap<String, String>) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_souk-runtime"));
    command.args(["check", "--manifest"]).arg(folder.join("spin.toml")).args(args).envs(env).current_dir("/");
    let output = command.output().map_err(|e| e.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("the check failed:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Program {
    /// All that the runtime has written to stderr.
    pub fn log(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Sends a signal; [`Self::ended`] tells how the runtime took it.
    pub fn signal(&self, name: &str) -> Result<(), String> {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        status.map_err(|e| e.to_string())?.success().then_some(()).ok_or_else(|| "kill failed".to_owned())
    }

    /// Changes the variables' file and has the runtime read it again.
    pub fn reload(&self, text: &str) -> Result<(), String> {
        std::fs::write(self.dir.0.join(VARIABLES), text).map_err(|e| e.to_string())?;
        self.signal("HUP")
    }

    /// The exit code once it has ended.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.try_wait().ok().flatten().map(|status| status.code().unwrap_or(-1))
    }
}
