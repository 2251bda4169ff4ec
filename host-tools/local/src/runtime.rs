//! How runtime (ours or `spin`), relay and mailer are called.

use std::path::PathBuf;
use std::process::Command;

use crate::databases::SERVICES;
use crate::environment::Environment;
use crate::error::{LocalError, Result};
use crate::keys::RELOADED;
use crate::packages;
use crate::process::{Launch, Process};
use crate::settings::RuntimeKind;
use crate::variables;

/// The command line of the host of the components.
pub(crate) fn launch_runtime(environment: &Environment) -> Result<Launch> {
    let settings = environment.settings();
    let manifest = settings.project.join("spin.toml");
    let listen = format!("127.0.0.1:{}", settings.ports.gateway);
    let mut application = environment.variables()?;
    let file = environment.write_variables_file()?;
    if settings.runtime == RuntimeKind::Souk {
        RELOADED.iter().for_each(|name| drop(application.remove(*name)));
    }
    let mut env = variables::as_env(&application);
    env.extend(settings.process_env.clone());
    let logs = environment.log_dir();
    let (program, args) = match settings.runtime {
        RuntimeKind::Souk => {
            let metrics = format!("127.0.0.1:{}", settings.ports.runtime_metrics);
            let args = vec![
                "up".into(),
                "--manifest".into(),
                manifest.into(),
                "--variables-file".into(),
                file.into(),
                "--listen".into(),
                listen.into(),
                "--metrics-listen".into(),
                metrics.into(),
                "--cache-dir".into(),
                settings.cache_dir.clone().into(),
                "--log-dir".into(),
                logs.join("components").into(),
            ];
            (sibling(environment, "souk-runtime")?, args)
        }
        RuntimeKind::Spin => {
            let args = vec![
                "up".into(),
                "-f".into(),
                manifest.into(),
                "--listen".into(),
                listen.into(),
                "--log-dir".into(),
                logs.join("components").into(),
                "--state-dir".into(),
                settings.root.join("spin").into(),
            ];
            (spin()?, args)
        }
    };
    Ok(Launch { program, args, env, user: None, dir: settings.project.clone() })
}

/// The relay reads every outbox with its own role.
pub(crate) fn launch_relay(environment: &Environment) -> Result<Launch> {
    let settings = environment.settings();
    let mut env: Vec<(String, String)> = SERVICES
        .iter()
        .map(|service| (format!("RELAY_PG_URL_{}", service.to_uppercase()), environment.relay_pg_url(service)))
        .collect();
    env.push(("RELAY_REDIS_URL".to_owned(), environment.redis_url()));
    env.extend(settings.process_env.clone());
    let args = vec![
        "--streams".into(),
        settings.project.join("streams.toml").into(),
        "--metrics-listen".into(),
        format!("127.0.0.1:{}", settings.ports.relay_metrics).into(),
    ];
    Ok(Launch { program: sibling(environment, "souk-relay")?, args, env, user: None, dir: settings.root.clone() })
}

/// SMTP_URL reaches the mailer through this process's own environment.
pub(crate) fn launch_mailer(environment: &Environment) -> Result<Launch> {
    let settings = environment.settings();
    let mut env = vec![("MAILER_REDIS_URL".to_owned(), environment.redis_url())];
    env.extend(settings.process_env.clone());
    let args = vec![
        "--listen".into(),
        format!("127.0.0.1:{}", settings.ports.mailer).into(),
        "--mail-dir".into(),
        settings.root.join("mail").into(),
    ];
    Ok(Launch { program: sibling(environment, "souk-mailer")?, args, env, user: None, dir: settings.root.clone() })
}

/// Where a process answers once it is ready.
pub(crate) fn health_url(environment: &Environment, process: Process) -> Option<String> {
    let ports = environment.settings().ports;
    let (port, path) = match process {
        Process::Runtime => (ports.gateway, "/.well-known/spin/health"),
        Process::Relay => (ports.relay_metrics, "/readyz"),
        Process::Mailer => (ports.mailer, "/metrics"),
        Process::Postgres | Process::Redis => return None,
    };
    Some(format!("http://127.0.0.1:{port}{path}"))
}

fn sibling(environment: &Environment, name: &str) -> Result<PathBuf> {
    let program = environment.settings().bin_dir.join(name);
    if program.is_file() {
        return Ok(program);
    }
    Err(LocalError::Missing(format!("{} is not built: run `make build`", program.display())))
}

/// Components are built for the interfaces of Spin 4.
fn spin() -> Result<PathBuf> {
    let program = packages::on_path("spin").ok_or_else(|| {
        LocalError::Missing(
            "no `spin` on PATH: install Spin 4.0, or leave out RUNTIME=spin to use souk-runtime".to_owned(),
        )
    })?;
    let output = Command::new(&program).arg("--version").output().ok();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if text.split_whitespace().nth(1).is_some_and(|version| version.starts_with("4.")) {
        return Ok(program);
    }
    Err(LocalError::Missing(format!("{} is \"{text}\", but Spin 4.x is needed", program.display())))
}
