//! The component behind the runtime tests. Each route exercises one thing the host does; what happened comes back as
//! text or JSON, so that a test case is only requests and expected answers.
#![allow(
    missing_docs,
    unsafe_code,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test component: failing on purpose is its job, the SDK's macros expand to unsafe code, and reading a JSON \
              value by key never panics"
)]

mod database;
mod outbound;
mod stores;
mod streams;
mod subscriber;
mod trouble;

use http_body_util::BodyExt;
use serde_json::{Value, json};
use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::types::Response as WasiResponse;
use std::cell::Cell;

thread_local! {
    static USES: Cell<u64> = const { Cell::new(0) };
}

/// A response that is ready to go out.
pub type Answer = Result<WasiResponse, spin_sdk::http::Error>;

#[http_service]
async fn handle(request: Request) -> Answer {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let parameter = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, v)| v.to_owned())
    };
    let number = |name: &str| parameter(name).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    match path.trim_start_matches("/app") {
        "/hello" => text("hello"),
        "/uses" => text(USES.with(|uses| {
            uses.set(uses.get() + 1);
            uses.get().to_string()
        })),
        "/env" => text(std::env::var(parameter("name").unwrap_or_default()).unwrap_or_else(|_| "unset".to_owned())),
        "/args" => text(std::env::args().count().to_string()),
        "/variable" => stores::variable(&parameter("name").unwrap_or_default()).await,
        "/echo" => streams::echo(request).await,
        "/length" => text(request.into_body().collect().await.map_err(other)?.to_bytes().len().to_string()),
        "/relay" => streams::relay(request),
        "/events" => streams::events(number("count"), number("pause_ms")),
        "/cut" => streams::cut(),
        "/after" => streams::after(number("pause_ms"), parameter("key").unwrap_or_default()),
        "/fetch" => outbound::fetch(request).await,
        "/fetch-p2" => outbound::fetch_p2(request).await,
        "/tcp" => outbound::connect(request).await,
        "/file" => outbound::read_file(&parameter("path").unwrap_or_default()),
        "/panic" => trouble::panic(),
        "/err" => Err(spin_sdk::http::Error::other("refused on purpose")),
        "/loop" => trouble::spin_forever(),
        "/sleep" => trouble::sleep(number("ms")).await,
        "/allocate" => trouble::allocate(number("mb")),
        "/print" => trouble::print(),
        "/pg" => database::run(request).await,
        "/pg/poison" => database::poison().await,
        "/pg/row" => database::row().await,
        "/redis" => stores::redis(request).await,
        "/redis/get" => stores::get().await,
        _ => show(request),
    }
}

/// What the component sees of a request.
fn show(request: Request) -> Answer {
    let headers: Vec<Value> = request
        .headers()
        .iter()
        .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
        .collect();
    render(&json!({ "method": request.method().as_str(), "uri": request.uri().to_string(), "headers": headers }))
}

/// A plain text answer.
pub fn text(body: impl Into<String>) -> Answer {
    Ok(Response::builder().header("content-type", "text/plain").body(body.into()).map_err(other)?.into_response()?)
}

/// A JSON answer.
pub fn render(value: &Value) -> Answer {
    let response = Response::builder().header("content-type", "application/json").body(value.to_string());
    Ok(response.map_err(other)?.into_response()?)
}

/// Any error as the SDK's.
pub fn other(error: impl std::fmt::Display) -> spin_sdk::http::Error {
    spin_sdk::http::Error::other(error.to_string())
}

/// The request's body as JSON.
pub async fn body_json(request: Request) -> Result<Value, spin_sdk::http::Error> {
    let bytes = request.into_body().collect().await.map_err(other)?.to_bytes();
    serde_json::from_slice(&bytes).map_err(other)
}
