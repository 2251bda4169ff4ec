//! Shoppers who keep buying while something breaks: bounded in count and time, and each remembers what the shop
//! promised.

use crate::{
    api::{Answer, text},
    shop::Shop,
    shopper::{Shopper, checkout_body},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Nobody buys longer than this, whatever happens to the test.
const LONGEST: Duration = Duration::from_secs(300);
/// Orders that one shopper places at most.
const MOST_ORDERS: usize = 2_000;
/// Pause after a failed or refused attempt.
const PAUSE: Duration = Duration::from_millis(50);

/// Shoppers at work.
pub struct Load {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Result<Bought>>>,
}

/// What one shopper was promised.
#[derive(Default)]
pub struct Bought {
    /// The shopper, who can look the orders up.
    pub shopper: Option<Shopper>,
    /// Ids of the orders that were accepted with 202.
    pub accepted: Vec<String>,
    /// Answers that said "later": 503 with Retry-After.
    pub postponed: usize,
    /// Attempts that got no answer at all.
    pub cut_off: usize,
}

impl Load {
    /// Sends `shoppers` to buy one piece of one of `skus` after the other.
    pub async fn start(shop: &Shop, shoppers: usize, skus: &[String]) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for (shopper, sku) in shop.shoppers(shoppers).await?.into_iter().zip(skus.iter().cycle()) {
            tasks.push(tokio::spawn(keep_buying(shopper, sku.clone(), Arc::clone(&stop))));
        }
        Ok(Self { stop, tasks })
    }

    /// Ends the shopping and tells what everybody was promised. An answer that no client should ever get is an error.
    pub async fn finish(self) -> Result<Vec<Bought>> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for task in self.tasks {
            all.push(task.await??);
        }
        Ok(all)
    }
}

async fn keep_buying(shopper: Shopper, sku: String, stop: Arc<AtomicBool>) -> Result<Bought> {
    let started = Instant::now();
    let mut bought = Bought { shopper: Some(shopper.clone()), ..Bought::default() };
    while !stop.load(Ordering::Relaxed) && started.elapsed() < LONGEST && bought.accepted.len() < MOST_ORDERS {
        buy_one(&shopper, &sku, &stop, &mut bought).await?;
    }
    Ok(bought)
}

/// Fills the cart and presses the button until the shop says yes, always with the same key: a try whose answer was
/// lost must not make a second order.
async fn buy_one(shopper: &Shopper, sku: &str, stop: &AtomicBool, bought: &mut Bought) -> Result<()> {
    let item = serde_json::json!({"quantity": 1});
    let path = format!("/api/orders/cart/items/{sku}");
    let Some(_) = insist(stop, bought, || shopper.api.json("PUT", &path, &item)).await? else { return Ok(()) };
    let address = serde_json::json!({"shipping_address": crate::shopper::address()});
    let quoted = insist(stop, bought, || shopper.api.post("/api/orders/cart/quote", &address)).await?;
    let Some(quote) = quoted else { return Ok(()) };
    ensure!(quote.status == 200, "quote: {quote:?}");
    let body = checkout_body("tok_success", quote.body.get("total").context("no total")?);
    let key = Uuid::now_v7().to_string();
    // The last press is insisted on even after the stop, so that no accepted order is forgotten here.
    let never = AtomicBool::new(false);
    let pressed = insist(&never, bought, || shopper.api.post_once("/api/orders/checkout", &key, &body)).await?;
    let answer = pressed.context("the shop never came back")?;
    ensure!(answer.status == 202, "checkout: {answer:?}");
    bought.accepted.push(text(&answer.body, "/id")?);
    Ok(())
}

/// Repeats a call that got no answer or "later"; `None` when it is time to stop. A 500 is never acceptable.
async fn insist<F>(stop: &AtomicBool, bought: &mut Bought, call: impl Fn() -> F) -> Result<Option<Answer>>
where
    F: Future<Output = Result<Answer>>,
{
    let started = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        match call().await {
            Ok(answer) if answer.status == 503 => {
                ensure!(answer.retry_after.is_some(), "503 without Retry-After: {answer:?}");
                bought.postponed += 1;
            }
            Ok(answer) if answer.status >= 500 => bail!("the shop failed: {answer:?}"),
            Ok(answer) => return Ok(Some(answer)),
            Err(_) => bought.cut_off += 1,
        }
        ensure!(started.elapsed() < LONGEST, "the shop did not come back");
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

/// Checks that every accepted order is there, was made once, and ended confirmed; returns how many there are.
pub async fn all_confirmed(bought: &[Bought]) -> Result<usize> {
    let mut seen = BTreeSet::new();
    for buyer in bought {
        let shopper = buyer.shopper.as_ref().context("no shopper")?;
        for id in &buyer.accepted {
            ensure!(seen.insert(id.clone()), "order {id} was given out twice");
            shopper.order_reaches(id, "confirmed").await?;
        }
    }
    Ok(seen.len())
}
