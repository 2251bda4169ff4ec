//! A server process that cannot outlive its test: a shell starts it, waits for a pipe from the test process to end,
//! and then kills it and removes its directory.

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const START_DEADLINE: Duration = Duration::from_secs(60);

// $1 is the directory, $2 the signal that ends the server; the rest is its command line. Reads "keep" from the test
// when the data must stay.
const KEEPER: &str = r#"dir=$1; end=$2; shift 2
"$@" >"$dir/server.log" 2>&1 </dev/null &
server=$!
echo "$server"
read -r order
kill -"$end" "$server" 2>/dev/null
wait "$server" 2>/dev/null
[ "$order" = keep ] || rm -rf -- "$dir""#;

/// A running server.
#[derive(Debug)]
pub struct Server {
    keeper: Child,
    leash: Option<ChildStdin>,
    pid: Pid,
    dir: PathBuf,
}

impl Server {
    /// Starts `command`, which `end` (a signal's name) stops, and waits until `is_ready`.
    pub fn start(dir: &Path, end: &str, command: &[String], is_ready: impl FnMut() -> bool) -> Result<Self> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(dir)
            .arg(end)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting sh")?;
        let leash = keeper.stdin.take();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().context("no pipe from sh")?).read_line(&mut line)?;
        let pid = Pid::from_raw(line.trim().parse().context("sh did not say the server's pid")?);
        let server = Self { keeper, leash, pid, dir: dir.to_owned() };
        server.wait_until(is_ready)?;
        Ok(server)
    }

    fn wait_until(&self, mut is_ready: impl FnMut() -> bool) -> Result<()> {
        let started = Instant::now();
        while !is_ready() {
            if started.elapsed() > START_DEADLINE || !self.is_running() {
                let log = std::fs::read_to_string(self.dir.join("server.log")).unwrap_or_default();
                bail!("the server did not come up: {log}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn is_running(&self) -> bool {
        // A zombie counts as running; the deadline ends that wait.
        kill(self.pid, None).is_ok()
    }

    /// Sends a signal to the server itself.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill(self.pid, signal).with_context(|| format!("signalling server {}", self.pid))
    }

    /// Ends the server with `signal`, waits until it is gone and keeps its data.
    pub fn stop_keeping_data(mut self, signal: Signal) -> Result<()> {
        self.signal(signal)?;
        if let Some(mut leash) = self.leash.take() {
            leash.write_all(b"keep\n")?;
        }
        self.keeper.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.leash.take());
        // Nothing useful can be done in a drop when the shell is already gone.
        let _ = self.keeper.wait();
    }
}

/// Whether something accepts connections on the port.
pub fn accepts(port: u16) -> bool {
    TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).is_ok()
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A new empty directory for one server.
pub fn fresh_dir(kind: &str) -> Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("souk-{kind}-{}-{number}", std::process::id()));
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?; // left by an earlier process with this number
    }
    std::fs::create_dir(&dir).with_context(|| format!("creating {}", dir.display()))?;
    Ok(dir)
}
