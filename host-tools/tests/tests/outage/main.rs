//! Redis or Postgres goes away under load and comes back: requests fail cleanly meanwhile, and everything accepted
//! settles afterwards, without a restart of anything else.

use anyhow::{Context, Result, ensure};
use souk_local::Process;
use souk_tests::{
    load::{self, Load},
    run,
    shop::Shop,
    shopper::available,
    wait,
};
use std::{process::ExitCode, sync::Arc};

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
    shop.environment.start(process).await?;
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
