//! `make bench`: measures a private shop on this machine, prints a table and writes docs/benchmarks.md.
//!
//! The load runs on the same machine as everything that it measures, over loopback, bounded in count and time.

mod load;
mod memory;
mod orders;
mod profile;
mod report;
mod wasm;
mod wrk;

use anyhow::{Result, ensure};
use clap::Parser;
use load::{Pace, Prepared};
use memory::Watch;
use orders::Market;
use profile::Profile;
use report::Row;
use souk_local::Process;
use souk_tests::{api::text, shop::Shop};
use std::{process::Command, sync::Arc};

/// Measures the whole shop on this machine.
#[derive(Parser)]
struct Args {
    /// Seconds of each read measurement.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Orders in the checkout measurement.
    #[arg(long, default_value_t = 6000)]
    checkouts: usize,
    /// Orders a second in the sustained measurement: more than the target, since the last orders need a moment after the
    /// last POST, which counts too.
    #[arg(long, default_value_t = 520)]
    rate: usize,
    /// Seconds of the sustained measurement.
    #[arg(long, default_value_t = 60)]
    sustain: usize,
    /// Print only; leave docs/benchmarks.md as it is.
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let args = Args::parse();
    let shop = Shop::start().await?;
    let outcome = measure(&shop, &args).await;
    let page = shop.environment.settings().project.join("docs/benchmarks.md");
    shop.stop().await;
    let (rows, profile) = outcome?;
    let table = report::table(&rows) + &profile;
    println(&table);
    if !args.dry_run {
        report::write(&page, &table)?;
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the table is what the command is for")]
fn println(text: &str) {
    println!("{text}");
}

/// The measurements, and where the time went.
async fn measure(shop: &Shop, args: &Args) -> Result<(Vec<Row>, String)> {
    let mut rows = vec![wasm::sizes(&shop.environment.settings().project)?];
    eprintln!("seeding the demo shop");
    seed(shop).await?;
    reads(shop, args, &mut rows).await?;
    let profile = sales(shop, args, &mut rows).await?;
    eprintln!("checking every invariant");
    shop.verify().await?;
    Ok((rows, profile))
}

async fn seed(shop: &Shop) -> Result<()> {
    let settings = shop.environment.settings();
    let mut command = Command::new(settings.bin_dir.join("souk"));
    command.arg("--root").arg(&settings.root).arg("seed").current_dir(&settings.project);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    ensure!(output.status.success(), "souk seed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

async fn reads(shop: &Shop, args: &Args, rows: &mut Vec<Row>) -> Result<()> {
    let list = "/api/catalog/products?limit=20";
    let page = shop.api.get(list).await?.expect(200)?;
    let detail = format!("/api/catalog/products/{}", text(&page, "/items/0/slug")?);
    for (what, path, target, wanted, half) in [
        ("product detail from cache, wrk -t1 -c32", detail.as_str(), ">= 20,000 req/s", 20_000.0, 10_000.0),
        ("product list of 20, wrk -t1 -c32", list, ">= 10,000 req/s", 10_000.0, 5_000.0),
    ] {
        eprintln!("{what}");
        let url = format!("{}{path}", shop.environment.gateway_url());
        let peak = tokio::task::spawn_blocking({
            let (url, seconds) = (url.clone(), args.seconds);
            move || wrk::get(&url, seconds)
        })
        .await??;
        rows.push(Row {
            what: what.to_owned(),
            target,
            measured: format!("{:.0} req/s, p99 {}", peak.rate, peak.p99),
            reached: peak.rate >= wanted,
        });
        let count = (half * f64::from(args.seconds)) as usize;
        let requests = Arc::new(vec![Prepared::get(path); count]);
        let address = shop.environment.gateway_url().trim_start_matches("http://").to_owned();
        let steady = load::send(&address, 64, Pace::Open(half), requests, false).await?;
        steady.all(200)?;
        let p99 = steady.percentile_ms(99.0);
        rows.push(Row {
            what: format!("the same at {half:.0} req/s, p99"),
            target: "under 20 ms",
            measured: format!("{p99:.1} ms at {:.0} req/s", steady.rate(200)),
            reached: p99 < 20.0,
        });
    }
    Ok(())
}

async fn sales(shop: &Shop, args: &Args, rows: &mut Vec<Row>) -> Result<String> {
    let market = Market::open(shop).await?;
    let watch = Watch::start(&shop.environment);

    // Without the relay nothing follows from an order until it runs again: what is measured is accepting them.
    eprintln!("checkout alone: {} carts", args.checkouts);
    let carts = market.carts(shop, args.checkouts).await?;
    market.rest(shop).await?;
    shop.environment.stop(Process::Relay).await?;
    let profile = Profile::begin()?;
    let posts = market.post(carts, 32, Pace::Closed).await?;
    let alone = profile.end(&format!("{} checkouts, the relay stopped", args.checkouts), args.checkouts)?;
    shop.environment.start(Process::Relay).await?;
    market.rest(shop).await?;
    let rate = posts.rate(202);
    rows.push(Row {
        what: format!("checkout POST, {} carts over 32 connections, the relay stopped meanwhile", args.checkouts),
        target: ">= 1,500 req/s",
        measured: format!("{rate:.0} req/s, p99 {:.0} ms", posts.percentile_ms(99.0)),
        reached: rate >= 1500.0,
    });

    eprintln!("checkout: {} carts", args.checkouts);
    let carts = market.carts(shop, args.checkouts).await?;
    let sold = market.sell(shop, carts, 32, Pace::Closed).await?;
    let rate = sold.posts.rate(202);
    rows.push(Row {
        what: format!(
            "checkout POST, {} carts over 32 connections, while those before are charged and mailed",
            args.checkouts
        ),
        target: ">= 1,500 req/s",
        measured: format!("{rate:.0} req/s, p99 {:.0} ms", sold.posts.percentile_ms(99.0)),
        reached: rate >= 1500.0,
    });
    let drained = args.checkouts as f64 / sold.settled_after.as_secs_f64();
    rows.push(Row {
        what: "the same orders, placed to confirmed, committed and mailed".to_owned(),
        target: ">= 500 a second",
        measured: format!("{drained:.0} a second"),
        reached: drained >= 500.0,
    });

    eprintln!("sustained: {} orders a second for {} s", args.rate, args.sustain);
    let orders = args.rate * args.sustain;
    let carts = market.carts(shop, orders).await?;
    let profile = Profile::begin()?;
    let sold = market.sell(shop, carts, 64, Pace::Open(args.rate as f64)).await?;
    let everything = profile.end(&format!("{} s of {} orders a second", args.sustain, args.rate), orders)?;
    let sustained = orders as f64 / sold.settled_after.as_secs_f64();
    rows.push(Row {
        what: format!("orders to confirmed and mailed, offered {} a second for {} s", args.rate, args.sustain),
        target: ">= 500 a second",
        measured: format!(
            "{sustained:.0} a second, POST to confirmed p50 {:.0} ms, p99 {:.0} ms",
            sold.percentile_ms(50.0),
            sold.percentile_ms(99.0)
        ),
        reached: sustained >= 500.0,
    });

    eprintln!("latency at 100 orders a second");
    let carts = market.carts(shop, 2000).await?;
    let sold = market.sell(shop, carts, 32, Pace::Open(100.0)).await?;
    let p99 = sold.percentile_ms(99.0);
    rows.push(Row {
        what: "POST to confirmed at 100 orders a second, p99".to_owned(),
        target: "under 150 ms",
        measured: format!("{p99:.0} ms (p50 {:.0} ms)", sold.percentile_ms(50.0)),
        reached: p99 < 150.0,
    });

    rows.push(wasm::instances(shop).await?);
    let peak = watch.peak_mb();
    rows.push(Row {
        what: "runtime, relay and mailer together, peak resident memory over all of it".to_owned(),
        target: "under 250 MB",
        measured: format!("{peak:.0} MB"),
        reached: peak > 0.0 && peak < 250.0,
    });
    Ok(alone + &everything)
}
