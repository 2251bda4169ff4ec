//! `souk analytics`: makes the sums of the analytics service again, from its facts or from what the streams still hold.

use std::process::ExitCode;

use anyhow::{Context, Result};
use redis::aio::MultiplexedConnection;
use serde::Serialize;
use serde_json::{Value, json};
use souk_local::{Environment, Topology};
use tokio_postgres::Client;

use crate::args::{AnalyticsArgs, AnalyticsCommand, Place};
use crate::{context, output};

/// The consumer group whose streams are replayed.
const GROUP: &str = "analytics";
/// Events that are applied in one statement, as many as the service's consumer takes.
const PAGE: usize = 256;

/// What a replay did.
#[derive(Default, Serialize)]
struct Replay {
    /// Entries read.
    read: u64,
    /// Facts and observations that were not there before.
    added: u64,
    /// STREAM/ENTRY and error of events that could not be counted.
    refused: Vec<(String, String)>,
}

pub async fn run(place: &Place, args: &AnalyticsArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    match &args.command {
        AnalyticsCommand::Rebuild(format) => rebuild(&environment, format.json).await,
        AnalyticsCommand::Replay(format) => replay(&environment, format.json).await,
    }
}

async fn rebuild(environment: &Environment, as_json: bool) -> Result<ExitCode> {
    let db = environment.connect(GROUP).await?;
    let wrong: i64 = db.query_one("SELECT count(*) FROM recount_differences()", &[]).await?.try_get(0)?;
    let sums: i64 = db.query_one("SELECT recount()", &[]).await?.try_get(0)?;
    if as_json {
        output::json(&json!({"sums": sums, "wrong_before": wrong}))?;
    } else {
        output::line(format!("{sums} sums made again from the facts; {wrong} were wrong before"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn replay(environment: &Environment, as_json: bool) -> Result<ExitCode> {
    let topology = Topology::load(&environment.settings().project)?;
    let mut redis = environment.connect_redis().await?;
    let db = environment.connect(GROUP).await?;
    let mut done = Replay::default();
    let counted = topology.streams.iter().filter(|(_, stream)| stream.groups.iter().any(|group| group == GROUP));
    for (stream, _) in counted {
        replay_stream(&mut redis, &db, stream, &mut done).await?;
    }
    if as_json {
        output::json(&done)?;
    } else {
        for (id, error) in &done.refused {
            output::note(format!("{id}: {error}"));
        }
        let Replay { read, added, refused } = &done;
        output::line(format!("{read} events read, {added} counted that were not yet, {} refused", refused.len()));
    }
    Ok(if done.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn replay_stream(redis: &mut MultiplexedConnection, db: &Client, stream: &str, done: &mut Replay) -> Result<()> {
    let mut from = "-".to_owned();
    loop {
        let entries: Vec<(String, Vec<(String, String)>)> =
            redis::cmd("XRANGE").arg(stream).arg(&from).arg("+").arg("COUNT").arg(PAGE).query_async(redis).await?;
        let Some((last, _)) = entries.last() else { return Ok(()) };
        from = format!("({last}");
        done.read += entries.len() as u64;
        let mut batch = Vec::new();
        for (entry, fields) in entries {
            let id = format!("{}/{entry}", stream.trim_start_matches("souk:"));
            let text = fields.into_iter().find(|(name, _)| name == "event").map(|(_, text)| text).unwrap_or_default();
            match serde_json::from_str::<Value>(&text) {
                Ok(event) => batch.push((id, event)),
                Err(error) => done.refused.push((id, format!("no event: {error}"))),
            }
        }
        apply(db, batch, done).await?;
    }
}

/// All at once; one after the other when that fails, so that a bad event keeps no good one out.
async fn apply(db: &Client, batch: Vec<(String, Value)>, done: &mut Replay) -> Result<()> {
    let all = Value::Array(batch.iter().map(|(_, event)| event.clone()).collect());
    if let Ok(added) = count(db, &all).await {
        done.added += added;
        return Ok(());
    }
    for (id, event) in batch {
        match count(db, &Value::Array(vec![event])).await {
            Ok(added) => done.added += added,
            Err(error) => {
                let refusal = error.as_db_error().map(|db| db.message().to_owned());
                done.refused.push((id, refusal.with_context(|| format!("counting events: {error}"))?));
            }
        }
    }
    Ok(())
}

async fn count(db: &Client, batch: &Value) -> Result<u64, tokio_postgres::Error> {
    let sql = "SELECT apply_events($1::text::jsonb, true)";
    let added: i32 = db.query_one(sql, &[&batch.to_string()]).await?.try_get(0)?;
    Ok(u64::try_from(added).unwrap_or_default())
}
