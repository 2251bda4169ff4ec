//! Reports tell what happened in the shop, to those who run it, and can be made again.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Api, int, text},
    run::Suite,
    shop::Shop,
    wait,
};
use std::{process::Command, sync::Arc};
use uuid::Uuid;

const REPORTS: [&str; 8] =
    ["summary", "sales", "top-products", "funnel", "payments", "returns", "stock-outs", "cohorts"];

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("reports_tell_of_an_order_and_of_the_stock_it_took", an_order);
    suite.test("reports_are_for_merchants_and_admins", roles);
    suite.test("reports_refuse_a_period_that_is_none", periods);
    suite.test("reports_forget_a_deleted_account_and_count_it_still", farewell);
    suite.test("reports_stay_the_same_after_a_replay_and_a_rebuild", made_again);
}

async fn report(api: &Api, name: &str) -> Result<Value> {
    api.get(&format!("/api/analytics/{name}")).await?.expect(200)
}

/// The item of a list that is about `sku`.
fn about(report: &Value, list: &str, sku: &str) -> Option<Value> {
    report.pointer(list)?.as_array()?.iter().find(|item| item.get("sku").is_some_and(|s| s == sku)).cloned()
}

async fn an_order(shop: Arc<Shop>) -> Result<()> {
    let merchant = shop.staff("merchant").await?;
    let before = report(&merchant, "summary").await?;
    let sku = shop.product(150_000, 3).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 3, "tok_success").await?, "/id")?;
    let order = ana.order_reaches(&id, "confirmed").await?;

    let sold = wait::until("the product among the best", || async {
        Ok(about(&report(&merchant, "top-products?sort=revenue&currency=EUR&limit=100").await?, "/items", &sku))
    })
    .await?;
    ensure!(int(&sold, "/units")? == 3 && int(&sold, "/revenue/amount_minor")? == 450_000, "{sold}");
    let out = wait::until("the product among what ran out", || async {
        Ok(about(&report(&merchant, "stock-outs?limit=100").await?, "/items", &sku))
    })
    .await?;
    ensure!(int(&out, "/stock_outs")? >= 1 && text(&out, "/out_since").is_ok(), "{out}");

    let grown = |after: &Value, pointer: &str| Ok::<_, anyhow::Error>(int(after, pointer)? - int(&before, pointer)?);
    let after = wait::until("the money in the summary", || async {
        let after = report(&merchant, "summary").await?;
        Ok((grown(&after, "/payments/captured")? > 0 && grown(&after, "/orders/confirmed")? > 0).then_some(after))
    })
    .await?;
    ensure!(grown(&after, "/units_sold")? >= 3 && grown(&after, "/stock_outs")? >= 1, "{after}");
    ensure!(grown(&after, "/last_7_days/current/orders/confirmed")? >= 1, "{after}");
    let captured: i64 = after["revenue"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|revenue| revenue["net"]["currency"] == "EUR")
        .filter_map(|revenue| revenue["captured"]["amount_minor"].as_i64())
        .sum();
    ensure!(captured >= int(&order, "/total/amount_minor")?, "{after}");

    for by in ["hour", "day", "month"] {
        let sales = report(&merchant, &format!("sales?by={by}")).await?;
        let last = sales["items"].as_array().and_then(|items| items.last().cloned()).context("no last item")?;
        ensure!(int(&last, "/orders_confirmed")? >= 1, "{by}: {last}");
        let payments = report(&merchant, &format!("payments?by={by}")).await?;
        ensure!(int(&payments, "/total/captured")? >= 1, "{by}: {payments}");
        report(&merchant, &format!("returns?by={by}")).await?;
    }
    let cohorts = report(&merchant, "cohorts").await?;
    let this_month = cohorts["items"].as_array().and_then(|items| items.last().cloned()).context("no last month")?;
    ensure!(int(&this_month, "/customers")? >= 1, "{cohorts}");
    let funnel = report(&merchant, "funnel").await?;
    ensure!(funnel["stages"].as_array().is_some_and(|stages| stages.len() == 7), "{funnel}");
    Ok(())
}

async fn roles(shop: Arc<Shop>) -> Result<()> {
    let (shopper, merchant) = (shop.shopper().await?, shop.staff("merchant").await?);
    for name in REPORTS {
        let path = format!("/api/analytics/{name}");
        shop.api.get(&path).await?.expect(401)?;
        shopper.api.get(&path).await?.expect(403)?;
        merchant.get(&path).await?.expect(200)?;
        shop.admin.get(&path).await?.expect(200)?;
    }
    let metrics = shop.api.get("/api/analytics/metrics").await?;
    ensure!(metrics.status == 200 && metrics.media_type == "text/plain", "{metrics:?}");
    Ok(())
}

async fn periods(shop: Arc<Shop>) -> Result<()> {
    for (query, status) in [
        ("summary?from=yesterday", 400),
        ("summary?from=2026-02-02&to=2026-02-01", 422),
        ("funnel?from=2024-01-01&to=2026-01-01", 422),
        ("sales?by=hour&from=2026-01-01&to=2026-03-01", 422),
        ("payments?by=month&from=2010-01-01&to=2026-03-01", 422),
        ("cohorts?to=2026-02-30", 400),
        ("stock-outs?from=%00", 400),
    ] {
        shop.admin.get(&format!("/api/analytics/{query}")).await?.problem(status, "invalid-period")?;
    }
    for query in ["sales?by=week", "top-products?limit=0", "top-products?currency=euro", "top-products?sort=colour"] {
        shop.admin.get(&format!("/api/analytics/{query}")).await?.expect(400)?;
    }
    Ok(())
}

async fn farewell(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(500, 5).await?;
    let ana = shop.shopper().await?;
    let me: Uuid = text(&ana.api.get("/api/users/me").await?.expect(200)?, "/id")?.parse()?;
    let id = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    let db = shop.environment.connect("analytics").await?;
    let known = || async {
        let sql = "SELECT (SELECT count(*) FROM facts WHERE customer = $1) \
                          + (SELECT count(*) FROM customer_months WHERE customer = $1)";
        anyhow::Ok(db.query_one(sql, &[&me]).await?.try_get::<_, i64>(0)?)
    };
    wait::until("the order to be counted", || async { Ok((known().await? == 2).then_some(())) }).await?;
    let password = json!({"password": "a-long-test-password"});
    ana.api.json("DELETE", "/api/users/me", &password).await?.expect(204)?;
    wait::until("the account to be forgotten", || async { Ok((known().await? == 0).then_some(())) }).await?;
    let sold = about(&report(&shop.admin, "top-products?limit=100&sort=units").await?, "/items", &sku);
    ensure!(sold.is_none_or(|sold| sold["units"] == 1), "the sale is not forgotten");
    Ok(())
}

async fn made_again(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(700, 1).await?;
    let ana = shop.shopper().await?;
    let id = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    ana.order_reaches(&id, "confirmed").await?;
    for command in ["replay", "rebuild"] {
        let made = souk(&shop, &["analytics", command, "--json"]).await?;
        ensure!(made.get("refused").is_none_or(|refused| *refused == json!([])), "{made}");
        ensure!(made.get("wrong_before").is_none_or(|wrong| *wrong == 0), "{made}");
    }
    // The replay has counted the order if nobody had before; it is there once.
    let db = shop.environment.connect("analytics").await?;
    wait::until("the order to be counted", || async {
        let sql = "SELECT count(*) FROM facts WHERE metric = 'orders_confirmed' AND key = $1";
        let count: i64 = db.query_one(sql, &[&id]).await?.try_get(0)?;
        ensure!(count <= 1, "counted {count} times");
        Ok((count == 1).then_some(()))
    })
    .await?;
    let wrong: i64 = db.query_one("SELECT count(*) FROM recount_differences()", &[]).await?.try_get(0)?;
    ensure!(wrong == 0, "{wrong} sums are wrong");
    Ok(())
}

/// What an operator's command prints as JSON.
async fn souk(shop: &Shop, args: &[&str]) -> Result<Value> {
    let settings = shop.environment.settings();
    let mut command = Command::new(settings.bin_dir.join("souk"));
    command.arg("--root").arg(&settings.root).args(args).current_dir(&settings.project);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
