//! kill -9 of the runtime or the relay at random moments under load: after the restart every invariant holds and no
//! accepted order is missing.

use anyhow::{Result, ensure};
use souk_local::Process;
use souk_tests::{
    load::{self, Load},
    run,
    shop::Shop,
    shopper::available,
};
use std::{process::ExitCode, sync::Arc, time::Duration};

/// How often a process is killed.
const KILLS: u64 = 20;
const STOCK: i64 = 1_000_000;

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
    suite.test("crash_no_accepted_order_is_lost_in_twenty_kills", kills);
    let code = suite.run();
    runtime.block_on(shop.stop());
    code
}

async fn kills(shop: Arc<Shop>) -> Result<()> {
    let mut skus = Vec::new();
    for _ in 0..4 {
        skus.push(shop.product(100, STOCK).await?);
    }
    let seed = std::env::var("SOUK_CRASH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(fresh_seed);
    eprintln!("SOUK_CRASH_SEED={seed} repeats these moments");
    let mut random = seed;
    let load = Load::start(&shop, 8, &skus).await?;
    for _ in 0..KILLS {
        random = next(random);
        // The moment is the subject of the test, not a wait for something to be done.
        tokio::time::sleep(Duration::from_millis(100 + random % 900)).await;
        let victim = if (random >> 32).is_multiple_of(3) { Process::Relay } else { Process::Runtime };
        shop.environment.kill(victim).await?;
        shop.environment.start(victim).await?;
    }
    let bought = load.finish().await?;
    let confirmed = load::all_confirmed(&bought).await?;
    let cut_off: usize = bought.iter().map(|buyer| buyer.cut_off).sum();
    eprintln!("{confirmed} orders confirmed, {cut_off} calls cut off by a kill");
    ensure!(cut_off > 0, "no kill hit a call: the load was not there");
    let mut sold = 0;
    for sku in &skus {
        sold += STOCK - available(&shop.api, sku).await?;
    }
    ensure!(sold == i64::try_from(confirmed)?, "{sold} pieces sold, {confirmed} orders confirmed");
    shop.verify().await
}

fn fresh_seed() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    since.as_secs() ^ u64::from(since.subsec_nanos()) << 20
}

/// SplitMix64, which needs no state beyond a number that can be printed.
fn next(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
