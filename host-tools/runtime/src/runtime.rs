//! The whole application: loads every component, starts the triggers, and stops them in order.

use crate::component::variables::Variables;
use crate::component::{Cache, Component, Limits, Roles, Shared, engine};
use crate::error::{Error, Result};
use crate::host::{postgres::Pools, redis::Connections};
use crate::http::{Router, Server, metrics_server};
use crate::logs::ComponentLog;
use crate::manifest::App;
use crate::metrics::Metrics;
use crate::redis_trigger::{self, Channels};
use crate::telemetry::Exporter;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// How long requests that are under way may go on after a signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// How an application is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where HTTP is served, `host:port`; port 0 takes a free one.
    pub listen: String,
    /// Where `/metrics` is served, if anywhere.
    pub metrics_listen: Option<String>,
    /// Where compiled components are kept.
    pub cache_dir: Option<PathBuf>,
    /// Where components' output goes instead of stderr.
    pub log_dir: Option<PathBuf>,
    /// Limits of each component's instances.
    pub limits: Limits,
    /// Limit of one instance's memory.
    pub max_memory_bytes: usize,
    /// How long the dependencies of a component may compute in one request.
    pub dependency_timeout: Duration,
    /// Connections per Postgres address.
    pub pg_pool_size: usize,
    /// Largest request body.
    pub max_body_bytes: u64,
}

/// What a check found.
pub struct Checked {
    /// Components compiled now.
    pub compiled: usize,
    /// Components whose compiled form was in the cache.
    pub found: usize,
}

/// An application that serves.
pub struct Running {
    /// Where HTTP is served.
    pub address: SocketAddr,
    /// Where metrics are served.
    pub metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    components: Vec<Arc<Component>>,
    metrics: Metrics,
    exporter: Exporter,
}

struct Loaded {
    components: BTreeMap<String, Arc<Component>>,
    metrics: Metrics,
    checked: Checked,
}

/// Loads and links everything without serving.
pub fn check(app: &App, options: &Options) -> Result<Checked> {
    Router::new(app.routes.iter().cloned()).map_err(Error::Manifest)?;
    Ok(load(app, options)?.checked)
}

fn load(app: &App, options: &Options) -> Result<Loaded> {
    let used: BTreeMap<&str, Roles> = roles(app);
    let instances = options.limits.max_instances.saturating_mul(used.len().max(1)).saturating_add(16);
    let engine = engine::engine(u32::try_from(instances).unwrap_or(u32::MAX), options.max_memory_bytes)?;
    engine::start_clock(&engine)?;
    let cache = Cache::new(options.cache_dir.as_deref())?;
    let metrics = Metrics::new().map_err(|e| Error::Host(format!("cannot set up metrics: {e}")))?;
    let redis = Arc::new(Connections::default());
    let postgres = Arc::new(Pools::new(options.pg_pool_size, metrics.clone()));
    if let Some(dir) = &options.log_dir {
        std::fs::create_dir_all(dir)
            .map_err(|e| Error::Host(format!("cannot create the log folder {}: {e}", dir.display())))?;
    }
    let mut components = BTreeMap::new();
    for (id, roles) in used {
        let Some(manifest) = app.components.get(id) else { continue };
        let log = ComponentLog::new(id, options.log_dir.as_deref())
            .map_err(|e| Error::Host(format!("cannot open the log of `{id}`: {e}")))?;
        let shared = Shared {
            id: id.to_owned(),
            environment: manifest.environment.clone(),
            variables: Variables::new(manifest.variables.clone()),
            allowed_hosts: manifest.allowed_hosts.clone(),
            metrics: metrics.component(id),
            log,
            redis: redis.clone(),
            postgres: postgres.clone(),
            max_memory_bytes: options.max_memory_bytes,
            dependency_timeout: (!manifest.dependencies.is_empty()).then_some(options.dependency_timeout),
        };
        let component = Component::load(&engine, &cache, manifest, roles, shared, options.limits)?;
        components.insert(id.to_owned(), Arc::new(component));
    }
    let (compiled, found) = cache.counts();
    Ok(Loaded { components, metrics, checked: Checked { compiled, found } })
}

/// The components that triggers name, with what they must export.
fn roles(app: &App) -> BTreeMap<&str, Roles> {
    let mut roles: BTreeMap<&str, Roles> = BTreeMap::new();
    for (_, id) in &app.routes {
        roles.entry(id).or_default().http = true;
    }
    for trigger in &app.redis {
        roles.entry(&trigger.component).or_default().redis = true;
    }
    roles
}

/// Loads the application and starts its triggers.
pub async fn start(app: App, options: Options) -> Result<Running> {
    let exporter = Exporter::start().map_err(Error::Host)?;
    let loading = tokio::task::spawn_blocking(move || {
        let loaded = load(&app, &options);
        (app, options, loaded)
    });
    let (app, options, loaded) = loading.await.map_err(|e| Error::Host(format!("loading failed: {e}")))?;
    let Loaded { components, metrics, checked } = loaded?;
    tracing::info!("{} components compiled, {} found in the cache", checked.compiled, checked.found);
    let (stop, stopped) = watch::channel(false);
    let mut tasks = Vec::new();

    let router =
        Router::new(app.routes.iter().filter_map(|(route, id)| Some((route.clone(), components.get(id)?.clone()))))
            .map_err(Error::Manifest)?;
    let info = serde_json::json!({ "name": app.name, "version": app.version }).to_string();
    let server = Server { router, info, max_body_bytes: options.max_body_bytes };
    let (address, task) = server.start(&options.listen, stopped.clone()).await?;
    tasks.push(task);
    let metrics_address = match &options.metrics_listen {
        Some(listen) => Some(metrics_server(listen, metrics.clone(), stopped.clone()).await?),
        None => None,
    };
    subscribe(&app, &components, &stopped, &mut tasks).await?;
    let components: Vec<_> = components.into_values().collect();
    tokio::spawn(drop_idle(components.clone(), options.limits.idle_timeout, stopped));
    Ok(Running { address, metrics_address, stop, tasks, components, metrics, exporter })
}

/// Starts one subscriber per address string and waits until each has tried to subscribe.
async fn subscribe(
    app: &App,
    components: &BTreeMap<String, Arc<Component>>,
    stopped: &watch::Receiver<bool>,
    tasks: &mut Vec<JoinHandle<()>>,
) -> Result<()> {
    let mut by_address: BTreeMap<&str, Channels> = BTreeMap::new();
    for trigger in &app.redis {
        let Some(component) = components.get(&trigger.component) else { continue };
        let channels = by_address.entry(&trigger.address).or_default();
        channels.entry(trigger.channel.clone()).or_default().push(component.clone());
    }
    let mut attempts = Vec::new();
    for (address, channels) in by_address {
        let client = redis::Client::open(address)
            .map_err(|_| Error::Manifest("[[trigger.redis]] address is not a Redis URL".to_owned()))?;
        let label = client.get_connection_info().addr().to_string();
        let (attempted, attempt) = oneshot::channel();
        tasks.push(tokio::spawn(redis_trigger::run(client, label, channels, attempted, stopped.clone())));
        attempts.push(attempt);
    }
    for attempt in attempts {
        // A subscriber that ended has nothing to wait for.
        let _ = attempt.await;
    }
    Ok(())
}

async fn drop_idle(components: Vec<Arc<Component>>, timeout: Duration, mut stopped: watch::Receiver<bool>) {
    let mut every = tokio::time::interval((timeout / 2).max(Duration::from_millis(100)));
    loop {
        tokio::select! {
            _ = every.tick() => components.iter().for_each(|component| component.drop_idle()),
            _ = stopped.changed() => return,
        }
    }
}

impl Running {
    /// Gives every component its variables as `app` has them. What else has changed in it takes a restart.
    pub fn replace_variables(&self, app: &App) {
        for component in &self.components {
            if let Some(manifest) = app.components.get(&component.shared.id) {
                component.replace_variables(manifest.variables.clone());
            }
        }
    }

    /// Shows in the metrics when the variables in use were read.
    pub fn show_variables_read(&self, at: SystemTime) {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.metrics.variables_read(since.as_secs_f64());
    }

    /// Stops taking requests and messages and waits for those under way, but not longer than the drain timeout.
    pub async fn stop(self) {
        // Every receiver may have ended already.
        let _ = self.stop.send(true);
        let components = self.components;
        let all = async {
            futures::future::join_all(self.tasks).await;
            // What goes on after a response has no task that could be joined.
            while components.iter().any(|component| component.in_use()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(DRAIN_TIMEOUT, all).await.is_err() {
            tracing::warn!("some requests were still running after {} s", DRAIN_TIMEOUT.as_secs());
        }
        let exporter = self.exporter;
        if let Err(error) = tokio::task::spawn_blocking(move || exporter.shutdown()).await {
            tracing::warn!("{error}");
        }
    }
}
