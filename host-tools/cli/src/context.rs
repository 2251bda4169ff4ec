//! Finds the environment that a command is about.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use souk_local::{Environment, PostgresServer, RedisServer, SERVICES, Settings};

use crate::args::Place;

/// Settings for the place, as last started; SOUK_PG_URL, SOUK_PG_URL_<SERVICE> and SOUK_REDIS_URL have the last word. The
/// flag says whether anything was started there before.
pub fn settings(place: &Place) -> Result<(Settings, bool)> {
    let mut settings = located(place)?;
    let known = settings.recall()?;
    use_given_servers(&mut settings)?;
    Ok((settings, known))
}

/// Settings for a start: SOUK_PG_URL and SOUK_REDIS_URL decide anew, whatever was used before.
pub fn fresh_settings(place: &Place) -> Result<Settings> {
    let mut settings = located(place)?;
    use_given_servers(&mut settings)?;
    Ok(settings)
}

fn located(place: &Place) -> Result<Settings> {
    let here = env::current_dir().context("reading the current folder")?;
    let project = match &place.project {
        Some(project) => project.canonicalize().with_context(|| format!("opening {}", project.display()))?,
        None => Settings::find_project(&here)?,
    };
    let root = place.root.clone().unwrap_or_else(|| project.join(".souk"));
    Ok(Settings::new(root, project))
}

fn use_given_servers(settings: &mut Settings) -> Result<()> {
    if let Some(url) = address("SOUK_PG_URL")? {
        settings.postgres = Some(PostgresServer::parse(&url)?);
    }
    for service in SERVICES {
        let variable = format!("SOUK_PG_URL_{}", service.to_uppercase());
        if let Some(url) = address(&variable)? {
            settings.databases.insert(service.to_owned(), PostgresServer::parse_variable(&variable, &url)?);
        }
    }
    if let Some(url) = address("SOUK_REDIS_URL")? {
        settings.redis = Some(RedisServer::parse(&url)?);
    }
    Ok(())
}

/// The environment of a shop that was started before.
pub fn existing(place: &Place) -> Result<Environment> {
    let (settings, known) = settings(place)?;
    let has_databases =
        settings.postgres.is_some() || SERVICES.iter().all(|name| settings.databases.contains_key(*name));
    if !known && (!has_databases || settings.redis.is_none()) {
        bail!("nothing was started in {} yet: run `souk up` first", shown(&settings.root).display());
    }
    Ok(Environment::open(settings)?)
}

/// The pid file of the `souk up` that looks after an environment.
pub fn supervisor(environment: &Environment) -> souk_local::PidFile {
    souk_local::PidFile::new(environment.settings().root.join("run/souk.pid"))
}

/// A path as a person would write it here.
pub fn shown(path: &std::path::Path) -> PathBuf {
    let here = env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    path.strip_prefix(here).map_or_else(|_| path.to_owned(), std::borrow::ToOwned::to_owned)
}

/// An environment variable that may be set to nothing.
fn address(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        Ok(url) if !url.is_empty() => Ok(Some(url)),
        Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => bail!("{name} is not text"),
    }
}
