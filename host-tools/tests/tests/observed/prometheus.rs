//! Prometheus, as `make monitoring-local` runs it, against the shop of the test.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use souk_local::http::Client;
use souk_tests::shop::Shop;
use std::{process::Stdio, time::Duration};
use tokio::process::{Child, Command};

/// A running Prometheus; dropped, it is killed.
pub struct Prometheus {
    client: Client,
    base: String,
    _process: Child,
}

impl Prometheus {
    /// Starts it on a free port, with a scrape each second.
    pub async fn start(shop: &Shop) -> Result<Self> {
        let settings = shop.environment.settings();
        let port = tokio::net::TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let process = Command::new(settings.project.join("scripts/monitoring-local"))
            .arg(port.to_string())
            .env("SOUK_PORT", settings.ports.gateway.to_string())
            .env("SOUK_MONITORING", settings.root.join("monitoring"))
            .env("SOUK_SCRAPE", "1s")
            .env("SOUK_PROMETHEUS_LOG", "error")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("scripts/monitoring-local")?;
        let client = Client::new(Duration::from_secs(10));
        Ok(Self { client, base: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// `data` of an answer of the API.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.client.get(&format!("{}/api/v1/{path}", self.base), &[]).await?;
        let body = answer.json();
        ensure!(answer.status.is_success(), "{path}: {body}");
        Ok(body["data"].clone())
    }

    /// How many series an expression gives.
    pub async fn count(&self, expression: &str) -> Result<usize> {
        let result = self.get(&format!("query?query={}", encoded(expression))).await?;
        Ok(result["result"].as_array().map_or(0, Vec::len))
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
