//! Every event that the shop put on a stream while the other tests ran is what its schema in docs/events says.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use souk_testkit::events::EventSchemas;
use souk_tests::{run::Suite, shop::Shop};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::runtime::Handle;

/// The events seen so far.
#[derive(Default)]
pub struct Seen {
    counts: BTreeMap<String, usize>,
    errors: BTreeSet<String>,
    lost: Option<String>,
}

/// Reads all streams from now on.
pub fn watch(shop: &Arc<Shop>, on: &Handle) -> Arc<Mutex<Seen>> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let (shop, into) = (Arc::clone(shop), Arc::clone(&seen));
    on.spawn(async move {
        if let Err(error) = read(&shop, &into).await {
            into.lock().unwrap_or_else(PoisonError::into_inner).lost = Some(format!("{error:#}"));
        }
    });
    seen
}

pub fn add(suite: &mut Suite<Shop>, seen: Arc<Mutex<Seen>>) {
    suite.test("every_event_is_what_its_schema_says", |_| async move {
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(seen.lost.is_none(), "the streams could not be read: {:?}", seen.lost);
        ensure!(seen.errors.is_empty(), "{}", seen.errors.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
        for emitted in ["user.registered", "product.changed", "stock.reserved", "order.confirmed", "payment.captured"] {
            ensure!(seen.counts.contains_key(emitted), "no {emitted} among {:?}", seen.counts);
        }
        Ok(())
    });
}

async fn read(shop: &Shop, seen: &Mutex<Seen>) -> Result<()> {
    let schemas = EventSchemas::load()?;
    let text = std::fs::read_to_string(shop.environment.settings().project.join("streams.toml"))?;
    let streams: toml::Table = toml::from_str(&text)?;
    let streams = streams.get("streams").and_then(toml::Value::as_table).context("streams.toml has no streams")?;
    let names: Vec<String> = streams.keys().cloned().collect();
    let mut last: Vec<String> = names.iter().map(|_| "0".to_owned()).collect();
    let mut redis = shop.environment.connect_redis().await?;
    loop {
        let mut command = redis::cmd("XREAD");
        command.arg("COUNT").arg(500).arg("STREAMS").arg(&names).arg(&last);
        let reply: redis::streams::StreamReadReply =
            command.query_async::<Option<_>>(&mut redis).await?.unwrap_or_default();
        if reply.keys.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        for key in reply.keys {
            for entry in &key.ids {
                // What is no event at all, and what is of a version yet to come, is the poison of another test.
                let text = entry.get::<String>("event").unwrap_or_default();
                let Ok(event) = serde_json::from_str::<Value>(&text) else { continue };
                if event["version"] == crate::dead_letters::LATER_VERSION {
                    continue;
                }
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                *seen.counts.entry(event["type"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
                if let Err(error) = schemas.check(&event) {
                    seen.errors.insert(format!("{error:#}"));
                }
            }
            let index = names.iter().position(|name| *name == key.key);
            if let (Some(place), Some(entry)) = (index.and_then(|index| last.get_mut(index)), key.ids.last()) {
                place.clone_from(&entry.id);
            }
        }
    }
}
