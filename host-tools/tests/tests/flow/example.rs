//! The smallest value that a JSON Schema of an OpenAPI document lets pass, for calls that are about who calls and not
//! about what they say.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// A value that `schema` lets pass.
pub fn example(schema: &Value, document: &Value) -> Result<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return example(document.pointer(pointer).with_context(|| format!("nothing at {reference}"))?, document);
    }
    for known in ["const", "default", "example"] {
        if let Some(value) = schema.get(known) {
            return Ok(value.clone());
        }
    }
    for listed in ["enum", "examples"] {
        if let Some(value) = schema[listed].as_array().and_then(|values| values.first()) {
            return Ok(value.clone());
        }
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(ways) = schema[choice].as_array() {
            let way = ways.iter().find(|way| way["type"] != "null").context("only null may stand there")?;
            return example(way, document);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = example(part, document)? {
                whole.extend(members);
            }
        }
        return Ok(whole.into());
    }
    match kind(schema) {
        "object" => object(schema, document),
        "array" => {
            let count = schema["minItems"].as_u64().unwrap_or(0);
            (0..count).map(|_| example(&schema["items"], document)).collect::<Result<_>>().map(Value::Array)
        }
        "string" => string(schema).map(Value::String),
        "integer" | "number" => Ok(schema.get("minimum").cloned().unwrap_or_else(|| json!(1))),
        "boolean" => Ok(json!(true)),
        "null" => Ok(Value::Null),
        other => bail!("no example of {other}: {schema}"),
    }
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema["properties"].is_object() => "object",
        _ => "string",
    }
}

fn object(schema: &Value, document: &Value) -> Result<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut members = Map::new();
    for name in required.iter().filter_map(Value::as_str) {
        let member = &schema["properties"][name];
        members.insert(name.to_owned(), example(member, document).with_context(|| format!("member {name}"))?);
    }
    Ok(members.into())
}

/// Patterns cannot be turned round, so each that a document uses has its example here.
fn string(schema: &Value) -> Result<String> {
    let given = match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), _) => "018f0000-0000-7000-8000-000000000000",
        (Some("email"), _) => "nobody@tests.example",
        (Some("date-time"), _) => "2026-01-01T00:00:00Z",
        (Some("date"), _) => "2026-01-01",
        (Some("uri"), _) => "https://souk.example/",
        (_, Some(pattern)) if pattern.contains("[A-Z]{3}") => "EUR",
        (_, Some(pattern)) if pattern.contains("[A-Z]{2}") => "PT",
        _ => "x",
    };
    let shortest = usize::try_from(schema["minLength"].as_u64().unwrap_or(0))?;
    Ok(format!("{given}{}", "x".repeat(shortest.saturating_sub(given.len()))))
}
