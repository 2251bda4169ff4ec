//! Answers with what the imported `test:greeting/greet` says to the name in the query, for the runtime tests of
//! component dependencies. `?own-trap` and `?own-loop` fail here and not in the dependency.
#![allow(
    missing_docs,
    unsafe_code,
    clippy::panic,
    reason = "test component: failing on purpose is part of it, and the bindings and macros expand to unsafe code"
)]

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;
use std::hint::black_box;

wit_bindgen::generate!({ world: "caller", path: "../greeter/wit" });

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    match request.uri().query().unwrap_or("composition") {
        "own-trap" => panic!("on purpose"),
        "own-loop" => spin_forever(),
        name => test::greeting::greet::greet(name),
    }
}

fn spin_forever() -> ! {
    let mut n = 0_u64;
    loop {
        n = black_box(n.wrapping_add(1));
    }
}
