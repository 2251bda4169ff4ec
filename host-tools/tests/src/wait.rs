//! Waiting for a condition instead of sleeping for a while.

use anyhow::{Result, bail};
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How long a condition may take before the test fails. Generous: the machine is shared.
pub const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(25);

/// Polls `probe` until it gives a value; fails with `what` when it never does.
pub async fn until<T, F>(what: &str, probe: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    until_within(PATIENCE, what, probe).await
}

/// [`until`] with a patience of its own. An error of the probe counts as "not yet" and is told at the end.
pub async fn until_within<T, F>(patience: Duration, what: &str, mut probe: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let started = Instant::now();
    let mut last = String::from("not yet");
    while started.elapsed() < patience {
        match probe().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) => last = format!("{error:#}"),
        }
        tokio::time::sleep(STEP).await;
    }
    bail!("waited {} s for {what}: {last}", patience.as_secs())
}
