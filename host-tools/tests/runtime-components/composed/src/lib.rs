//! Answers with what the imported `test:greeting/greet` says, for the runtime tests of component dependencies.
#![allow(missing_docs, unsafe_code, reason = "test component; the bindings and macros expand to unsafe code")]

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

wit_bindgen::generate!({ world: "caller", path: "../greeter/wit" });

#[http_service]
async fn handle(_: Request) -> impl IntoResponse {
    test::greeting::greet::greet("composition")
}
