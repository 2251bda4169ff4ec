//! The manifest as it is written: serde types for Spin's manifest version 2. Unknown keys are errors at every level;
//! keys that Spin knows and this runtime does not support are read here and refused in `manifest::check`.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A whole spin.toml.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub spin_manifest_version: toml::Value,
    pub application: Application,
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    #[serde(default)]
    pub trigger: Triggers,
    #[serde(default)]
    pub component: BTreeMap<String, Component>,
}

/// `[application]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    pub name: String,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub authors: Vec<String>,
    #[serde(default)]
    pub trigger: ApplicationTriggers,
    /// Checked when the application is built, not when it runs.
    #[serde(default)]
    pub targets: Vec<toml::Value>,
    /// Left to tools, as Spin does.
    #[serde(default)]
    pub tool: toml::Table,
}

/// `[application.trigger.*]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationTriggers {
    #[serde(default)]
    pub http: ApplicationHttp,
    #[serde(default)]
    pub redis: ApplicationRedis,
}

/// `[application.trigger.http]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationHttp {
    pub base: Option<String>,
}

/// `[application.trigger.redis]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRedis {
    pub address: Option<String>,
}

/// One entry of `[variables]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
    #[serde(default)]
    pub description: Option<String>,
}

/// `[[trigger.*]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    #[serde(default)]
    pub http: Vec<HttpTrigger>,
    #[serde(default)]
    pub redis: Vec<RedisTrigger>,
}

/// `[[trigger.http]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    #[serde(default)]
    pub id: Option<String>,
    pub route: toml::Value,
    pub component: toml::Value,
    #[serde(default)]
    pub executor: Option<Executor>,
}

/// `executor = { type = ... }` of an HTTP trigger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Executor {
    #[serde(rename = "type")]
    pub kind: String,
}

/// `[[trigger.redis]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisTrigger {
    #[serde(default)]
    pub id: Option<String>,
    pub address: Option<String>,
    pub channel: String,
    pub component: toml::Value,
}

/// `[component.<id>]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    #[serde(default)]
    pub description: Option<String>,
    pub source: toml::Value,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub dependencies: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub dependencies_inherit_configuration: bool,
    #[serde(default)]
    pub build: Option<Build>,
    #[serde(default)]
    pub tool: toml::Table,
    #[serde(default)]
    pub files: Vec<toml::Value>,
    #[serde(default)]
    pub exclude_files: Vec<toml::Value>,
    #[serde(default)]
    pub allowed_http_hosts: Vec<toml::Value>,
    #[serde(default)]
    pub key_value_stores: Vec<toml::Value>,
    #[serde(default)]
    pub sqlite_databases: Vec<toml::Value>,
    #[serde(default)]
    pub ai_models: Vec<toml::Value>,
    #[serde(default)]
    pub targets: Vec<toml::Value>,
    #[serde(default)]
    pub profile: BTreeMap<String, Profile>,
}

/// `[component.<id>.profile.<name>]`: what `spin build --profile` and `spin up --profile` use instead; this runtime always
/// runs the default profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    #[serde(default)]
    pub source: Option<toml::Value>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub dependencies: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub build: Option<ProfileBuild>,
}

/// `[component.<id>.profile.<name>.build]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileBuild {
    pub command: toml::Value,
}

/// `[component.<id>.build]`: read so that mistakes are found, otherwise left to build tools.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    pub command: toml::Value,
    #[serde(default)]
    pub workdir: Option<String>,
    #[serde(default)]
    pub watch: Vec<String>,
}

/// `dependencies."pkg:name/interface@1.0.0" = { ... }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathDependency {
    pub path: String,
    #[serde(default)]
    pub export: Option<String>,
    #[serde(default)]
    pub inherit_configuration: Option<toml::Value>,
}
