//! The payment service: takes the money for an order once, gives it back whole or in parts, and keeps a double-entry
//! ledger.
//!
//! Events of the order service create and cancel intents; a claim takes a batch of them to the payment gateway, a
//! plug-in behind the WIT interface `souk:payment/gateway`, where each is authorized and captured (or held for a person
//! to decide), and what it says is written down for the whole batch in one statement. A gateway that does not answer is
//! asked again until it does, and may tell by itself with a signed webhook. That nothing is taken or given back twice is
//! a matter of the tables' constraints, not of this code.

pub mod config;
pub mod consumer;
pub mod desk;
pub mod domain;
mod gateway;
pub mod handlers;
pub mod routes;
pub mod store;

/// The component's entry points. Only in wasm: a native linker refuses the names that they are exported under.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)] // in what the macros expand to
mod exports {
    use crate::{consumer::Payments, routes::SERVICE};
    use axum::response::Response;
    use bytes::Bytes;
    use spin_sdk::{http::Request, http_service, redis_subscriber};

    #[http_service]
    async fn handle(request: Request) -> Response {
        souk_host::http::serve(&SERVICE, request).await
    }

    #[redis_subscriber]
    async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
        souk_host::consumer::drain(&Payments, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
    }
}
