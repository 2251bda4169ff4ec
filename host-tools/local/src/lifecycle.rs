//! Starting, stopping and killing the processes of an environment. A process counts as started when it answers, not when
//! it was spawned.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio_postgres::error::SqlState;

use crate::cluster::Cluster;
use crate::databases;
use crate::environment::Environment;
use crate::error::{LocalError, Result, postgres_message};
use crate::http;
use crate::ports::require_free;
use crate::process::{Launch, Process, ProcessStatus};
use crate::settings::RuntimeKind;
use crate::{redis_server, runtime, state};

/// The first start compiles the components, so it may take a while; the others recover their data first.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// How long a process may take to end by itself: requests in flight, a checkpoint.
const STOP_WITHIN: Duration = Duration::from_secs(30);
/// Why a process does not do its work: for now, or until somebody changes something.
enum NotReady {
    Yet(String),
    Ever(String),
}

const POLL: Duration = Duration::from_millis(20);
/// A server that takes long to recover need not log a refused connection every few milliseconds.
const POLL_MAX: Duration = Duration::from_millis(200);

impl Environment {
    /// Starts a process and waits until it is ready. One that runs already stays; servers that were given are checked.
    pub async fn start(&self, process: Process) -> Result<()> {
        if !self.is_managed(process) || self.is_running(process) {
            return self.wait_ready(process).await;
        }
        let Some(launch) = self.launch(process)? else { return self.wait_ready(process).await };
        self.require_ports(process)?;
        state::remember(self.settings())?;
        let pid_file = self.pid_file(process);
        let started = launch.spawn(process.name(), &self.log_file(process), &pid_file)?;
        if let Ok(mut all) = self.started.lock() {
            all.insert(process, started);
        }
        self.wait_ready(process).await
    }

    /// Fails when a port is taken that a process which does not run yet would need.
    pub fn check_ports(&self) -> Result<()> {
        let idle = |process: &Process| self.is_managed(*process) && !self.is_running(*process);
        Process::ALL.into_iter().filter(idle).try_for_each(|process| self.require_ports(process))
    }

    fn require_ports(&self, process: Process) -> Result<()> {
        self.ports_of(process).into_iter().try_for_each(|(port, purpose, option)| require_free(port, purpose, option))
    }

    /// Starts the private Postgres and Redis, or checks that the given ones answer.
    pub async fn start_servers(&self) -> Result<()> {
        tokio::try_join!(self.start(Process::Postgres), self.start(Process::Redis)).map(|_| ())
    }

    /// Starts runtime, relay and mailer; databases must be migrated.
    pub async fn start_platform(&self) -> Result<()> {
        let (runtime, relay, mailer) = (Process::Runtime, Process::Relay, Process::Mailer);
        tokio::try_join!(self.start(runtime), self.start(relay), self.start(mailer)).map(|_| ())
    }

    /// Servers, databases, migrations, platform: everything but demo data.
    pub async fn start_all(&self) -> Result<()> {
        self.start_servers().await?;
        self.migrate().await?;
        self.start_platform().await
    }

    /// Stops a process in its own orderly way, and kills it when that takes too long. One that does not run is fine.
    pub async fn stop(&self, process: Process) -> Result<()> {
        // Postgres: SIGINT is a fast shutdown; SIGTERM would wait for every client to leave.
        let signal = if process == Process::Postgres { Signal::INT } else { Signal::TERM };
        self.end(process, signal, STOP_WITHIN).await
    }

    /// Kills a process at once (SIGKILL), as a crash would.
    pub async fn kill(&self, process: Process) -> Result<()> {
        self.end(process, Signal::KILL, STOP_WITHIN).await
    }

    /// Stops and starts a process.
    pub async fn restart(&self, process: Process) -> Result<()> {
        self.stop(process).await?;
        self.start(process).await
    }

    /// Stops everything: first what takes requests, then what moves events, at last the servers.
    pub async fn stop_all(&self) -> Result<()> {
        self.stop(Process::Runtime).await?;
        self.stop(Process::Mailer).await?;
        self.stop(Process::Relay).await?;
        self.stop(Process::Redis).await?;
        self.stop(Process::Postgres).await
    }

    /// Whether the process runs (not whether it answers).
    pub fn is_running(&self, process: Process) -> bool {
        self.pid(process).is_some()
    }

    /// The process id, while it runs.
    pub fn pid(&self, process: Process) -> Option<u32> {
        self.pid_file(process).running()
    }

    /// False for a Postgres or Redis that somebody else runs.
    pub fn is_managed(&self, process: Process) -> bool {
        match process {
            Process::Postgres => self.settings().postgres.is_none(),
            Process::Redis => self.settings().redis.is_none(),
            _ => true,
        }
    }

    /// All processes, whether they run, and where they listen.
    pub fn status(&self) -> Vec<ProcessStatus> {
        Process::ALL
            .into_iter()
            .map(|process| ProcessStatus {
                process,
                pid: self.pid(process),
                address: self.address(process),
                managed: self.is_managed(process),
            })
            .collect()
    }

    /// Why a process that this one started has ended: its exit status and last line of output.
    pub fn epitaph(&self, process: Process) -> String {
        let started = self.started.lock().ok().and_then(|all| all.get(&process).cloned());
        started.map_or_else(|| "is not running".to_owned(), |started| started.epitaph())
    }

    /// `None` when it turned out to run already.
    fn launch(&self, process: Process) -> Result<Option<Launch>> {
        let (settings, log_dir) = (self.settings(), self.log_dir());
        let say = |line: &str| self.say(line);
        match process {
            Process::Postgres => {
                let cluster = Cluster::open(&settings.root, &self.secrets().postgres, &log_dir, &say)?;
                if let Some(pid) = cluster.orphan() {
                    self.pid_file(process).write(pid)?;
                    return Ok(None);
                }
                cluster.remove_stale_lock()?;
                Ok(Some(cluster.launch(settings.ports.postgres)))
            }
            Process::Redis => redis_server::launch(&settings.root, settings.ports.redis, &log_dir, &say).map(Some),
            Process::Runtime => runtime::launch_runtime(self).map(Some),
            Process::Relay => runtime::launch_relay(self).map(Some),
            Process::Mailer => runtime::launch_mailer(self).map(Some),
        }
    }

    fn ports_of(&self, process: Process) -> Vec<(u16, &'static str, &'static str)> {
        let ports = self.settings().ports;
        let moves = "--port or SOUK_PORT";
        match process {
            Process::Postgres => vec![(ports.postgres, "Postgres", "--port, SOUK_PORT or SOUK_PG_PORT")],
            Process::Redis => vec![(ports.redis, "Redis", "--port, SOUK_PORT or SOUK_REDIS_PORT")],
            Process::Runtime => vec![(ports.gateway, "the shop", moves), (ports.runtime_metrics, "metrics", moves)],
            Process::Relay => vec![(ports.relay_metrics, "the relay's metrics", moves)],
            Process::Mailer => vec![(ports.mailer, "the mailbox", moves)],
        }
    }

    fn address(&self, process: Process) -> String {
        match process {
            Process::Postgres => self.postgres().address(),
            Process::Redis => self.redis().address(),
            Process::Runtime => format!("127.0.0.1:{}", self.settings().ports.gateway),
            Process::Relay => format!("127.0.0.1:{}", self.settings().ports.relay_metrics),
            Process::Mailer => format!("127.0.0.1:{}", self.settings().ports.mailer),
        }
    }

    async fn wait_ready(&self, process: Process) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        let client = http::Client::new(Duration::from_secs(2));
        let mut pause = POLL;
        loop {
            let log = self.log_file(process);
            let failed = |reason| LocalError::Process { process: process.to_string(), reason, log };
            let reason = match self.probe(process, &client).await {
                Ok(()) => return Ok(()),
                Err(NotReady::Yet(reason)) => reason,
                Err(NotReady::Ever(reason)) => return Err(failed(reason)),
            };
            if !self.is_managed(process) {
                let reason = format!("at {} does not answer: {reason}", self.address(process));
                return Err(LocalError::Missing(format!("{process} {reason}")));
            }
            if !self.is_running(process) {
                return Err(failed(self.epitaph(process)));
            }
            if Instant::now() > deadline {
                return Err(failed(format!("was not ready within {} s: {reason}", READY_WITHIN.as_secs())));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 5 / 4).min(POLL_MAX);
        }
    }

    /// Whether the process does its work; else why not.
    async fn probe(&self, process: Process, client: &http::Client) -> std::result::Result<(), NotReady> {
        match process {
            Process::Postgres => {
                let server = self.postgres();
                let connection = databases::try_connect(server, &server.user, &server.password, &server.database).await;
                connection.map(|_| ()).map_err(|e| match e.code() {
                    // Its data outlived its secrets (or the URL's password is wrong): no waiting helps.
                    Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
                        NotReady::Ever(format!(
                            "refuses the password in secrets.toml or SOUK_PG_URL: {}",
                            postgres_message(&e)
                        ))
                    }
                    _ => NotReady::Yet(postgres_message(&e)),
                })
            }
            Process::Redis => redis_server::ping(&self.redis_url()).await.map_err(NotReady::Yet),
            _ => {
                let Some(url) = runtime::health_url(self, process) else { return Ok(()) };
                let response = client.get(&url, &[]).await.map_err(|e| NotReady::Yet(e.to_string()))?;
                if response.status.is_success() {
                    return Ok(());
                }
                Err(NotReady::Yet(format!("{url} answers {}", response.status)))
            }
        }
    }

    async fn end(&self, process: Process, signal: Signal, within: Duration) -> Result<()> {
        if !self.is_managed(process) {
            return Ok(());
        }
        let pid_file = self.pid_file(process);
        pid_file.signal(signal);
        let deadline = Instant::now() + within;
        while pid_file.running().is_some() {
            if Instant::now() > deadline {
                pid_file.signal(Signal::KILL);
            }
            tokio::time::sleep(POLL).await;
        }
        pid_file.remove()
    }
}

impl RuntimeKind {
    /// The program's name.
    pub fn program(self) -> &'static str {
        match self {
            Self::Souk => "souk-runtime",
            Self::Spin => "spin",
        }
    }
}
