//! An environment: its settings, secrets and addresses. What is done with it is in `lifecycle`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::databases::{self, RELAY_ROLE, SERVICES, database_of};
use crate::error::{FileContext, LocalError, Result};
use crate::migrations::{self, Migrated};
use crate::pidfile::PidFile;
use crate::ports::Ports;
use crate::process::{Process, Started};
use crate::reaper::Reaper;
use crate::secrets::Secrets;
use crate::server_url::{PostgresServer, RedisServer};
use crate::settings::Settings;
use crate::{temporary, variables};

/// Tells a person what is being done, one short line at a time.
pub(crate) type Progress = Arc<dyn Fn(&str) + Send + Sync>;

/// Souk on this machine, rooted in one directory. Opening it starts nothing.
pub struct Environment {
    settings: Settings,
    secrets: Secrets,
    postgres: PostgresServer,
    redis: RedisServer,
    pub(crate) progress: Progress,
    pub(crate) started: Mutex<BTreeMap<Process, Started>>,
    _reaper: Option<Reaper>,
}

impl Environment {
    /// Opens the environment in `settings.root`; the directory and its secrets are made when missing.
    pub fn open(mut settings: Settings) -> Result<Self> {
        for folder in ["", "log", "log/components", "run"] {
            let path = settings.root.join(folder);
            fs::create_dir_all(&path).file("create", &path)?;
            // The server's user must be able to pass, whatever the umask; what is private is protected by itself.
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).file("open up", &path)?;
        }
        settings.root = settings.root.canonicalize().file("open", &settings.root)?;
        let secrets = Secrets::load_or_create(&settings.root.join("secrets.toml"))?;
        let postgres = settings.postgres.clone().unwrap_or_else(|| PostgresServer {
            host: "127.0.0.1".to_owned(),
            port: settings.ports.postgres,
            user: "postgres".to_owned(),
            password: secrets.postgres.clone(),
            database: "postgres".to_owned(),
        });
        let redis = settings.redis.clone().unwrap_or_else(|| RedisServer {
            host: "127.0.0.1".to_owned(),
            port: settings.ports.redis,
            auth: String::new(),
        });
        Ok(Self {
            settings,
            secrets,
            postgres,
            redis,
            progress: Arc::new(|_| ()),
            started: Mutex::new(BTreeMap::new()),
            _reaper: None,
        })
    }

    /// An environment in a fresh directory on free ports, for the checkout around the current directory. It goes away,
    /// with all of its processes, when it is dropped or when this process ends in any way. `adjust` may change settings.
    /// Its compiled components are shared with `souk up`.
    pub fn temporary(adjust: impl FnOnce(&mut Settings)) -> Result<Self> {
        let here = std::env::current_dir().file("read", Path::new("."))?;
        let project = Settings::find_project(&here)?;
        let root = temporary::directory()?;
        let reaper = Reaper::watch(&root)?;
        let mut settings = Settings::new(root, &project);
        settings.ports = Ports::free()?;
        settings.cache_dir = project.join(".souk/cache");
        adjust(&mut settings);
        let mut environment = Self::open(settings)?;
        environment._reaper = Some(reaper);
        Ok(environment)
    }

    /// Has `progress` called with a short line for each step that takes time.
    pub fn on_progress(mut self, progress: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    /// Makes this process the only one that works on the environment until the guard is dropped.
    pub fn lock(&self) -> Result<File> {
        let path = self.settings.root.join("run/lock");
        let file = File::create(&path).file("create", &path)?;
        file.try_lock().map_err(|_| LocalError::Busy(self.settings.root.clone()))?;
        Ok(file)
    }

    /// The settings it was opened with, `root` made absolute.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The Postgres server in use, with the role that may create databases.
    pub fn postgres(&self) -> &PostgresServer {
        &self.postgres
    }

    /// The Redis server in use.
    pub fn redis(&self) -> &RedisServer {
        &self.redis
    }

    /// Where the shop answers, without a slash at the end.
    pub fn gateway_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.settings.ports.gateway)
    }

    /// Where the mailbox page is.
    pub fn mailbox_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.settings.ports.mailer)
    }

    /// Prometheus endpoints of runtime, relay and mailer.
    pub fn metrics_urls(&self) -> Vec<String> {
        let ports = self.settings.ports;
        [ports.runtime_metrics, ports.relay_metrics, ports.mailer]
            .map(|port| format!("http://127.0.0.1:{port}/metrics"))
            .to_vec()
    }

    /// The URL with which a service reaches its own database.
    pub fn pg_url(&self, service: &str) -> String {
        let name = database_of(service);
        self.postgres.url(&name, self.secrets.service(service), &name)
    }

    /// The URL with which the relay reaches a service's outbox.
    pub fn relay_pg_url(&self, service: &str) -> String {
        self.postgres.url(RELAY_ROLE, &self.secrets.relay, &database_of(service))
    }

    /// The URL of the event streams' Redis.
    pub fn redis_url(&self) -> String {
        self.redis.url()
    }

    /// A connection to a service's database, as its role.
    pub async fn connect(&self, service: &str) -> Result<tokio_postgres::Client> {
        if let Some(server) = self.settings.databases.get(service) {
            return databases::connect(server, &server.user, &server.password, &server.database).await;
        }
        let name = database_of(service);
        databases::connect(&self.postgres, &name, self.secrets.service(service), &name).await
    }

    /// A connection to Redis.
    pub async fn connect_redis(&self) -> Result<redis::aio::MultiplexedConnection> {
        let failed = |e: redis::RedisError| LocalError::Redis { address: self.redis.address(), message: e.to_string() };
        let client = redis::Client::open(self.redis_url()).map_err(failed)?;
        client.get_multiplexed_async_connection().await.map_err(failed)
    }

    /// Every application variable by its spin.toml name.
    pub fn variables(&self) -> Result<BTreeMap<String, String>> {
        variables::application(self)
    }

    /// Creates missing databases and roles and applies missing migrations; what is there already stays.
    pub async fn migrate(&self) -> Result<Vec<Migrated>> {
        databases::ensure(&self.postgres, &self.secrets).await?;
        let mut jobs = tokio::task::JoinSet::new();
        for service in SERVICES {
            let (server, password) = (self.postgres.clone(), self.secrets.service(service).to_owned());
            jobs.spawn(async move {
                let name = database_of(service);
                let mut client = databases::connect(&server, &name, &password, &name).await?;
                let applied = migrations::apply(&mut client, service).await?;
                databases::restrict(&client, service).await?;
                Ok::<_, LocalError>(applied)
            });
        }
        let mut applied = Vec::new();
        while let Some(done) = jobs.join_next().await {
            let done = done.map_err(|e| LocalError::Setting(format!("a migration was interrupted: {e}")))?;
            applied.append(&mut done?);
        }
        applied.sort_by(|a, b| (&a.service, &a.migration).cmp(&(&b.service, &b.migration)));
        Ok(applied)
    }

    /// The log file of a process.
    pub fn log_file(&self, process: Process) -> PathBuf {
        self.log_dir().join(format!("{process}.log"))
    }

    /// Where all logs are.
    pub fn log_dir(&self) -> PathBuf {
        self.settings.root.join("log")
    }

    pub(crate) fn pid_file(&self, process: Process) -> PidFile {
        PidFile::new(self.settings.root.join(format!("run/{process}.pid")))
    }

    pub(crate) fn say(&self, line: &str) {
        (self.progress)(line);
    }
}
