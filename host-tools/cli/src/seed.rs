//! `souk seed`: the demo shop's accounts, products, stock and promotion codes, through the same API and importer that a
//! merchant uses.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use souk_core::money::Currency;
use souk_local::Environment;
use souk_shopify_csv::Import;

use crate::accounts::{ADMIN, SHOPPER};
use crate::args::{Place, SeedArgs};
use crate::drained::Pipes;
use crate::import::send::{self, Sent};
use crate::output::Progress;
use crate::shop::Shop;
use crate::{context, roles};

/// Generated products read, sent and marked as loaded at once.
const AT_ONCE: usize = 2_000;
/// Without any progress for so long, the read models count as stuck.
const DRAINED_WITHIN: Duration = Duration::from_secs(600);

/// What was loaded, kept as the comment of the catalog's database: it goes away when the data does.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Marker {
    /// Digest of the demo shop's CSV.
    demo: String,
    /// Generated products beside it.
    generated: usize,
    /// Digest of the demo shop's promotion codes.
    #[serde(default)]
    promotions: String,
    /// Digest of the demo shop's collections.
    #[serde(default)]
    collections: String,
    /// Digest of when more of the demo shop's SKUs is expected.
    #[serde(default)]
    expected: String,
}

pub async fn run(place: &Place, args: &SeedArgs) -> Result<ExitCode> {
    ensure(&context::existing(place)?, args.products, Progress::start()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Loads what is missing, and waits until every service has heard of it.
pub async fn ensure(environment: &Environment, products: Option<usize>, progress: Progress) -> Result<()> {
    let mut marker = read_marker(environment).await?;
    let (collections, expected) = (digest(souk_demo::COLLECTIONS), digest(souk_demo::EXPECTED));
    let (digest, promotions) = (digest(souk_demo::PRODUCTS_CSV), digest(souk_demo::PROMOTIONS));
    let demo = if products.is_some() || marker.demo != digest { Some(parse(souk_demo::PRODUCTS_CSV)?) } else { None };
    let in_demo = demo.as_ref().map_or(0, |demo| demo.products.len());
    let generated = products.map_or(0, |products| products.saturating_sub(in_demo));
    let has_extras =
        marker.promotions == promotions && marker.collections == collections && marker.expected == expected;
    if marker.demo == digest && has_extras && marker.generated >= generated {
        progress.step("the demo shop is loaded already");
        return Ok(());
    }

    let shop = accounts(environment).await?;
    if marker.promotions != promotions {
        let codes: Vec<Value> = serde_json::from_str(souk_demo::PROMOTIONS).context("reading the promotion codes")?;
        for code in &codes {
            shop.post_new("/api/orders/promotions", code).await?;
        }
        progress.step(format!("{} promotion codes", codes.len()));
        marker.promotions = promotions;
        write_marker(environment, &marker).await?;
    }
    let mut sent = Sent::default();
    if let Some(demo) = demo.filter(|_| marker.demo != digest) {
        progress.step(format!("loading the demo shop: {} products", demo.products.len()));
        sent += send::all(&shop, &demo, "demo shop", progress).await?;
        marker.demo = digest;
        write_marker(environment, &marker).await?;
    }
    if marker.collections != collections {
        let all: Vec<Value> = serde_json::from_str(souk_demo::COLLECTIONS).context("reading the collections")?;
        for collection in &all {
            shop.post_new("/api/catalog/collections", collection).await?;
        }
        progress.step(format!("{} collections", all.len()));
        marker.collections = collections;
        write_marker(environment, &marker).await?;
    }
    if marker.expected != expected {
        expect(environment, &shop).await?;
        marker.expected = expected;
        write_marker(environment, &marker).await?;
    }
    if marker.generated < generated {
        sent += generate(environment, &shop, &mut marker, generated, progress).await?;
    }
    progress.step(sent);
    wait_until_drained(environment, progress).await
}

/// Says when more of what is sold out is expected, counted from today. The database knows what day it is.
async fn expect(environment: &Environment, shop: &Shop) -> Result<()> {
    let expected: BTreeMap<String, i32> =
        serde_json::from_str(souk_demo::EXPECTED).context("reading what is expected")?;
    let inventory = environment.connect("inventory").await?;
    for (sku, days) in expected {
        let day: String = inventory.query_one("SELECT (current_date + $1::int)::text", &[&days]).await?.try_get(0)?;
        shop.put(&format!("/api/inventory/stock/{sku}/expected"), &json!({"on": day})).await?;
    }
    Ok(())
}

/// Generated products from where an earlier run stopped, up to `wanted`.
async fn generate(
    environment: &Environment,
    shop: &Shop,
    marker: &mut Marker,
    wanted: usize,
    progress: Progress,
) -> Result<Sent> {
    let mut sent = Sent::default();
    let mut rows = souk_demo::generated_csv(wanted);
    let header = rows.next().context("the generated catalogue has no header")?;
    let mut rows = rows.skip(marker.generated);
    while marker.generated < wanted {
        let chunk: String = rows.by_ref().take(AT_ONCE).collect();
        let import = parse(&format!("{header}{chunk}"))?;
        if import.products.is_empty() {
            bail!("only {} products can be generated", marker.generated);
        }
        sent += send::all(shop, &import, "demo shop", Progress::silent()).await?;
        marker.generated += import.products.len();
        write_marker(environment, marker).await?;
        progress.step(format!("{} of {wanted} generated products sent", marker.generated));
    }
    Ok(sent)
}

/// The demo accounts, made when missing; returns the shop as the admin sees it.
async fn accounts(environment: &Environment) -> Result<Shop> {
    let shop = Shop::at(&environment.gateway_url());
    for account in [ADMIN, SHOPPER] {
        shop.register(account.email, account.password, account.name).await?;
    }
    if !roles::grant(environment, ADMIN.email, "admin").await? {
        bail!("the account {} is gone right after it was made: look at `souk logs user`", ADMIN.email);
    }
    shop.sign_in(ADMIN.email, ADMIN.password).await
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The demo's own files have no bad rows; a test of `souk-demo` and this check keep it so.
fn parse(csv: &str) -> Result<Import> {
    let import = souk_shopify_csv::parse(csv.as_bytes(), Currency::EUR).context("reading the demo shop")?;
    match import.errors.first() {
        Some(error) => bail!("the demo shop has a bad row: {error}"),
        None => Ok(import),
    }
}

async fn wait_until_drained(environment: &Environment, progress: Progress) -> Result<()> {
    progress.step("waiting until every service has heard of it");
    let mut pipes = Pipes::open(environment).await?;
    match pipes.wait(DRAINED_WITHIN, |what| progress.step(what)).await? {
        None => progress.step("the demo shop is loaded"),
        Some(what) => bail!("still not settled after {} s: {what} (see `souk status`)", DRAINED_WITHIN.as_secs()),
    }
    Ok(())
}

async fn read_marker(environment: &Environment) -> Result<Marker> {
    let catalog = environment.connect("catalog").await?;
    let sql = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()";
    let comment: Option<String> = catalog.query_one(sql, &[]).await?.try_get(0)?;
    Ok(comment.and_then(|comment| serde_json::from_str(&comment).ok()).unwrap_or_default())
}

async fn write_marker(environment: &Environment, marker: &Marker) -> Result<()> {
    let catalog = environment.connect("catalog").await?;
    // Digests and a number: nothing that would need quoting.
    let comment = serde_json::to_string(marker)?;
    Ok(catalog.batch_execute(&format!("COMMENT ON DATABASE souk_catalog IS '{comment}'")).await?)
}
