//! Maximum throughput of GETs, measured by wrk: it costs less of the two cores than any generator of ours.

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// What wrk printed.
pub struct Wrk {
    /// Requests a second.
    pub rate: f64,
    /// 99th percentile of the latency, as wrk prints it.
    pub p99: String,
}

/// Runs `wrk -t1 -c32` on `url` for `seconds`.
pub fn get(url: &str, seconds: u32) -> Result<Wrk> {
    let duration = format!("-d{seconds}s");
    let output = Command::new("wrk")
        .args(["-t1", "-c32", &duration, "--latency", url])
        .output()
        .context("wrk is missing: apt-get install wrk")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "wrk failed: {text}{}", String::from_utf8_lossy(&output.stderr));
    ensure!(!text.contains("Non-2xx"), "wrk got errors: {text}");
    let after = |label: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(label));
        line.and_then(|line| line.split_whitespace().last())
            .map(str::to_owned)
            .with_context(|| format!("no {label}: {text}"))
    };
    Ok(Wrk { rate: after("Requests/sec:")?.parse()?, p99: after("99%")? })
}
