//! The order flow with all its failures, bad input, and the promises of "must hold", against one private shop.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod access;
mod accounts;
mod aftercare;
mod bad_input;
mod browser_session;
mod browsing;
mod buying;
mod catalogue;
mod contention;
mod dead_letters;
mod events;
mod example;
mod guests;
mod keys;
mod mailed;
mod mails;
mod own_account;
mod payments;
mod promotions;
mod reports;
mod staff;
mod stock;

use souk_tests::{run, shop::Shop};
use std::{process::ExitCode, sync::Arc};

fn main() -> ExitCode {
    let started = run::runtime().and_then(|runtime| {
        // Tests choose the client address that they come from.
        let shop = runtime.block_on(Shop::start_with(&[("trusted_proxy", "true")]))?;
        Ok((runtime, Arc::new(shop)))
    });
    let (runtime, shop) = match started {
        Ok(started) => started,
        Err(error) => {
            eprintln!("the shop did not start: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let seen = events::watch(&shop, runtime.handle());
    let mut suite = run::Suite::new(Arc::clone(&runtime), Arc::clone(&shop));
    accounts::add(&mut suite);
    own_account::add(&mut suite);
    staff::add(&mut suite);
    browser_session::add(&mut suite);
    browsing::add(&mut suite);
    catalogue::add(&mut suite);
    buying::add(&mut suite);
    guests::add(&mut suite);
    promotions::add(&mut suite);
    aftercare::add(&mut suite);
    payments::add(&mut suite);
    reports::add(&mut suite);
    contention::add(&mut suite);
    stock::add(&mut suite);
    mails::add(&mut suite);
    bad_input::add(&mut suite);
    access::add(&mut suite);
    dead_letters::add(&mut suite);
    // After it no token from before is good, the shop's admin's neither.
    keys::add(&mut suite);
    // Last, since it looks back at everything the others did.
    suite.test("every_invariant_holds_after_all_of_it", |shop| async move { shop.verify().await });
    events::add(&mut suite, seen);
    let code = suite.run();
    runtime.block_on(shop.stop());
    code
}
