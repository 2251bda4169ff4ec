//! What was promised about events stays true: a member that a released version has is there for good, with the same
//! type and as surely as before. docs/events/released.json remembers what was promised; a new version of an event gets
//! a new schema beside the old one.
//!
//! `RELEASE_EVENTS=1 cargo test --release -p souk-testkit --test event_schemas` adds what is new to it. It never takes
//! anything away.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use souk_testkit::events::{EventSchemas, folder};
use std::collections::BTreeMap;

type Promises = BTreeMap<String, BTreeMap<String, Value>>;

/// Every member of a schema by its path: its types, its values where they are listed, and whether it is always there.
fn promises(schema: &Value) -> BTreeMap<String, Value> {
    let mut members = BTreeMap::new();
    collect(schema, "", true, &mut members);
    members
}

fn collect(schema: &Value, path: &str, required: bool, into: &mut BTreeMap<String, Value>) {
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        Value::Null => vec![],
        one => vec![one.clone()],
    };
    let mut promise = Map::from_iter([("required".to_owned(), required.into()), ("types".to_owned(), types.into())]);
    if let Some(values) = schema.get("enum") {
        promise.insert("values".to_owned(), values.clone());
    }
    into.insert(if path.is_empty() { "/".to_owned() } else { path.to_owned() }, promise.into());
    let always = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        collect(member, &format!("{path}/{name}"), always.contains(&json!(name)), into);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], &format!("{path}/*"), true, into);
    }
}

/// What a consumer that relied on `released` would miss in `now`.
fn breaks(released: &BTreeMap<String, Value>, now: &BTreeMap<String, Value>) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, promised) in released {
        let Some(current) = now.get(path) else {
            broken.push(format!("{path} is gone"));
            continue;
        };
        if promised["required"] == true && current["required"] != true {
            broken.push(format!("{path} may be missing now"));
        }
        let within = |which: &str| match (promised[which].as_array(), current[which].as_array()) {
            (Some(before), Some(now)) => {
                before.is_empty() || !now.is_empty() && now.iter().all(|one| before.contains(one))
            }
            (Some(_), None) => false,
            (None, _) => true,
        };
        if !within("types") {
            broken.push(format!("{path} was {} and is {} now", promised["types"], current["types"]));
        }
        if !within("values") {
            broken.push(format!("{path} has other values than {}", promised["values"]));
        }
    }
    broken
}

#[test]
fn no_event_breaks_a_promise_without_a_new_version() -> Result<()> {
    let now: Promises =
        EventSchemas::load()?.documents().iter().map(|(name, schema)| (name.clone(), promises(schema))).collect();
    let file = folder().join("released.json");
    let released: Promises = serde_json::from_str(&std::fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned()))?;
    for (name, promised) in &released {
        let current = now
            .get(name)
            .with_context(|| format!("{name}.json is gone; a version stays while it may be in a stream"))?;
        let broken = breaks(promised, current);
        ensure!(
            broken.is_empty(),
            "{name} breaks its consumers: {}. Write version {}+1 instead",
            broken.join("; "),
            name
        );
    }
    if std::env::var_os("RELEASE_EVENTS").is_some() {
        std::fs::write(&file, serde_json::to_string_pretty(&now)? + "\n")?;
        return Ok(());
    }
    let unreleased: Vec<&String> =
        now.iter().filter(|(name, members)| released.get(*name) != Some(members)).map(|(name, _)| name).collect();
    ensure!(
        unreleased.is_empty(),
        "docs/events/released.json does not know yet what {unreleased:?} promise: run \
         RELEASE_EVENTS=1 cargo test --release -p souk-testkit --test event_schemas"
    );
    Ok(())
}

#[test]
fn a_breaking_change_is_seen() {
    let schema = |member: Value, required: Value| {
        promises(&json!({"type": "object", "required": required, "properties": {"a": member}}))
    };
    let before = schema(json!({"type": "string", "enum": ["x", "y"]}), json!(["a"]));
    for (change, why) in [
        (promises(&json!({"type": "object", "required": [], "properties": {}})), "gone"),
        (schema(json!({"type": "string", "enum": ["x", "y"]}), json!([])), "may be missing"),
        (schema(json!({"type": ["string", "null"], "enum": ["x", "y"]}), json!(["a"])), "is"),
        (schema(json!({"type": "string", "enum": ["x", "z"]}), json!(["a"])), "other values"),
        (schema(json!({"type": "string"}), json!(["a"])), "other values"),
    ] {
        let broken = breaks(&before, &change);
        assert!(broken.len() == 1 && broken[0].contains(why), "{broken:?}");
    }
    let more = promises(&json!({"type": "object", "required": ["a", "b"], "properties":
        {"a": {"type": "string", "enum": ["x"]}, "b": {"type": "integer"}}}));
    assert_eq!(breaks(&before, &more), Vec::<String>::new(), "more members and fewer values break nobody");
}

#[test]
fn every_member_of_every_event_is_described() -> Result<()> {
    for (name, schema) in EventSchemas::load()?.documents() {
        for key in ["title", "description"] {
            ensure!(schema[key].is_string(), "{name} has no {key}");
        }
        described(name, schema)?;
    }
    Ok(())
}

fn described(path: &str, schema: &Value) -> Result<()> {
    ensure!(schema["description"].is_string() || path.ends_with('*'), "{path} has no description");
    if schema["type"] == "object" {
        ensure!(schema["additionalProperties"] == false, "{path} lets members in that nobody described");
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        described(&format!("{path}/{name}"), member)?;
    }
    if schema["items"].is_object() {
        described(&format!("{path}/*"), &schema["items"])?;
    }
    Ok(())
}
