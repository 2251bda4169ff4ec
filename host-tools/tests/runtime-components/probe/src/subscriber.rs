//! The Redis trigger's handler. A message is JSON: it appends to a list when it starts and ends, and may be slow, fail
//! or trap on the way.

use crate::{stores, trouble};
use bytes::Bytes;
use serde_json::Value;
use spin_sdk::redis_subscriber;
use std::time::Duration;

#[redis_subscriber]
async fn on_message(message: Bytes) -> anyhow::Result<()> {
    let message: Value = serde_json::from_slice(&message)?;
    let key = message["key"].as_str().unwrap_or("log");
    let name = message["name"].as_str().unwrap_or("message");
    note(key, &format!("{name} starts")).await?;
    if let Some(ms) = message["sleep_ms"].as_u64() {
        spin_sdk::time::sleep(Duration::from_millis(ms)).await;
    }
    match message["then"].as_str() {
        Some("err") => anyhow::bail!("refused on purpose"),
        Some("panic") => trouble::panic().map(drop).map_err(|error| anyhow::anyhow!("{error}")),
        Some("loop") => trouble::spin_forever().map(drop).map_err(|error| anyhow::anyhow!("{error}")),
        _ => note(key, &format!("{name} ends")).await,
    }
}

async fn note(key: &str, text: &str) -> anyhow::Result<()> {
    stores::append(key, text).await.map_err(|error| anyhow::anyhow!("{error:?}"))
}
