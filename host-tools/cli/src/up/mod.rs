//! `souk up`: settings from flags, then either a supervisor in this process or one in the background.

mod detach;
mod start;
mod summary;
mod supervise;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use souk_local::{Environment, Ports, RuntimeKind, Settings};

use crate::args::{Place, Runtime, UpArgs};
use crate::{context, output};

pub async fn run(place: &Place, args: &UpArgs) -> Result<ExitCode> {
    let environment = Environment::open(settings(place, args)?)?;
    if let Some(pid) = context::supervisor(&environment).running() {
        // Its ports may differ from the ones asked for now: show what runs.
        let running = context::existing(place)?;
        if !args.detach {
            bail!("it runs already (pid {pid}, {}): `souk down` stops it", running.gateway_url());
        }
        output::line(summary::text(&running, true).await);
        return Ok(ExitCode::SUCCESS);
    }
    if args.detach { detach::run(&environment).await } else { supervise::run(environment, args).await }
}

/// Flags and environment decide ports, runtime and servers anew each time, whatever was used before.
fn settings(place: &Place, args: &UpArgs) -> Result<Settings> {
    let mut settings = context::fresh_settings(place)?;
    let mut ports = Ports::based_on(args.port)
        .with_context(|| format!("port {} leaves no room for the others: choose one from 1 to 65183", args.port))?;
    ports.postgres = args.pg_port.unwrap_or(ports.postgres);
    ports.redis = args.redis_port.unwrap_or(ports.redis);
    settings.ports = ports;
    settings.runtime = match args.runtime {
        Runtime::Souk => RuntimeKind::Souk,
        Runtime::Spin => RuntimeKind::Spin,
    };
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_was_given_once_is_not_used_for_ever() {
        if std::env::var_os("SOUK_PG_URL").is_some() || std::env::var_os("SOUK_REDIS_URL").is_some() {
            return;
        }
        let root = std::env::temp_dir().join(format!("souk-up-settings-{}", std::process::id()));
        std::fs::create_dir_all(root.join("run")).unwrap();
        let ports = "gateway = 9480\nruntime_metrics = 9481\nrelay_metrics = 9482\nmailer = 9483\npostgres = 9832\nredis = 9779\n";
        let servers =
            "postgres_url = \"postgres://u:p@db.example:5433/x\"\nredis_url = \"redis://cache.example:6379\"\n";
        std::fs::write(root.join("run/state.toml"), format!("runtime = \"souk\"\n{servers}[ports]\n{ports}")).unwrap();
        let place = Place { root: Some(root.clone()), project: None };
        let args = UpArgs {
            detach: false,
            runtime: Runtime::Souk,
            port: 9080,
            pg_port: None,
            redis_port: None,
            products: None,
            no_seed: false,
        };
        let before = context::settings(&place).unwrap().0;
        let now = settings(&place, &args).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert!(before.postgres.is_some() && before.redis.is_some(), "other commands find what was started");
        assert!(now.postgres.is_none() && now.redis.is_none());
    }
}
