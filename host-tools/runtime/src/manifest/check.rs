//! From the manifest as written to an [`App`]: every rule that serde cannot express, and all templates.

use super::dependencies;
use super::hosts::AllowedHosts;
use super::ids;
use super::variables::{Variables, check_name};
use super::{App, Component, RedisTrigger, raw};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

pub(super) fn resolve(raw: raw::Manifest, base: &Path, env: impl Fn(&str) -> Option<String>) -> Result<App> {
    if raw.spin_manifest_version.as_integer() != Some(2) {
        return Err(manifest(format!("spin_manifest_version is {}; only 2 is supported", raw.spin_manifest_version)));
    }
    if raw.application.trigger.http.base.as_deref().is_some_and(|base| base != "/") {
        return Err(manifest("[application.trigger.http] base is not supported; write the whole route"));
    }
    let variables = Variables::resolve(&raw.variables, env)?;
    let mut components = BTreeMap::new();
    for (id, component) in raw.component {
        ids::check(&id).map_err(|why| manifest(format!("[component.{id}]: the id is not kebab-case: {why}")))?;
        components.insert(id.clone(), resolve_component(&id, component, base, &variables)?);
    }
    let mut routes = Vec::new();
    for trigger in raw.trigger.http {
        let component = component_of("http", &trigger.component, &components)?;
        check_executor(trigger.executor.as_ref())?;
        if let Some(route) = public_route(&trigger.route)? {
            routes.push((route, component));
        }
    }
    let redis = resolve_redis(raw.trigger.redis, raw.application.trigger.redis.address, &components, &variables)?;
    for (id, component) in &components {
        if component.allowed_hosts.has_service_chaining() {
            let rest = if redis.is_empty() {
                "service chaining (*.spin.internal) is not supported; call the service by its address"
            } else {
                "features that are not available in this version of the 'redis' trigger: local_service_chaining"
            };
            return Err(Error::component(id, rest));
        }
    }
    if routes.is_empty() && redis.is_empty() {
        return Err(manifest("the application has no trigger; add [[trigger.http]] or [[trigger.redis]]"));
    }
    Ok(App { name: raw.application.name, version: raw.application.version, components, routes, redis })
}

fn manifest(message: impl Into<String>) -> Error {
    Error::Manifest(message.into())
}

fn component_of(kind: &str, value: &toml::Value, components: &BTreeMap<String, Component>) -> Result<String> {
    let Some(id) = value.as_str() else {
        return Err(manifest(format!("[[trigger.{kind}]] component must be the id of a [component.<id>]")));
    };
    if components.contains_key(id) {
        Ok(id.to_owned())
    } else {
        Err(manifest(format!("[[trigger.{kind}]] names the component `{id}`, which is not defined")))
    }
}

fn check_executor(executor: Option<&raw::Executor>) -> Result<()> {
    match executor {
        Some(executor) if !matches!(executor.kind.as_str(), "http" | "spin") => {
            Err(manifest(format!("[[trigger.http]] executor type `{}` is not supported", executor.kind)))
        }
        _ => Ok(()),
    }
}

/// The route, or `None` for `{ private = true }`.
fn public_route(route: &toml::Value) -> Result<Option<String>> {
    if let Some(route) = route.as_str() {
        return if route.starts_with('/') {
            Ok(Some(route.to_owned()))
        } else {
            Err(manifest(format!("route `{route}` must start with `/`")))
        };
    }
    match route.as_table() {
        Some(table) if table.len() == 1 && table.get("private").and_then(toml::Value::as_bool) == Some(true) => {
            Ok(None)
        }
        _ => Err(manifest("route must be a string or { private = true }")),
    }
}

fn resolve_redis(
    triggers: Vec<raw::RedisTrigger>,
    default_address: Option<String>,
    components: &BTreeMap<String, Component>,
    variables: &Variables,
) -> Result<Vec<RedisTrigger>> {
    let mut out = Vec::new();
    for trigger in triggers {
        let component = component_of("redis", &trigger.component, components)?;
        let address = trigger.address.as_ref().or(default_address.as_ref()).ok_or_else(|| {
            manifest(format!(
                "[[trigger.redis]] for channel `{}` has no address; set it there or in [application.trigger.redis]",
                trigger.channel
            ))
        })?;
        let address = variables.expand(address, "[[trigger.redis]] address")?;
        let channel = variables.expand(&trigger.channel, "[[trigger.redis]] channel")?;
        crate::host::redis::check_address(&address)
            .map_err(|why| manifest(format!("[[trigger.redis]] for channel `{channel}`: {why}")))?;
        out.push(RedisTrigger { address, channel, component });
    }
    Ok(out)
}

fn resolve_component(id: &str, raw: raw::Component, base: &Path, variables: &Variables) -> Result<Component> {
    refuse_unsupported(id, &raw)?;
    let Some(source) = raw.source.as_str() else {
        return Err(Error::component(
            id,
            "only a source that is a path is supported; download a {url, digest} source first and name its file",
        ));
    };
    let mut values = HashMap::new();
    for (name, template) in &raw.variables {
        check_name(name).map_err(|why| Error::component(id, format!("invalid variable name `{name}`: {why}")))?;
        values.insert(name.clone(), variables.expand(template, &format!("component `{id}`, variable `{name}`"))?);
    }
    let mut hosts = Vec::new();
    for host in &raw.allowed_outbound_hosts {
        hosts.push(variables.expand(host, &format!("component `{id}`, allowed_outbound_hosts"))?);
    }
    let dependencies = dependencies::resolve(raw.dependencies, base).map_err(|why| Error::component(id, why))?;
    Ok(Component {
        source: base.join(source),
        environment: raw.environment,
        variables: values,
        allowed_hosts: AllowedHosts::parse(&hosts).map_err(|why| Error::component(id, why))?,
        dependencies,
        dependencies_inherit: raw.dependencies_inherit_configuration,
    })
}

fn refuse_unsupported(id: &str, raw: &raw::Component) -> Result<()> {
    let unsupported = [
        ("files", &raw.files),
        ("exclude_files", &raw.exclude_files),
        ("allowed_http_hosts", &raw.allowed_http_hosts),
        ("key_value_stores", &raw.key_value_stores),
        ("sqlite_databases", &raw.sqlite_databases),
        ("ai_models", &raw.ai_models),
    ];
    match unsupported.into_iter().find(|(_, values)| !values.is_empty()) {
        Some((key, _)) => Err(Error::component(id, format!("`{key}` is not supported by this runtime"))),
        None => Ok(()),
    }
}
