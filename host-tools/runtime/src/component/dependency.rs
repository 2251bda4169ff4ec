//! Whose fault a trap is. A dependency is composed into the component, so it runs in the same instance and its trap ends
//! that instance; but the modules of a composition are named, and the stack tells whether a dependency was at work.

use super::engine::TIME_SLICE;
use std::time::Duration;
use wasmtime::WasmBacktrace;

/// How the component's own modules are called in a composition.
pub const OWN: &str = "component";
const DEPENDENCY: &str = "dependency:";
const DENIED: &str = "denied:";
/// Told instead of a name when only the adapter code of the composition is on the stack.
pub const UNKNOWN: &str = "unknown";

/// How the modules of the dependency `name` are called.
pub fn module_name(name: &str) -> String {
    format!("{DEPENDENCY}{name}")
}

/// How the modules are called that stand in for what the dependency `name` may not use.
pub fn denied_name(name: &str) -> String {
    format!("{DENIED}{name}")
}

/// What became of a call into a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The dependency's name in the manifest.
    pub dependency: String,
    /// What it did, for the log.
    pub cause: String,
}

/// A dependency computed for longer than it may in one request.
#[derive(Debug, thiserror::Error)]
#[error("it computed for more than {} ms", .0.as_millis())]
pub struct TookTooLong(Duration);

/// The dependency that was at work when `error` ended the component's work, if one was.
pub fn failure(error: &wasmtime::Error) -> Option<Failure> {
    let trace = error.downcast_ref::<WasmBacktrace>()?;
    let dependency = at_work(trace)?.to_owned();
    let innermost = trace.frames().first();
    let denied = innermost.filter(|frame| frame.module().name().is_some_and(|name| name.starts_with(DENIED)));
    let cause = match denied {
        Some(frame) => format!("it may not call {}", frame.func_name().unwrap_or("what it called")),
        None => error.root_cause().to_string(),
    };
    Some(Failure { dependency, cause })
}

/// The dependency on the stack. Frames without a module name are the code that carries values between the component and
/// its dependencies: it traps when a dependency returns what its interface does not allow, or more than fits.
fn at_work(trace: &WasmBacktrace) -> Option<&str> {
    let mut between = None;
    for frame in trace.frames() {
        match frame.module().name() {
            Some(name) => {
                let dependency = name.strip_prefix(DEPENDENCY).or_else(|| name.strip_prefix(DENIED));
                if dependency.is_some() {
                    return dependency;
                }
            }
            None => between = Some(UNKNOWN),
        }
    }
    between
}

/// How long dependencies have computed in the current request, sampled at the end of each time slice.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    limit: Duration,
    used: Duration,
}

impl Clock {
    /// A clock that lets dependencies compute for `limit`.
    pub fn new(limit: Duration) -> Self {
        Self { limit, used: Duration::ZERO }
    }

    /// A new request.
    pub fn reset(&mut self) {
        self.used = Duration::ZERO;
    }

    /// A time slice is over, with `trace` on the stack.
    pub fn tick(&mut self, trace: &WasmBacktrace) -> Result<(), TookTooLong> {
        if at_work(trace).is_some() {
            self.used += TIME_SLICE;
        }
        if self.used > self.limit { Err(TookTooLong(self.limit)) } else { Ok(()) }
    }
}
