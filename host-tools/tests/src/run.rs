//! Runs async tests one after another against a shop, under the ordinary test runner's options and summary.

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};
use std::{future::Future, process::ExitCode, sync::Arc};

/// The tests of one binary, each with a name that states its promise.
pub struct Suite<S> {
    runtime: Arc<tokio::runtime::Runtime>,
    shared: Arc<S>,
    trials: Vec<Trial>,
}

impl<S: Send + Sync + 'static> Suite<S> {
    /// A suite whose tests share `shared`.
    pub fn new(runtime: Arc<tokio::runtime::Runtime>, shared: Arc<S>) -> Self {
        Self { runtime, shared, trials: Vec::new() }
    }

    /// Adds a test.
    pub fn test<F>(&mut self, name: &str, test: impl FnOnce(Arc<S>) -> F + Send + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let (runtime, shared) = (Arc::clone(&self.runtime), Arc::clone(&self.shared));
        self.trials.push(Trial::test(name, move || {
            runtime.block_on(test(shared)).map_err(|error| Failed::from(format!("{error:#}")))
        }));
    }

    /// Runs what the command line asks for, in the order of adding; the exit code says whether all passed. One test at
    /// a time: they share a shop, and some take a part of it away.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
        libtest_mimic::run(&arguments, self.trials).exit_code()
    }
}

/// The async runtime of a test binary.
pub fn runtime() -> Result<Arc<tokio::runtime::Runtime>> {
    Ok(Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?))
}
