//! Writes every mail in every language into a folder, from `samples.json`, to look at in a browser:
//! `cargo run --release -p souk-notification --example preview -- target/mail-preview`

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use souk_core::event::Event;
use souk_notification::domain::Shop;
use souk_notification::domain::locale::Locale;
use souk_notification::domain::plan::{Batch, Known, Supplies};
use souk_notification::token;
use std::fs;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Deserialize)]
struct Sample {
    name: String,
    #[serde(rename = "type")]
    type_: String,
    data: Value,
}

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("name the folder to write into")?);
    let shop = Shop::new("http://localhost:9080");
    let supplies = Supplies { shop: &shop, new_id: Uuid::now_v7, new_token: token::new };
    for locale in Locale::ALL {
        let folder = folder.join(locale.as_str());
        fs::create_dir_all(&folder)?;
        let text = include_str!("samples.json").replace("LOCALE", locale.as_str());
        let samples: Vec<Sample> = serde_json::from_str(&text)?;
        let events = samples.iter().map(event).collect::<Result<Vec<_>>>()?;
        let effects = Batch::read(&events)?.plan(Known::default(), supplies)?;
        for (sample, effect) in samples.iter().zip(effects) {
            let mail = effect.message.context("every sample makes a mail")?.mail;
            fs::write(folder.join(format!("{}.html", sample.name)), mail.html)?;
            fs::write(folder.join(format!("{}.txt", sample.name)), format!("{}\n\n{}", mail.subject, mail.text))?;
        }
    }
    Ok(())
}

fn event(sample: &Sample) -> Result<Event> {
    let envelope = json!({
        "id": Uuid::now_v7(), "type": sample.type_, "version": 1, "key": "", "occurred_at": "2026-11-25T20:15:00.000Z",
        "traceparent": null, "data": sample.data
    });
    Ok(Event::parse(&envelope.to_string())?)
}
