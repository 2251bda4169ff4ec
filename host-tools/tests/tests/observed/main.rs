//! What an operator sees of the shop: one trace for one checkout, and every series that dashboards and alerts use.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod checkout;
mod collector;
mod prometheus;
mod series;

use collector::Collector;
use souk_tests::{run, shop::Shop};
use std::{process::ExitCode, sync::Arc};

/// A shop that sends its traces to a collector of the test.
pub struct Observed {
    shop: Shop,
    collector: Collector,
}

fn main() -> ExitCode {
    let started = run::runtime().and_then(|runtime| {
        let observed = runtime.block_on(async {
            let collector = Collector::start().await?;
            // Spans are sent every 100 ms and not every 5 s.
            let environment =
                [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint()), ("OTEL_BSP_SCHEDULE_DELAY", "100")];
            let shop = Shop::start_with_environment(&environment).await?;
            anyhow::Ok(Observed { shop, collector })
        })?;
        Ok((runtime, Arc::new(observed)))
    });
    let (runtime, observed) = match started {
        Ok(started) => started,
        Err(error) => {
            eprintln!("the shop did not start: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut suite = run::Suite::new(Arc::clone(&runtime), Arc::clone(&observed));
    checkout::add(&mut suite);
    series::add(&mut suite);
    let code = suite.run();
    runtime.block_on(observed.shop.stop());
    code
}
