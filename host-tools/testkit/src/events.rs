//! The event schemas in docs/events: `<type>.v<version>.json` describes the `data` member of an event, `common.json` the
//! shapes that several share. Every event that a test sees is checked against them.

use crate::repository_root;
use anyhow::{Context, Result, anyhow, bail, ensure};
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tokio_postgres::Client;

const COMMON: &str = "common.json";

/// All event schemas, ready to check with.
pub struct EventSchemas {
    documents: BTreeMap<String, Value>,
    validators: BTreeMap<String, Validator>,
}

/// The folder that holds the schemas.
pub fn folder() -> PathBuf {
    repository_root().join("docs/events")
}

impl EventSchemas {
    /// Reads docs/events.
    pub fn load() -> Result<Self> {
        let common = read(COMMON)?;
        let (mut documents, mut validators) = (BTreeMap::new(), BTreeMap::new());
        for entry in std::fs::read_dir(folder()).context("reading docs/events")? {
            let file = entry?.file_name().to_string_lossy().into_owned();
            let Some(name) = file.strip_suffix(".json").filter(|name| is_event(name)) else { continue };
            let mut document = inlined(&read(&file)?, &common).with_context(|| file.clone())?;
            let id = document.as_object_mut().and_then(|document| document.remove("$id"));
            ensure!(id == Some(Value::from(file.as_str())), "{file}: its $id is not its name");
            let validator = jsonschema::validator_for(&document).map_err(|error| anyhow!("{file}: {error}"))?;
            validators.insert(name.to_owned(), validator);
            documents.insert(name.to_owned(), document);
        }
        Ok(Self { documents, validators })
    }

    /// The schemas by name, as in `order.placed.v1`, with `common.json` put in where they refer to it.
    pub fn documents(&self) -> &BTreeMap<String, Value> {
        &self.documents
    }

    /// Checks an envelope: that its type and version have a schema, and that its data fits it.
    pub fn check(&self, event: &Value) -> Result<()> {
        let type_ = event["type"].as_str().with_context(|| format!("no type in {event}"))?;
        let name = format!("{type_}.v{}", event["version"]);
        let Some(validator) = self.validators.get(&name) else {
            bail!("there is no docs/events/{name}.json for the event {event}");
        };
        let errors: Vec<String> =
            validator.iter_errors(&event["data"]).map(|error| format!("{}: {error}", error.instance_path())).collect();
        ensure!(errors.is_empty(), "{name} is not what its schema says: {}\n{event}", errors.join("; "));
        Ok(())
    }

    /// Checks every event in a service's outbox; returns how many there were.
    pub async fn check_outbox(&self, client: &Client) -> Result<usize> {
        let rows = client.query("SELECT event::text FROM outbox ORDER BY id", &[]).await?;
        for row in &rows {
            self.check(&serde_json::from_str(row.get(0))?)?;
        }
        Ok(rows.len())
    }
}

/// `<type>.v<number>`, as opposed to what else lies in the folder.
fn is_event(name: &str) -> bool {
    name.rsplit_once(".v").is_some_and(|(_, version)| version.parse::<u32>().is_ok())
}

fn read(file: &str) -> Result<Value> {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// The names of a reference to common.json: `common.json#/$defs/money` -> `money`.
fn common_name(reference: &str) -> Option<&str> {
    reference.trim_start_matches(COMMON).strip_prefix("#/$defs/")
}

fn inlined(value: &Value, common: &Value) -> Result<Value> {
    Ok(match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str).and_then(common_name) {
            Some(name) => {
                let shape = common["$defs"].get(name).with_context(|| format!("common.json has no {name}"))?;
                inlined(shape, common)?
            }
            None => {
                let inline = |(key, member): (&String, &Value)| Ok((key.clone(), inlined(member, common)?));
                Value::Object(members.iter().map(inline).collect::<Result<_>>()?)
            }
        },
        Value::Array(items) => Value::Array(items.iter().map(|item| inlined(item, common)).collect::<Result<_>>()?),
        other => other.clone(),
    })
}
