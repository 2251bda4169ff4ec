//! Instances of one component: made on demand, used by one request or message at a time, kept for the next one, dropped
//! after a number of uses, after a failure, or when nobody needs them.

use super::{Shared, Template};
use crate::bindings::spin::redis::redis::Error as RedisError;
use crate::guest::Guest;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::TypedFunc;
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::p3::bindings::Service;

/// What bounds the instances of a component.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Instances at once.
    pub max_instances: usize,
    /// Requests that may wait for one.
    pub max_waiting: usize,
    /// Uses of one instance.
    pub max_uses: usize,
    /// How long an unused one is kept.
    pub idle_timeout: Duration,
    /// How long a request may take to its response head, and work after the response may go on.
    pub request_timeout: Duration,
    /// How long a response may stream.
    pub stream_timeout: Duration,
}

/// Why there is no instance.
#[derive(Debug)]
pub enum Unavailable {
    /// Too many requests are waiting.
    Overloaded,
    /// The component cannot be instantiated.
    Broken(wasmtime::Error),
}

/// The `handle-message` export.
pub type HandleMessage = TypedFunc<(Vec<u8>,), (Result<(), RedisError>,)>;

/// An instance in somebody's hands.
pub struct Instance {
    pub store: Store<Guest>,
    pub http: Option<Arc<Service>>,
    pub redis: Option<HandleMessage>,
    /// Counts the time slices that its guest code used up.
    pub interrupts: Arc<AtomicU64>,
    uses: usize,
    idle_since: Instant,
    /// Held while in use.
    permit: Option<OwnedSemaphorePermit>,
    shared: Arc<Shared>,
}

impl Instance {
    /// Whether it was made with the variables that its component has now.
    fn is_up_to_date(&self) -> bool {
        self.shared.variables.is_current(&self.store.data().variables)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.shared.metrics.live.dec();
    }
}

/// The instances of one component.
pub struct Instances {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    template: Template,
    shared: Arc<Shared>,
    limits: Limits,
    idle: Mutex<Vec<Instance>>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Clone for Instances {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl Instances {
    pub fn new(engine: Engine, template: Template, shared: Arc<Shared>, limits: Limits) -> Self {
        let permits = Arc::new(Semaphore::new(limits.max_instances));
        let inner =
            Inner { engine, template, shared, limits, idle: Mutex::default(), permits, waiting: AtomicUsize::new(0) };
        Self { inner: Arc::new(inner) }
    }

    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Whether an instance is in use.
    pub fn in_use(&self) -> bool {
        self.inner.permits.available_permits() < self.inner.limits.max_instances
    }

    /// An idle instance or a new one; waits its turn when all are in use.
    pub async fn take(&self) -> Result<Instance, Unavailable> {
        let permit = match self.inner.permits.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait().await?,
        };
        let mut instance = match self.idle() {
            Some(instance) => instance,
            None => self.create().await.map_err(Unavailable::Broken)?,
        };
        instance.permit = Some(permit);
        instance.uses += 1;
        instance.store.set_epoch_deadline(1);
        Ok(instance)
    }

    /// Keeps the instance for the next request unless it has served its time or takes more memory than most need.
    pub fn put_back(&self, mut instance: Instance) {
        let permit = instance.permit.take();
        let worn = instance.uses >= self.inner.limits.max_uses || instance.store.data().is_bloated();
        if !worn && instance.is_up_to_date() {
            instance.idle_since = Instant::now();
            self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        } else {
            drop(instance);
        }
        drop(permit);
    }

    /// The most recently used idle instance that knows the present variables.
    fn idle(&self) -> Option<Instance> {
        // Outdated ones are dropped after the lock.
        let mut outdated = Vec::new();
        let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(instance) = idle.pop() {
            if instance.is_up_to_date() {
                drop(idle);
                return Some(instance);
            }
            outdated.push(instance);
        }
        drop(idle);
        None
    }

    /// Drops idle instances that do not know the present variables.
    pub fn drop_outdated(&self) {
        let outdated: Vec<Instance> = {
            let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.extract_if(.., |instance| !instance.is_up_to_date()).collect()
        };
        drop(outdated);
    }

    /// Drops instances nobody used for the idle timeout; the most recently used are at the end.
    pub fn drop_idle(&self) {
        let old: Vec<Instance> = {
            let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let limit = self.inner.limits.idle_timeout;
            let fresh = idle.iter().position(|i| i.idle_since.elapsed() < limit).unwrap_or(idle.len());
            idle.drain(..fresh).collect()
        };
        drop(old);
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, Unavailable> {
        let shared = &self.inner.shared;
        if self.inner.waiting.fetch_add(1, Ordering::AcqRel) >= self.inner.limits.max_waiting {
            self.inner.waiting.fetch_sub(1, Ordering::AcqRel);
            shared.metrics.rejected.inc();
            return Err(Unavailable::Overloaded);
        }
        shared.metrics.waiting.inc();
        let waiting = Waiting(&self.inner);
        let limit = self.inner.limits.request_timeout;
        let permit = tokio::time::timeout(limit, self.inner.permits.clone().acquire_owned()).await;
        drop(waiting);
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => {
                shared.metrics.rejected.inc();
                Err(Unavailable::Overloaded)
            }
        }
    }

    async fn create(&self) -> wasmtime::Result<Instance> {
        let inner = &*self.inner;
        let started = Instant::now();
        let mut store = Store::new(&inner.engine, Guest::new(inner.shared.clone()));
        store.limiter(|guest| guest.limiter());
        store.epoch_deadline_callback(Guest::on_interrupt);
        store.set_epoch_deadline(1);
        let instance = inner.template.pre.instantiate_async(&mut store).await?;
        let http = match &inner.template.http {
            Some(indices) => Some(Arc::new(indices.load(&mut store, &instance)?)),
            None => None,
        };
        let redis = match &inner.template.redis {
            Some(index) => Some(instance.get_typed_func(&mut store, index)?),
            None => None,
        };
        let interrupts = store.data().interrupts();
        inner.shared.metrics.created.inc();
        inner.shared.metrics.instantiation.observe(started.elapsed().as_secs_f64());
        inner.shared.metrics.live.inc();
        Ok(Instance {
            store,
            http,
            redis,
            interrupts,
            uses: 0,
            idle_since: Instant::now(),
            permit: None,
            shared: inner.shared.clone(),
        })
    }
}

/// Counts a waiting request until it goes on or is gone.
struct Waiting<'a>(&'a Inner);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
        self.0.shared.metrics.waiting.dec();
    }
}
