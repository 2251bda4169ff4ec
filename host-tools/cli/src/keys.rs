//! `souk keys`: the keys that sign access tokens, and their rotation while the shop runs.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use souk_local::{Environment, Key, KeyState, Process};

use crate::args::{KeysArgs, KeysCommand, Place};
use crate::{context, output};

const DAY_S: u64 = 24 * 60 * 60;

pub async fn run(place: &Place, args: &KeysArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    match &args.command {
        KeysCommand::List(format) => list(&environment, format.json),
        KeysCommand::Rotate { keep_days, json } => rotate(&environment, *keep_days, *json).await,
    }
}

fn list(environment: &Environment, json: bool) -> Result<ExitCode> {
    let keys = environment.keys()?;
    if json {
        output::json(&keys)?;
    } else {
        keys.iter().for_each(|key| output::line(row(key)));
    }
    Ok(ExitCode::SUCCESS)
}

async fn rotate(environment: &Environment, keep_days: u64, json: bool) -> Result<ExitCode> {
    let rotated = environment.rotate_keys(Duration::from_secs(keep_days.saturating_mul(DAY_S))).await?;
    if json {
        output::json(&rotated)?;
    } else {
        output::line(format!("{} signs now", rotated.signing));
        output::line(format!("{} verifies the tokens that it signed", rotated.retired));
        rotated.dropped.iter().for_each(|kid| output::line(format!("{kid} is dropped")));
    }
    if !rotated.in_use && environment.is_running(Process::Runtime) {
        output::note(
            "spin reads its variables at the start alone: `souk down` and `souk up` bring the new key into use",
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn row(key: &Key) -> String {
    let since = key.since.map_or_else(|| "the beginning".to_owned(), |at| format!("{} ago", age(at)));
    match key.state {
        KeyState::Signing => format!("{}  signs, since {since}", key.kid),
        KeyState::Next => format!("{}  published, signs next: `souk keys rotate` was interrupted", key.kid),
        KeyState::Retired => format!("{}  verifies, retired {since}", key.kid),
    }
}

fn age(at: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = now.saturating_sub(at);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / DAY_S),
    }
}
