//! Components: from the manifest's entry to something that answers requests. Loading composes dependencies, compiles
//! (or finds the compiled form in the cache) and links; a component that cannot be linked refuses the start.

mod body;
mod cache;
mod compose;
mod deny;
pub mod dependency;
pub mod engine;
mod instances;
mod names;
mod run;
mod slot;
pub mod variables;

pub use body::Body;
pub use cache::Cache;
pub use instances::{Limits, Unavailable};
pub use run::Answer;

use crate::bindings;
use crate::error::{Error, Result};
use crate::guest::{Guest, Host};
use crate::host::{postgres::Pools, redis::Connections};
use crate::logs::ComponentLog;
use crate::manifest::hosts::AllowedHosts;
use crate::manifest::{self};
use crate::metrics::ComponentMetrics;
use instances::Instances;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use variables::{Values, Variables};
use wasmtime::Engine;
use wasmtime::component::{ComponentExportIndex, InstancePre, Linker};
use wasmtime_wasi_http::p3::bindings::ServiceIndices;

/// The interface that makes a component an HTTP handler.
const HTTP_HANDLER: &str = "wasi:http/handler@0.3.0-rc-2026-03-15";
/// The interface that makes a component a subscriber.
const REDIS_HANDLER: &str = "spin:redis/inbound-redis@3.0.0";

/// What all instances of a component share.
pub struct Shared {
    /// The component's id.
    pub id: String,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// `spin:variables`
    pub variables: Variables,
    /// Where it may connect to.
    pub allowed_hosts: AllowedHosts,
    /// Its counters.
    pub metrics: ComponentMetrics,
    /// Its stdout and stderr.
    pub log: ComponentLog,
    /// The process's Redis connections.
    pub redis: Arc<Connections>,
    /// The process's Postgres pools.
    pub postgres: Arc<Pools>,
    /// Limit of one linear memory.
    pub max_memory_bytes: usize,
    /// How long its dependencies may compute in one request; `None` when it has none.
    pub dependency_timeout: Option<Duration>,
}

impl Shared {
    /// The name of the dependency in which `error` happened, if it did in one; logs and counts it.
    pub(crate) fn dependency_failed(&self, error: &wasmtime::Error) -> Option<String> {
        self.dependency_timeout?;
        let dependency::Failure { dependency, cause } = dependency::failure(error)?;
        self.metrics.dependency_failures.with_label_values(&[&self.id, &dependency]).inc();
        tracing::error!(component = self.id, dependency, "the dependency failed: {cause}");
        tracing::debug!(component = self.id, "{error:?}");
        Some(dependency)
    }
}

/// A component that is ready to serve.
pub struct Component {
    /// What its instances share.
    pub shared: Arc<Shared>,
    instances: Instances,
}

/// A component linked against the host, with the exports that triggers use.
pub(crate) struct Template {
    pre: InstancePre<Guest>,
    http: Option<ServiceIndices>,
    redis: Option<ComponentExportIndex>,
}

/// Which triggers a component serves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roles {
    /// An HTTP trigger names it.
    pub http: bool,
    /// A Redis trigger names it.
    pub redis: bool,
}

impl Component {
    /// Loads the component: reads, composes, compiles and links it.
    pub fn load(
        engine: &Engine,
        cache: &Cache,
        manifest: &manifest::Component,
        roles: Roles,
        shared: Shared,
        limits: Limits,
    ) -> Result<Self> {
        let template = Template::load(engine, cache, &shared.id, manifest, roles)?;
        let shared = Arc::new(shared);
        Ok(Self { instances: Instances::new(engine.clone(), template, shared.clone(), limits), shared })
    }

    /// Whether an instance is in use, be it for work that goes on after a response.
    pub fn in_use(&self) -> bool {
        self.instances.in_use()
    }

    /// Gives other variables to whatever request comes from now on; those under way keep what they began with.
    pub fn replace_variables(&self, values: Values) {
        self.shared.variables.replace(values);
        self.instances.drop_outdated();
    }

    /// Drops instances that have been idle for too long.
    pub fn drop_idle(&self) {
        self.instances.drop_idle();
    }
}

impl Template {
    /// Reads, composes, compiles and links the component, and finds what its triggers call.
    pub(crate) fn load(
        engine: &Engine,
        cache: &Cache,
        id: &str,
        manifest: &manifest::Component,
        roles: Roles,
    ) -> Result<Self> {
        let bytes = std::fs::read(&manifest.source).map_err(|e| {
            Error::component(id, format!("cannot read {}: {e}; build it first", manifest.source.display()))
        })?;
        let bytes = compose::compose(id, bytes, manifest)?;
        let component = cache.compile(engine, id, &bytes)?;
        let linker = linker(engine).map_err(|e| Error::Host(format!("cannot set up the host interfaces: {e:#}")))?;
        let pre = linker.instantiate_pre(&component).map_err(|e| {
            Error::component(id, format!("cannot be linked, it imports what this runtime does not offer: {e:#}"))
        })?;
        let http = if roles.http {
            let indices = ServiceIndices::new(&pre).map_err(|_| {
                Error::component(id, format!("has an HTTP trigger but does not export {HTTP_HANDLER} (spin-sdk 6)"))
            })?;
            Some(indices)
        } else {
            None
        };
        let redis = if roles.redis {
            let interface = component.get_export_index(None, REDIS_HANDLER);
            let function = interface.and_then(|i| component.get_export_index(Some(&i), "handle-message"));
            Some(function.ok_or_else(|| {
                Error::component(id, format!("has a Redis trigger but does not export {REDIS_HANDLER} (spin-sdk 6)"))
            })?)
        } else {
            None
        };
        Ok(Self { pre, http, redis })
    }
}

/// The host interfaces that a component may import.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    bindings::SpinHost::add_to_linker::<_, Host>(&mut linker, |guest| guest)?;
    Ok(linker)
}
