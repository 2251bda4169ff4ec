//! Redis or Postgres goes away under load and comes back: requests fail cleanly meanwhile, and everything accepted
//! settles afterwards, without a restart of anything else.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use souk_local::Process;
use souk_tests::{
    load::{self, Load},
    run,
    shop::{PASSWORD, Shop},
    shopper::available,
    wait,
};
use std::{fs, process::ExitCode, sync::Arc};

fn main() -> ExitCode {
    let started = run::runtime().and_then(|runtime| {
        let shop = runtime.block_on(Shop::start())?;
        Ok((runtime, Arc::new(shop)))
    });
    let (runtime, shop) = match started {
        Ok(started) => started,
        Err(error) => {
            eprintln!("the shop did not start: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut suite = run::Suite::new(Arc::clone(&runtime), Arc::clone(&shop));
    suite.test("nothing_is_lost_when_redis_is_away", |shop| outage(shop, Process::Redis));
    suite.test("nothing_is_lost_when_postgres_is_away", |shop| outage(shop, Process::Postgres));
    suite.test("nothing_is_lost_when_the_mailer_is_away", |shop| outage(shop, Process::Mailer));
    suite.test("reads_of_the_catalogue_survive_redis", reads_survive);
    // Last: by now much has failed, and errors are where secrets leak.
    suite.test("no_secret_is_in_any_log", logs_keep_secrets);
    let code = suite.run();
    runtime.block_on(shop.stop());
    code
}

const STOCK: i64 = 1_000_000;

async fn outage(shop: Arc<Shop>, process: Process) -> Result<()> {
    let sku = shop.product(100, STOCK).await?;
    let others = [Process::Runtime, Process::Relay].map(|other| shop.environment.pid(other));
    let load = Load::start(&shop, 6, std::slice::from_ref(&sku)).await?;
    orders_flow(&shop, 20).await?;
    shop.environment.stop(process).await?;
    // Away until the load has noticed: a readiness probe of the service that needs it most says so.
    if process == Process::Mailer {
        orders_flow(&shop, 20).await?;
    } else {
        wait::until("the order service to say that it is not ready", || async {
            let answer = shop.api.get("/api/orders/readyz").await?;
            Ok((answer.status == 503 && answer.retry_after.is_some()).then_some(()))
        })
        .await?;
    }
    let reads = reads_fail_cleanly(&shop).await;
    // Back in any case: the tests that follow need it.
    shop.environment.start(process).await?;
    reads?;
    orders_flow(&shop, 20).await?;
    let bought = load.finish().await?;
    let confirmed = load::all_confirmed(&bought).await?;
    ensure!(confirmed >= 40, "only {confirmed} orders");
    ensure!(available(&shop.api, &sku).await? == STOCK - i64::try_from(confirmed)?, "stock and orders agree");
    shop.verify().await?;
    let still = [Process::Runtime, Process::Relay].map(|other| shop.environment.pid(other));
    ensure!(others == still, "something else was restarted");
    Ok(())
}

/// Every read that a service documents is answered, or says that it can be tried again: never a 500, never silence.
async fn reads_fail_cleanly(shop: &Shop) -> Result<()> {
    let (mut asked, mut postponed) = (0, 0);
    for file in fs::read_dir(shop.environment.settings().project.join("docs/openapi"))? {
        let document: Value = serde_json::from_slice(&fs::read(file?.path())?)?;
        let paths = document.get("paths").and_then(Value::as_object).context("a document without paths")?;
        let reads = paths.iter().filter(|(path, operations)| operations.get("get").is_some() && !path.contains('{'));
        for (path, _) in reads {
            let answer = shop.admin.get(path).await.with_context(|| format!("GET {path}"))?;
            asked += 1;
            if answer.status >= 500 {
                ensure!(answer.status == 503 && answer.retry_after.is_some(), "GET {path}: {answer:?}");
                answer.is_problem().with_context(|| format!("GET {path}"))?;
                postponed += 1;
            }
        }
    }
    eprintln!("{asked} reads asked, {postponed} to be tried again later");
    ensure!(asked > 30, "only {asked} reads are documented");
    Ok(())
}

/// Waits until `more` further orders are confirmed.
async fn orders_flow(shop: &Shop, more: i64) -> Result<()> {
    let orders = shop.environment.connect("order").await?;
    let confirmed = || async {
        let row = orders.query_one("SELECT count(*) FROM orders WHERE status = 'confirmed'", &[]).await?;
        Ok::<i64, anyhow::Error>(row.try_get(0)?)
    };
    let before = confirmed().await?;
    wait::until(&format!("{more} more orders"), || async { Ok((confirmed().await? >= before + more).then_some(())) })
        .await
}

async fn logs_keep_secrets(shop: Arc<Shop>) -> Result<()> {
    let mut secrets: Vec<(String, String)> = shop.environment.variables()?.into_iter().collect();
    secrets.retain(|(name, value)| {
        !value.is_empty() && ["password", "signing_key", "secret", "auth"].iter().any(|kind| name.ends_with(kind))
    });
    ensure!(secrets.len() > 7, "a password for each database, and the signing key: {}", secrets.len());
    secrets.push(("an account's password".to_owned(), PASSWORD.to_owned()));
    // How every access token begins.
    secrets.push(("an access token".to_owned(), "eyJ".to_owned()));
    let (mut folders, mut files) = (vec![shop.environment.log_dir()], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            let leaked = secrets.iter().find(|(_, secret)| text.contains(secret.as_str()));
            ensure!(leaked.is_none(), "{} holds {}", path.display(), leaked.map_or("", |(name, _)| name));
        }
    }
    ensure!(files > 5, "only {files} logs");
    Ok(())
}

async fn reads_survive(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(100, 1).await?;
    let path = format!("/api/catalog/products/{}", sku.to_lowercase());
    shop.environment.stop(Process::Redis).await?;
    let detail = shop.api.get(&path).await;
    let list = shop.api.get("/api/catalog/products").await;
    shop.environment.start(Process::Redis).await?;
    detail.and_then(|answer| answer.expect(200)).context("product detail without Redis")?;
    list.and_then(|answer| answer.expect(200)).context("product list without Redis")?;
    Ok(())
}
