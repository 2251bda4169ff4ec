//! What a component instance carries: its WASI contexts, its resources and a handle on its component's configuration.
//! One [`Guest`] lives as long as its instance, over many requests; [`Guest::begin`] resets what belongs to one of them.

use crate::component::variables::Values;
use crate::component::{Shared, dependency};
use crate::host::outbound::OutboundHttp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmtime::component::{HasData, ResourceTable};
use wasmtime::{ResourceLimiter, StoreContextMut, WasmBacktrace};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, p2, p3};

/// An instance with a memory above this is not kept for the next request: to make a new one takes less than a millisecond,
/// and idle ones would hold for minutes what one request in a thousand needed (19 MiB for a password's hash).
const KEPT_MEMORY_BYTES: usize = 16 << 20;

/// The store data of one instance.
pub struct Guest {
    /// The component this is an instance of.
    pub shared: Arc<Shared>,
    /// The component's variables as they were when this instance was made.
    pub variables: Arc<Values>,
    /// Host resources that the guest holds.
    pub table: ResourceTable,
    /// The trace that the current request belongs to.
    pub trace: Option<crate::telemetry::Context>,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: OutboundHttp,
    limit: MemoryLimit,
    interrupts: Arc<AtomicU64>,
    /// `None` when the component has no dependencies.
    dependencies: Option<dependency::Clock>,
}

/// Marks the host side of the Spin interfaces; its data is the whole [`Guest`].
pub struct Host;

impl HasData for Host {
    type Data<'a> = &'a mut Guest;
}

impl Guest {
    /// The data of a fresh instance of the component.
    pub fn new(shared: Arc<Shared>) -> Self {
        let mut wasi = WasiCtxBuilder::new();
        for (name, value) in &shared.environment {
            wasi.env(name, value);
        }
        wasi.stdout(shared.log.stdout()).stderr(shared.log.stderr());
        wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        Self {
            wasi: wasi.build(),
            http: WasiHttpCtx::new(),
            outbound: OutboundHttp::new(shared.clone()),
            limit: MemoryLimit { bytes: shared.max_memory_bytes, largest: 0 },
            variables: shared.variables.current(),
            table: ResourceTable::new(),
            trace: None,
            interrupts: Arc::default(),
            dependencies: shared.dependency_timeout.map(dependency::Clock::new),
            shared,
        }
    }

    /// Starts a request or message: host calls made from now on belong to `trace`.
    pub fn begin(&mut self, trace: Option<crate::telemetry::Context>) {
        self.outbound.trace.clone_from(&trace);
        self.trace = trace;
        if let Some(clock) = self.dependencies.as_mut() {
            clock.reset();
        }
    }

    /// Counts the times the guest was interrupted because it had used up a time slice: while it stands still, the
    /// guest is waiting rather than computing.
    pub fn interrupts(&self) -> Arc<AtomicU64> {
        self.interrupts.clone()
    }

    /// Whether a memory has grown so large that the instance should end with its request.
    pub fn is_bloated(&self) -> bool {
        self.limit.largest > KEPT_MEMORY_BYTES
    }

    /// The limiter of this instance's memories and tables.
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.limit
    }

    /// Called at the end of each time slice. A dependency that has computed for too long traps here.
    pub fn on_interrupt(mut store: StoreContextMut<'_, Self>) -> wasmtime::Result<wasmtime::UpdateDeadline> {
        store.data().interrupts.fetch_add(1, Ordering::Relaxed);
        if store.data().dependencies.is_some() {
            let trace = WasmBacktrace::force_capture(&store);
            if let Some(clock) = store.data_mut().dependencies.as_mut() {
                clock.tick(&trace)?;
            }
        }
        Ok(wasmtime::UpdateDeadline::Yield(1))
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl p3::WasiHttpView for Guest {
    fn http(&mut self) -> p3::WasiHttpCtxView<'_> {
        p3::WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outbound }
    }
}

impl p2::WasiHttpView for Guest {
    fn http(&mut self) -> p2::WasiHttpCtxView<'_> {
        p2::WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outbound }
    }
}

/// Refuses growth over the memory limit; the guest's allocator then fails as it does on a machine that is full.
struct MemoryLimit {
    bytes: usize,
    /// The largest memory of the instance, in bytes.
    largest: usize,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let granted = desired <= self.bytes;
        if granted {
            self.largest = self.largest.max(desired);
        }
        Ok(granted)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 100_000)
    }
}
