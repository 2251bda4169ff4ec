//! Poison: events that no number of tries can apply. They are tried, parked with their error, seen by the operator, do
//! not hold up what comes behind them, and can be replayed once their cause is mended.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use souk_tests::{api::text, run::Suite, shop::Shop, wait};
use std::{process::Command, sync::Arc, time::Duration};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("poison_is_parked_with_its_error_holds_up_nothing_and_can_be_replayed", poison);
}

/// A version that no service knows yet.
pub const LATER_VERSION: u32 = 99;
/// Five deliveries, five seconds apart, and what a busy machine adds.
const PATIENCE: Duration = Duration::from_secs(120);

async fn souk(shop: &Shop, args: &[&str]) -> Result<String> {
    let settings = shop.environment.settings();
    let mut command = Command::new(settings.bin_dir.join("souk"));
    command.arg("--root").arg(&settings.root).args(args).current_dir(&settings.project);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    if !output.status.success() {
        bail!("souk {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

async fn dead_letters(shop: &Shop) -> Result<Vec<Value>> {
    Ok(serde_json::from_str(&souk(shop, &["dlq", "list", "--json"]).await?)?)
}

async fn put_on_stream(shop: &Shop, stream: &str, event: &str) -> Result<()> {
    let mut redis = shop.environment.connect_redis().await?;
    let _: String = redis::cmd("XADD").arg(stream).arg("*").arg("event").arg(event).query_async(&mut redis).await?;
    Ok(())
}

fn event(type_: &str, version: u32, key: &str, data: Value) -> String {
    json!({"id": Uuid::now_v7(), "type": type_, "version": version, "key": key,
           "occurred_at": "2026-01-01T00:00:00.000Z", "traceparent": null, "data": data})
    .to_string()
}

/// What the relay counts as dead for a group.
async fn counted(shop: &Shop, stream: &str, group: &str) -> Result<u64> {
    let port = shop.environment.settings().ports.relay_metrics;
    let api = souk_tests::api::Api::new(format!("http://127.0.0.1:{port}"));
    let page = api.text("/metrics").await?;
    let series = format!("souk_relay_dead_letters{{stream=\"{stream}\",group=\"{group}\"}} ");
    let count = page.lines().find_map(|line| line.strip_prefix(series.as_str()));
    Ok(count.map(str::parse).transpose()?.unwrap_or(0))
}

async fn poison(shop: Arc<Shop>) -> Result<()> {
    let before = dead_letters(&shop).await?.len();
    // An effect that a constraint forbids, for as long as the mistake in the database lasts.
    let inventory = shop.environment.connect("inventory").await?;
    let forbidden = format!("DLQ-{}", Uuid::new_v4().simple());
    let mistake = format!("ALTER TABLE stock ADD CONSTRAINT a_mistake CHECK (sku <> '{forbidden}')");
    inventory.batch_execute(&mistake).await?;
    let product = json!({"product_id": Uuid::now_v7(), "slug": forbidden.to_lowercase(), "title": "T", "status": "draft",
        "category": "tea", "tags": [], "image_url": "", "version": 1, "variants": [{"sku": forbidden, "title": "",
        "price": {"amount_minor": 1, "currency": "EUR"}, "grams": 1}]});
    put_on_stream(&shop, "souk:catalog", &event("product.changed", 1, "k", product.clone())).await?;
    put_on_stream(&shop, "souk:catalog", &event("product.changed", LATER_VERSION, "of-a-later-version", product))
        .await?;
    put_on_stream(&shop, "souk:payment", "{ not an event").await?;

    // Behind the poison everything goes on.
    let sku = shop.product(900, 3).await?;
    let ana = shop.shopper().await?;
    let order = text(&ana.buy(&sku, 1, "tok_success").await?, "/id")?;
    wait::until("an order behind the poison to be confirmed", || async {
        Ok((ana.order(&order).await?["status"] == "confirmed").then_some(()))
    })
    .await?;
    ensure!(dead_letters(&shop).await?.len() == before, "poison is tried more than once before it is given up");

    // The later version for each group that wants products, broken JSON for each group of the stream, the mistake for one.
    let about = |letters: &[Value], part: &str| {
        letters.iter().filter(|letter| letter["error"].as_str().unwrap_or_default().contains(part)).count()
    };
    let parked = wait::until_within(PATIENCE, "the poison to be parked", || async {
        let letters = dead_letters(&shop).await?;
        let is_all = about(&letters, "version 99 of product.changed is not known here") >= 3
            && about(&letters, "not an event envelope") >= 3
            && about(&letters, "a_mistake") >= 1;
        Ok(is_all.then_some(letters))
    })
    .await?;
    let is_mistaken = |letter: &&Value| letter["error"].as_str().unwrap_or_default().contains("a_mistake");
    let mistaken = parked.iter().find(is_mistaken).context("nothing about a_mistake")?;
    ensure!(mistaken["group"] == "inventory" && mistaken["deliveries"] == "5", "{mistaken}");
    let id = text(mistaken, "/id")?;
    let shown = souk(&shop, &["dlq", "show", &id]).await?;
    ensure!(shown.contains("a_mistake") && shown.contains(&forbidden), "{shown}");
    in_a_browser(&shop, &parked, &id, &forbidden).await?;
    wait::until("the relay to count them", || async {
        Ok((counted(&shop, "souk:catalog", "inventory").await? >= 2).then_some(()))
    })
    .await?;

    // Mended and replayed, it takes effect; what nobody can mend is dropped.
    inventory.batch_execute("ALTER TABLE stock DROP CONSTRAINT a_mistake").await?;
    let letter = format!("/api/analytics/dead-letters/{id}");
    shop.admin.raw("POST", &format!("{letter}/replay"), &[], "").await?.expect(204)?;
    shop.admin.raw("POST", &format!("{letter}/replay"), &[], "").await?.problem(404, "dead-letter-unknown")?;
    wait::until("the replayed event to be applied", || async {
        Ok(inventory.query_opt("SELECT 1 FROM stock WHERE sku = $1 LIMIT 1", &[&forbidden]).await?.map(drop))
    })
    .await?;
    let left = dead_letters(&shop).await?;
    let (by_hand, in_browser) = left.split_at(left.len() / 2);
    for letter in by_hand {
        souk(&shop, &["dlq", "drop", &text(letter, "/id")?]).await?;
    }
    for letter in in_browser {
        let path = format!("/api/analytics/dead-letters/{}", text(letter, "/id")?);
        shop.admin.raw("DELETE", &path, &[], "").await?.expect(204)?;
        shop.admin.raw("DELETE", &path, &[], "").await?.problem(404, "dead-letter-unknown")?;
    }
    Ok(())
}

/// What an operator sees in a browser is what `souk dlq` tells: every letter on one page or another, newest first.
async fn in_a_browser(shop: &Shop, parked: &[Value], mistaken: &str, sku: &str) -> Result<()> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.admin.get(&format!("/api/analytics/dead-letters?limit=2{cursor}")).await?.expect(200)?;
        for letter in page["items"].as_array().context("no items")? {
            seen.push(format!("{}/{}", text(letter, "/stream")?, text(letter, "/entry")?));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let moment = |id: &String| id.rsplit('/').next().and_then(|entry| entry.split('-').next()?.parse::<u64>().ok());
    ensure!(seen.is_sorted_by_key(|id| std::cmp::Reverse(moment(id))), "newest first: {seen:?}");
    let mut known = parked.iter().map(|letter| text(letter, "/id")).collect::<Result<Vec<_>>>()?;
    known.sort();
    seen.sort();
    ensure!(seen == known, "{seen:?} and {known:?}");

    let path = format!("/api/analytics/dead-letters/{mistaken}");
    let shown = shop.admin.get(&path).await?.expect(200)?;
    ensure!(shown["letter"]["deliveries"] == 5 && shown["letter"]["group"] == "inventory", "{shown}");
    ensure!(text(&shown, "/event")?.contains(sku), "{shown}");
    let streams = shop.admin.get("/api/analytics/streams").await?.expect(200)?;
    let catalog = streams["items"].as_array().into_iter().flatten().find(|state| state["stream"] == "catalog");
    let catalog = catalog.context("no stream catalog")?;
    ensure!(catalog["dead_letters"].as_u64() >= Some(4), "{catalog}");
    ensure!(catalog["groups"].as_array().is_some_and(|groups| groups.len() == 4), "{catalog}");
    for bad in ["order/0-0", "order/x", "nobody/1-1", "order/1-1"] {
        shop.admin.get(&format!("/api/analytics/dead-letters/{bad}")).await?.expect(404)?;
    }
    shop.admin.get("/api/analytics/dead-letters?stream=nobody").await?.problem(400, "invalid-query")?;
    shop.admin.get("/api/analytics/dead-letters?cursor=bm8").await?.problem(400, "invalid-page")?;
    Ok(())
}
