//! Running one case: its servers, the runtime, and its steps.

use crate::case::{Case, Step};
use crate::collector::Collector;
use crate::http::{Answer, compare, send};
use crate::program::{self, Program};
use souk_testkit::{Postgres, Redis};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

/// How long something may take to come about.
const DEADLINE: Duration = Duration::from_secs(30);

type Pending = HashMap<String, JoinHandle<Result<Answer, String>>>;

struct Servers {
    redis: Option<Redis>,
    postgres: Option<Postgres>,
    pg_url: Option<String>,
    collector: Option<Collector>,
}

/// Runs the case in `folder`.
pub async fn run(folder: &Path, case: Case) -> Result<(), String> {
    let mut env = case.env.clone();
    let mut servers = start_servers(&case, &mut env).await?;
    for name in &case.down_at_start {
        servers.crash(name)?;
    }
    if let Some(texts) = &case.refused {
        let log = program::refused(folder, &case.args, &env)?;
        let errors = log.lines().filter(|line| line.starts_with("error:")).count();
        if !program::is_spin() && errors != 1 {
            return Err(format!("expected one line that starts with `error:`:\n{log}"));
        }
        return match texts.iter().find(|text| !program::is_spin() && !log.contains(text.as_str())) {
            Some(text) => Err(format!("expected {text:?} in:\n{log}")),
            None => Ok(()),
        };
    }
    if let Some(texts) = &case.checked {
        let said = program::check(folder, &case.args, &env)?;
        return match texts.iter().find(|text| !said.contains(text.as_str())) {
            Some(text) => Err(format!("expected {text:?} in:\n{said}")),
            None => Ok(()),
        };
    }
    let mut program = program::start(folder, &case.args, &env)?;
    let mut pending = Pending::new();
    for (index, step) in case.step.iter().enumerate() {
        run_step(step, &mut program, &mut servers, &mut pending)
            .await
            .map_err(|error| format!("step {}: {error}\n--- log ---\n{}", index + 1, program.log()))?;
    }
    match pending.keys().next() {
        Some(name) => Err(format!("the background request {name} is never joined")),
        None => Ok(()),
    }
}

async fn start_servers(case: &Case, env: &mut BTreeMap<String, String>) -> Result<Servers, String> {
    static DATABASES: AtomicUsize = AtomicUsize::new(0);
    let text = |e: anyhow::Error| format!("{e:#}");
    let mut servers = Servers { redis: None, postgres: None, pg_url: None, collector: None };
    if case.collector {
        let collector = Collector::start().await?;
        env.insert("OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), collector.endpoint.clone());
        env.insert("OTEL_BSP_SCHEDULE_DELAY".to_owned(), "100".to_owned());
        servers.collector = Some(collector);
    }
    if case.redis {
        let redis = Redis::start().map_err(text)?;
        let url = redis.url();
        let host = url.trim_start_matches("redis://").trim_end_matches("/0").to_owned();
        env.insert("SPIN_VARIABLE_REDIS_URL".to_owned(), url);
        env.insert("SPIN_VARIABLE_REDIS_HOST".to_owned(), host);
        servers.redis = Some(redis);
    }
    if case.postgres || case.own_postgres {
        let database = format!("case_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let own = if case.own_postgres { Some(Postgres::start().map_err(text)?) } else { None };
        let server = own.as_ref().unwrap_or_else(|| Postgres::shared());
        sql(&server.url("postgres"), &format!("CREATE DATABASE {database}")).await?;
        env.insert("SPIN_VARIABLE_PG_URL".to_owned(), server.url(&database));
        env.insert("SPIN_VARIABLE_PG_HOST".to_owned(), format!("127.0.0.1:{}", server.port()));
        servers.pg_url = Some(server.url(&database));
        servers.postgres = own;
    }
    Ok(servers)
}

impl Servers {
    fn crash(&mut self, name: &str) -> Result<(), String> {
        match (name, self.redis.as_mut(), self.postgres.as_mut()) {
            ("redis", Some(redis), _) => redis.crash(),
            ("postgres", _, Some(postgres)) => postgres.crash(),
            _ => return Err(format!("the case has no {name} of its own")),
        }
        .map_err(|e| format!("{e:#}"))
    }

    fn resume(&mut self, name: &str) -> Result<(), String> {
        match (name, self.redis.as_mut(), self.postgres.as_mut()) {
            ("redis", Some(redis), _) => redis.resume(),
            ("postgres", _, Some(postgres)) => postgres.resume(),
            _ => return Err(format!("the case has no {name} of its own")),
        }
        .map_err(|e| format!("{e:#}"))
    }
}

async fn run_step(
    step: &Step,
    program: &mut Program,
    servers: &mut Servers,
    pending: &mut Pending,
) -> Result<(), String> {
    if let Some(ms) = step.quiet_ms {
        // Only to give something that must not happen the time to happen.
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    if step.request.is_some() {
        return request(step, &program.address, pending).await;
    }
    if let Some(name) = &step.join {
        let task = pending.remove(name).ok_or("no such background request")?;
        return compare(step, &task.await.map_err(|e| e.to_string())??);
    }
    if let Some(command) = &step.redis {
        let redis = servers.redis.as_ref().ok_or("the case has no Redis")?;
        return until(step.eventually, async || redis_command(redis, command, step).await).await;
    }
    if let Some(statement) = &step.sql {
        let url = servers.pg_url.as_deref().ok_or("the case has no Postgres")?;
        let rows = sql(url, statement).await?;
        return match &step.rows {
            Some(expected) if *expected != rows => Err(format!("expected the rows {expected}, got {rows}")),
            _ => Ok(()),
        };
    }
    if let Some(text) = &step.log {
        return until(true, async || match program.log().contains(text) {
            true => Ok(()),
            false => Err(format!("expected {text:?} in the log")),
        })
        .await;
    }
    if let Some(text) = &step.log_lacks {
        return if program.log().contains(text) { Err(format!("{text:?} must not be logged")) } else { Ok(()) };
    }
    if let Some(line) = &step.metric {
        let address = program.metrics.clone().ok_or("no metrics")?;
        let ask = Step { request: Some("GET /metrics".to_owned()), contains: vec![line.clone()], ..Step::default() };
        return until(true, async || compare(&ask, &send(&address, &ask).await?)).await;
    }
    let collector = || servers.collector.as_ref().ok_or_else(|| "the case has no collector".to_owned());
    if let Some(text) = &step.exported {
        let collector = collector()?;
        return until(true, async || match collector.has(text) {
            true => Ok(()),
            false => Err(format!("expected {text:?} among the traces")),
        })
        .await;
    }
    if let Some(digits) = &step.exported_id {
        let collector = collector()?;
        return until(true, async || match collector.has_id(digits) {
            true => Ok(()),
            false => Err(format!("expected {digits} among the traces")),
        })
        .await;
    }
    if let Some(text) = &step.exported_lacks {
        return if collector()?.has(text) { Err(format!("{text:?} must not be exported")) } else { Ok(()) };
    }
    if let Some(name) = &step.crash {
        return servers.crash(name);
    }
    if let Some(name) = &step.resume {
        return servers.resume(name);
    }
    if let Some(text) = &step.reload {
        return program.reload(text);
    }
    if let Some(signal) = &step.signal {
        program.signal(signal)?;
        let program = tokio::sync::Mutex::new(program);
        return until(true, async || match program.lock().await.ended() {
            Some(0) => Ok(()),
            Some(code) => Err(format!("the runtime ended with exit code {code}")),
            None => Err("the runtime did not end".to_owned()),
        })
        .await;
    }
    if step.quiet_ms.is_some() { Ok(()) } else { Err("the step says nothing to do".to_owned()) }
}

async fn request(step: &Step, address: &str, pending: &mut Pending) -> Result<(), String> {
    let task = |step: &Step| {
        let (address, step) = (address.to_owned(), step.clone());
        tokio::spawn(async move { send(&address, &step).await })
    };
    if let Some(name) = &step.background {
        pending.insert(name.clone(), task(step));
        return Ok(());
    }
    let Some(count) = step.at_once else {
        return until(step.eventually, async || compare(step, &send(address, step).await?)).await;
    };
    let tasks: Vec<_> = (0..count).map(|_| task(step)).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for task in tasks {
        let answer = task.await.map_err(|e| e.to_string())??;
        *counts.entry(answer.status.to_string()).or_default() += 1;
        if step.status_counts.contains_key("200") && answer.status == 200 {
            compare(step, &answer)?;
        }
    }
    let missing = step.status_counts.iter().find(|(status, least)| counts.get(*status).unwrap_or(&0) < least);
    match missing {
        Some((status, least)) => Err(format!("expected {least} answers {status} at least, got {counts:?}")),
        None => Ok(()),
    }
}

/// Runs `check` once, or until it holds.
async fn until(eventually: bool, mut check: impl AsyncFnMut() -> Result<(), String>) -> Result<(), String> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match check().await {
            Err(_) if eventually && Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
            result => return result,
        }
    }
}

async fn redis_command(redis: &Redis, command: &[String], step: &Step) -> Result<(), String> {
    let mut connection = redis.connect().await.map_err(|e| e.to_string())?;
    let mut cmd = redis::Cmd::new();
    for part in command {
        cmd.arg(part);
    }
    let value: redis::Value = cmd.query_async(&mut connection).await.map_err(|e| e.to_string())?;
    let reply = show(&value);
    match &step.reply {
        Some(expected) if *expected != reply => Err(format!("expected the reply {expected}, got {reply}")),
        _ => Ok(()),
    }
}

fn show(value: &redis::Value) -> String {
    match value {
        redis::Value::Nil => "nil".to_owned(),
        redis::Value::Int(number) => number.to_string(),
        redis::Value::Okay => "OK".to_owned(),
        redis::Value::SimpleString(text) => text.clone(),
        redis::Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        redis::Value::Array(values) => values.iter().map(show).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

/// Runs SQL and gives the first column of its rows.
async fn sql(url: &str, statement: &str) -> Result<String, String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(|e| e.to_string())?;
    let task = tokio::spawn(connection);
    let messages = client.simple_query(statement).await.map_err(|e| e.to_string())?;
    drop(client);
    task.await.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
    let rows = messages.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("null").to_owned()),
        _ => None,
    });
    Ok(rows.collect::<Vec<_>>().join(","))
}
