//! `souk dlq`: events that a consumer could not apply. Each lies on `<stream>:dead` with the error and the consumer group.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use redis::Script;
use redis::aio::MultiplexedConnection;
use serde::Serialize;
use serde_json::Value;
use souk_local::Topology;

use crate::args::{DlqArgs, DlqCommand, DlqSelection, Place};
use crate::{context, output};

/// Takes a dead letter away and puts its event back, or does nothing when somebody else was faster.
const REPLAY: &str = "
    local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
    if #found == 0 then return 0 end
    local fields = found[1][2]
    for i = 1, #fields, 2 do
      if fields[i] == 'event' then
        redis.call('XADD', KEYS[2], '*', 'event', fields[i + 1])
        return redis.call('XDEL', KEYS[1], ARGV[1])
      end
    end
    return redis.error_reply('the dead letter holds no event')";

const PAGE: usize = 500;

#[derive(Serialize)]
struct Letter {
    /// STREAM/ENTRY.
    id: String,
    #[serde(rename = "type")]
    type_: String,
    key: String,
    group: String,
    error: String,
    deliveries: String,
    at: String,
    /// The entry that it was on the stream.
    source_id: String,
    event: Value,
}

pub async fn run(place: &Place, args: &DlqArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    let topology = Topology::load(&environment.settings().project)?;
    let mut redis = environment.connect_redis().await?;
    match &args.command {
        DlqCommand::List(format) => list(&letters(&mut redis, &topology).await?, format.json)?,
        DlqCommand::Show { id, json } => {
            let (stream, entry) = split(id, &topology)?;
            let found = range(&mut redis, &stream, &entry, &entry).await?;
            show(found.first().with_context(|| format!("there is no dead letter {id}: see `souk dlq list`"))?, *json)?;
        }
        DlqCommand::Replay(selection) => {
            let replayed = each(selection, &mut redis, &topology, Action::Replay).await?;
            let rest = "see `souk dlq list` for those that fail again";
            report(selection, "replayed", &replayed, &format!("events put back on their streams; {rest}"))?;
        }
        DlqCommand::Drop(selection) => {
            let dropped = each(selection, &mut redis, &topology, Action::Drop).await?;
            report(selection, "dropped", &dropped, "dead letters dropped")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy)]
enum Action {
    Replay,
    Drop,
}

/// Does it to every letter that was selected; the ids of those it was done to. One that is not there any more is an error
/// when it was named, and nothing to do when all were meant: somebody else was faster.
async fn each(
    selection: &DlqSelection,
    redis: &mut MultiplexedConnection,
    topology: &Topology,
    action: Action,
) -> Result<Vec<String>> {
    let replay = Script::new(REPLAY);
    let mut done = Vec::new();
    for id in selected(selection, redis, topology).await? {
        let (stream, entry) = split(&id, topology)?;
        let dead = Topology::dead_letters(&stream);
        let moved: u64 = match action {
            Action::Replay => replay.key(dead).key(&stream).arg(entry).invoke_async(redis).await?,
            Action::Drop => redis::cmd("XDEL").arg(dead).arg(entry).query_async(redis).await?,
        };
        match moved {
            0 if selection.all => {}
            0 if done.is_empty() => bail!("there is no dead letter {id}: see `souk dlq list`"),
            0 => bail!("there is no dead letter {id}: see `souk dlq list` (done before it: {})", done.join(", ")),
            _ => done.push(id),
        }
    }
    Ok(done)
}

fn report(selection: &DlqSelection, name: &str, ids: &[String], what: &str) -> Result<()> {
    if selection.json {
        return output::json(&serde_json::json!({ name: ids }));
    }
    output::line(format!("{} {what}", ids.len()));
    Ok(())
}

fn list(letters: &[Letter], json: bool) -> Result<()> {
    if json {
        return output::json(&letters);
    }
    if letters.is_empty() {
        output::line("no dead letters");
    }
    for letter in letters {
        output::line(format!(
            "{}  {} of {}  for {}, {} deliveries, {}\n    {}",
            letter.id, letter.type_, letter.key, letter.group, letter.deliveries, letter.at, letter.error
        ));
    }
    Ok(())
}

fn show(letter: &Letter, json: bool) -> Result<()> {
    if json {
        return output::json(letter);
    }
    for (name, value) in [
        ("id", &letter.id),
        ("group", &letter.group),
        ("error", &letter.error),
        ("deliveries", &letter.deliveries),
        ("given up", &letter.at),
        ("was entry", &letter.source_id),
    ] {
        output::line(format!("{name:<11} {value}"));
    }
    output::line(serde_json::to_string_pretty(&letter.event)?);
    Ok(())
}

async fn selected(
    selection: &DlqSelection,
    redis: &mut MultiplexedConnection,
    topology: &Topology,
) -> Result<Vec<String>> {
    if selection.all {
        return Ok(letters(redis, topology).await?.into_iter().map(|letter| letter.id).collect());
    }
    Ok(selection.ids.clone())
}

async fn letters(redis: &mut MultiplexedConnection, topology: &Topology) -> Result<Vec<Letter>> {
    let mut all = Vec::new();
    for stream in topology.streams.keys() {
        let mut from = "-".to_owned();
        loop {
            let page = range(redis, stream, &from, "+").await?;
            let Some(last) = page.last() else { break };
            from = format!("({}", last.id.rsplit('/').next().unwrap_or_default());
            all.extend(page);
        }
    }
    Ok(all)
}

async fn range(redis: &mut MultiplexedConnection, stream: &str, from: &str, to: &str) -> Result<Vec<Letter>> {
    let dead = Topology::dead_letters(stream);
    let entries: Vec<(String, Vec<(String, String)>)> =
        redis::cmd("XRANGE").arg(dead).arg(from).arg(to).arg("COUNT").arg(PAGE).query_async(redis).await?;
    Ok(entries.into_iter().map(|(id, fields)| letter(stream, &id, &fields)).collect())
}

fn letter(stream: &str, id: &str, fields: &[(String, String)]) -> Letter {
    let field =
        |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default();
    // Text that is no JSON is why some events end here; it is shown as it is.
    let text = field("event");
    let event: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    let part = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    Letter {
        id: format!("{}/{id}", stream.trim_start_matches("souk:")),
        type_: part("type"),
        key: part("key"),
        group: field("group"),
        error: field("error"),
        deliveries: field("deliveries"),
        at: field("at"),
        source_id: field("source_id"),
        event,
    }
}

/// "order/1732270000000-0" to stream and entry.
fn split(id: &str, topology: &Topology) -> Result<(String, String)> {
    let (name, entry) = id
        .split_once('/')
        .with_context(|| format!("\"{id}\" is no dead letter: write STREAM/ENTRY, as in `souk dlq list`"))?;
    let stream = format!("souk:{name}");
    if !topology.streams.contains_key(&stream) {
        bail!("there is no stream {stream}: see streams.toml");
    }
    let is_entry = entry.split_once('-').is_some_and(|(a, b)| a.parse::<u64>().is_ok() && b.parse::<u64>().is_ok());
    if !is_entry {
        bail!("\"{entry}\" is no entry of a stream: write it as `souk dlq list` does");
    }
    Ok((stream, entry.to_owned()))
}
