//! The wasm engine: pooled memories, code that can be interrupted, and the clock that interrupts it.

use crate::error::{Error, Result};
use std::time::Duration;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How long guest code runs before it lets others run.
pub const TIME_SLICE: Duration = Duration::from_millis(10);

/// An engine for at most `instances` instances at once with memories of at most `max_memory_bytes`.
pub fn engine(instances: u32, max_memory_bytes: usize) -> Result<Engine> {
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(8))
        .total_memories(instances.saturating_mul(2))
        .total_tables(instances.saturating_mul(4))
        .total_stacks(instances.saturating_mul(2))
        .max_memory_size(max_memory_bytes)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(1 << 20)
        .max_core_instances_per_component(64)
        .max_memories_per_component(16)
        .max_tables_per_component(32)
        .table_elements(100_000)
        .linear_memory_keep_resident(128 * 1024)
        .async_stack_keep_resident(16 * 1024)
        .max_unused_warm_slots(64);
    if let Enabled::Yes = pool_pagemap() {
        pool.pagemap_scan(Enabled::Auto);
    }
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .wasm_component_model_async(true)
        .epoch_interruption(true)
        .memory_init_cow(true)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(16));
    Engine::new(&config).map_err(|e| Error::Host(format!("cannot set up the wasm engine: {e:#}")))
}

fn pool_pagemap() -> Enabled {
    if cfg!(target_os = "linux") { Enabled::Yes } else { Enabled::No }
}

/// Starts the thread that ends time slices; it ends with the engine.
pub fn start_clock(engine: &Engine) -> Result<()> {
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("time-slices".to_owned())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TIME_SLICE);
            }
        })
        .map(drop)
        .map_err(|e| Error::Host(format!("cannot start the time slice thread: {e}")))
}
