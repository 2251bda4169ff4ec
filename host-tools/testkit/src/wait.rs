//! Waiting for a condition instead of for a time: polled often, given up at a generous deadline.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long a condition may take before the test fails. Far more than any needs on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Polls until `condition` gives a value, and returns it. Fails the test, naming `what`, when the deadline passes.
#[allow(clippy::panic)] // a helper of tests: panicking is how a test fails
pub async fn eventually<T, F, Fut>(what: &str, mut condition: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        if started.elapsed() > DEADLINE {
            panic!("waited {} s in vain until {what}", DEADLINE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
