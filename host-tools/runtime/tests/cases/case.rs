//! What a `case.toml` may say.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case proves.
    #[allow(dead_code, reason = "for readers")]
    pub promise: String,
    /// Why Spin answers differently; such a case is left out there.
    pub spin_differs: Option<String>,
    /// Flags for souk-runtime alone; `{dir}` in them is a folder of this run, with a copy of the case's variables.toml.
    #[serde(default)]
    pub args: Vec<String>,
    /// Environment of the runtime.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The start must be refused with one line that has all of these.
    pub refused: Option<Vec<String>>,
    /// `souk-runtime check` must succeed and say all of these.
    pub checked: Option<Vec<String>>,
    /// A collector for traces, which `exported` steps ask.
    #[serde(default)]
    pub collector: bool,
    /// A Postgres database (`pg_url`, `pg_host`).
    #[serde(default)]
    pub postgres: bool,
    /// A Redis (`redis_url`, `redis_host`).
    #[serde(default)]
    pub redis: bool,
    /// Servers of this case alone that are down when the runtime starts.
    #[serde(default)]
    pub down_at_start: Vec<String>,
    /// A Postgres of its own, which steps may crash.
    #[serde(default)]
    pub own_postgres: bool,
    /// What happens, in order.
    #[serde(default)]
    pub step: Vec<Step>,
}

/// One step: exactly one of its first keys, and what must come of it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// `METHOD /path` to send.
    pub request: Option<String>,
    /// A Redis command to send.
    pub redis: Option<Vec<String>>,
    /// SQL to run.
    pub sql: Option<String>,
    /// Text that the runtime must log sooner or later.
    pub log: Option<String>,
    /// Text that it must not have logged.
    pub log_lacks: Option<String>,
    /// A line that `/metrics` must show sooner or later.
    pub metric: Option<String>,
    /// Text that the collector must have received sooner or later.
    pub exported: Option<String>,
    /// An id, in hexadecimal digits, that the collector must have received sooner or later.
    pub exported_id: Option<String>,
    /// Text that it must not have received.
    pub exported_lacks: Option<String>,
    /// A server to crash: `redis` or `postgres`.
    pub crash: Option<String>,
    /// A server to start again.
    pub resume: Option<String>,
    /// The background request to wait for.
    pub join: Option<String>,
    /// What variables.toml says from now on; the runtime is told with SIGHUP.
    pub reload: Option<String>,
    /// `TERM` or `INT`: the runtime must end by itself with exit code 0.
    pub signal: Option<String>,
    /// How long to let time pass before asking; only for what must not happen.
    pub quiet_ms: Option<u64>,

    /// Headers to send.
    pub headers: BTreeMap<String, String>,
    /// JSON body to send; `{address}` in it is where the runtime serves.
    pub json: Option<toml::Value>,
    /// Body to send.
    pub body: Option<String>,
    /// So many bytes as a body.
    pub body_bytes: Option<usize>,
    /// Send the body without its length.
    pub chunked: bool,
    /// Go on at once and wait for the answer in a later `join` step.
    pub background: Option<String>,
    /// Send it so often at once; `status_counts` says what must come back.
    pub at_once: Option<usize>,
    /// Try until what is expected comes back.
    pub eventually: bool,

    /// The status.
    pub status: Option<u16>,
    /// How many answers of each status at least, for `at_once`.
    pub status_counts: BTreeMap<String, usize>,
    /// The whole body.
    pub answer: Option<String>,
    /// Texts in the body.
    pub contains: Vec<String>,
    /// Texts not in the body.
    pub lacks: Vec<String>,
    /// JSON in the body: objects may have more keys, `~text` is text that contains it, `*` is anything.
    pub answer_json: Option<toml::Value>,
    /// Headers of the answer; `*` is any value, `-` none at all.
    pub answer_headers: BTreeMap<String, String>,
    /// The body must break off.
    pub broken: bool,
    /// The body's first piece must come this long before its end at least.
    pub streams_for_ms: Option<u64>,
    /// The answer must come within this time.
    pub within_ms: Option<u64>,
    /// Redis' reply.
    pub reply: Option<String>,
    /// The first column of the rows, joined with commas.
    pub rows: Option<String>,
}

/// Reads a case.
pub fn load(folder: &Path) -> Result<Case, String> {
    let text = std::fs::read_to_string(folder.join("case.toml")).map_err(|e| e.to_string())?;
    toml::from_str(&text).map_err(|e| e.to_string())
}
