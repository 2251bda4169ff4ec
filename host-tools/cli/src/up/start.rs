//! From nothing to a shop that takes orders, step by step.

use std::time::Duration;

use anyhow::{Result, bail};
use souk_local::{Environment, Process, SERVICES, http};

use crate::args::UpArgs;
use crate::output::Progress;
use crate::seed;

/// The API prefix of a service, where it differs from the service's name.
fn prefix(service: &str) -> String {
    match service {
        "user" | "order" | "payment" | "notification" => format!("{service}s"),
        other => other.to_owned(),
    }
}

pub async fn run(environment: &Environment, args: &UpArgs, progress: Progress) -> Result<()> {
    // A supervisor that was killed leaves these behind, perhaps from an older build. The servers may stay.
    for process in [Process::Runtime, Process::Mailer, Process::Relay] {
        environment.stop(process).await?;
    }
    environment.check_ports()?;
    environment.start_servers().await?;
    progress.step("Postgres and Redis are ready");
    let applied = environment.migrate().await?;
    match applied.len() {
        0 => progress.step("databases are up to date"),
        n => progress.step(format!("{n} migrations applied")),
    }
    let runtime = environment.settings().runtime.program();
    progress.step(format!("starting {runtime}, relay and mailer (the first start compiles the components)"));
    environment.start_platform().await?;
    require_services(environment).await?;
    progress.step("all services are ready");
    if !args.no_seed {
        seed::ensure(environment, args.products, progress).await?;
    }
    Ok(())
}

/// Every service reaches its database and Redis.
async fn require_services(environment: &Environment) -> Result<()> {
    let client = http::Client::new(Duration::from_secs(30));
    for service in SERVICES {
        let url = format!("{}/api/{}/readyz", environment.gateway_url(), prefix(service));
        let response = client.get(&url, &[]).await?;
        if !response.status.is_success() {
            let body = String::from_utf8_lossy(&response.body).into_owned();
            bail!("{service} is not ready: {url} answers {} {body} (see `souk logs {service}`)", response.status);
        }
    }
    Ok(())
}
