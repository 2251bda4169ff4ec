//! Other plug-ins than those that the checkout ships with: swapped in by their lines in spin.toml, in another language,
//! and misbehaving ones, which must not cost more than their own request.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod swapped;
mod unruly;
mod walk_through;

use anyhow::Result;
use souk_local::Process;
use souk_tests::{project::Project, run, shop::Shop};
use std::{process::ExitCode, sync::Arc};

const TAX: &str = "souk:checkout/tax@0.1.0";
const SHIPPING: &str = "souk:checkout/shipping@0.1.0";
const PROMOTIONS: &str = "souk:checkout/promotions@0.1.0";

/// The second implementation of each interface; the last one is written in Python.
const OTHERS: [(&str, &str); 3] =
    [(TAX, "tax_us_states"), (SHIPPING, "shipping_flat"), (PROMOTIONS, "promotion_single")];

/// A shop whose plug-ins can be swapped.
pub struct Market {
    shop: Shop,
    project: Project,
}

impl Market {
    /// Edits the manifest and restarts the runtime, as a merchant would.
    async fn swap(&self, plugins: &[(&str, &str)]) -> Result<()> {
        self.project.use_plugins(plugins)?;
        Ok(self.shop.environment.restart(Process::Runtime).await?)
    }
}

fn main() -> ExitCode {
    let started = run::runtime().and_then(|runtime| {
        let (shop, project) = runtime.block_on(Shop::start_with_plugins(&OTHERS))?;
        Ok((runtime, Arc::new(Market { shop, project })))
    });
    let (runtime, market) = match started {
        Ok(started) => started,
        Err(error) => {
            eprintln!("the shop did not start: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut suite = run::Suite::new(Arc::clone(&runtime), Arc::clone(&market));
    swapped::add(&mut suite);
    unruly::add(&mut suite);
    walk_through::add(&mut suite);
    suite.test("every_invariant_holds_after_all_of_it", |market| async move { market.shop.verify().await });
    let code = suite.run();
    runtime.block_on(market.shop.stop());
    code
}
