//! Every series that a dashboard, an alert or a recording rule uses is there: scraped from the shop by the Prometheus
//! that `make monitoring-local` runs, or listed with the exporter that has it in monitoring/external-metrics.json.

use crate::{Observed, prometheus::Prometheus};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::text,
    promql::{name, selectors},
    run::Suite,
    shop::Shop,
    wait,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

pub fn add(suite: &mut Suite<Observed>) {
    suite.test("every_series_of_dashboards_and_alerts_exists", every_series);
}

/// Series that begin with a mishap which no test can bring about in a second. Their names are checked where they are
/// made: in the runtime's cases, the relay's and the analytics' tests.
const BEGIN_WITH_A_MISHAP: [&str; 4] = [
    "souk_runtime_dependency_failures_total",
    "souk_relay_publish_failures_total",
    "souk_relay_trimmed_total",
    r#"souk_payment_events_total{event="refund_failed"}"#,
];

async fn every_series(observed: Arc<Observed>) -> Result<()> {
    let (shop, project) = (&observed.shop, observed.shop.environment.settings().project.clone());
    let prometheus = Prometheus::start(shop).await?;
    something_of_everything(&observed).await?;

    wait::until("every target to be scraped", || async {
        let targets = prometheus.get("targets?state=active").await?;
        let targets = targets["activeTargets"].as_array().cloned().unwrap_or_default();
        let down: Vec<_> = targets.iter().filter(|target| target["health"] != "up").collect();
        ensure!(targets.len() == 4 && down.is_empty(), "{} targets, not up: {down:?}", targets.len());
        Ok(Some(()))
    })
    .await?;
    let rules = wait::until("every rule to be evaluated", || async {
        let rules = rules(&prometheus.get("rules").await?);
        let bad: Vec<_> = rules.iter().filter(|rule| rule["health"] != "ok").collect();
        ensure!(!rules.is_empty() && bad.is_empty(), "{bad:?}");
        Ok(Some(rules))
    })
    .await?;

    let mut used: BTreeMap<String, String> = BTreeMap::new();
    for rule in &rules {
        let (rule, expression) = (text(rule, "/name")?, text(rule, "/query")?);
        used.extend(selectors(&expression).into_iter().map(|selector| (selector, format!("rule {rule}"))));
    }
    for (panel, expression) in panels(&project)? {
        prometheus.count(&expression).await.with_context(|| format!("panel {panel}"))?;
        used.extend(selectors(&expression).into_iter().map(|selector| (selector, format!("panel {panel}"))));
    }

    // What is made of growth needs a sample from before and one from after.
    wait::until("the first payment to be scraped", || async {
        Ok((prometheus.count(r#"souk_payment_events_total{event="captured"}"#).await? > 0).then_some(()))
    })
    .await?;
    another_order(shop).await?;

    let external = external(&project)?;
    let names: BTreeSet<&str> = used.keys().map(|selector| name(selector)).collect();
    ensure!(names.len() > 50, "only {} metrics found in dashboards and rules", names.len());
    let stale: Vec<_> = external.iter().filter(|metric| !names.contains(metric.as_str())).collect();
    ensure!(stale.is_empty(), "external-metrics.json lists what nothing uses: {stale:?}");
    let here = |selector: &str| {
        let rare = BEGIN_WITH_A_MISHAP.iter().any(|metric| [selector, name(selector)].contains(metric));
        !rare && !external.contains(name(selector))
    };
    wait::until("every series to be there", || async {
        let mut missing = Vec::new();
        for (selector, user) in used.iter().filter(|(selector, _)| here(selector)) {
            if prometheus.count(&format!("last_over_time({selector}[1m])")).await? == 0 {
                missing.push(format!("{selector} ({user})"));
            }
        }
        if !missing.is_empty() {
            bail!("missing: {}", missing.join(", "));
        }
        Ok(Some(()))
    })
    .await
}

/// An order of each ending, a refund, a dead letter: what counters begin with.
async fn something_of_everything(observed: &Observed) -> Result<()> {
    let shop = &observed.shop;
    let sku = shop.product(900, 5).await?;
    let ana = shop.shopper().await?;
    let paid = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    ana.order_reaches(&paid, "confirmed").await?;
    ana.api.post(&format!("/api/orders/{paid}/cancel"), &json!({})).await?.expect(200)?;
    ana.order_reaches(&paid, "refunded").await?;
    let too_many = text(&ana.buy(&sku, 50, "tok_success").await?, "/id")?;
    ana.order_reaches(&too_many, "rejected").await?;
    let declined = text(&ana.buy(&sku, 1, "tok_declined").await?, "/id")?;
    ana.order_reaches(&declined, "cancelled").await?;
    ana.buy(&sku, 1, "tok_timeout_charged").await?;
    let mut redis = shop.environment.connect_redis().await?;
    let mut dead = redis::cmd("XADD");
    dead.arg("souk:order:dead")
        .arg("*")
        .arg("event")
        .arg("{}")
        .arg("error")
        .arg("a test")
        .arg("group")
        .arg("inventory");
    dead.arg("source_id").arg("1-0").arg("deliveries").arg("5").exec_async(&mut redis).await?;
    Ok(())
}

async fn another_order(shop: &Shop) -> Result<()> {
    let sku = shop.product(900, 5).await?;
    let ben = shop.shopper().await?;
    let paid = text(&ben.buy(&sku, 1, "tok_success").await?, "/id")?;
    ben.order_reaches(&paid, "confirmed").await.map(drop)
}

fn rules(answer: &Value) -> Vec<Value> {
    let groups = answer["groups"].as_array().cloned().unwrap_or_default();
    groups.iter().flat_map(|group| group["rules"].as_array().cloned().unwrap_or_default()).collect()
}

/// Every panel's name and expressions.
fn panels(project: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for file in fs::read_dir(project.join("monitoring/dashboards"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let dashboard: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
            for panel in dashboard["panels"].as_array().context("no panels")? {
                for target in panel["targets"].as_array().context("no targets")? {
                    let title = format!("{} / {}", text(&dashboard, "/title")?, text(panel, "/title")?);
                    found.push((title, text(target, "/expr")?));
                }
            }
        }
    }
    Ok(found)
}

/// Metrics that only a cluster has.
fn external(project: &Path) -> Result<BTreeSet<String>> {
    let file: Value = serde_json::from_str(&fs::read_to_string(project.join("monitoring/external-metrics.json"))?)?;
    let exporters = file.as_object().context("not an object")?;
    let metrics = exporters.values().filter_map(|exporter| exporter["metrics"].as_array()).flatten();
    Ok(metrics.filter_map(Value::as_str).map(str::to_owned).collect())
}
