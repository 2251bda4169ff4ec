//! The order service: carts, checkout, and the process that takes an order from placed to confirmed or rightly refused.
//!
//! Two exports: the HTTP API under `/api/orders`, and the doorbell, which applies events of the catalogue, of stock, of
//! payments and of accounts, and whose ticks end what waited too long. Tax, shipping and promotions are imports that
//! plug-in components satisfy.

pub mod consumer;
pub mod domain;
pub mod handlers;
pub mod plugins;
pub mod routes;
pub mod store;

/// The component's entry points; their export names are for a wasm linker only.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "in what the macros expand to")]
mod exports {
    use crate::{consumer::Orders, routes::SERVICE};
    use axum::response::Response;
    use bytes::Bytes;
    use spin_sdk::{http::Request, http_service, redis_subscriber};

    #[http_service]
    async fn handle(request: Request) -> Response {
        souk_host::http::serve(&SERVICE, request).await
    }

    #[redis_subscriber]
    async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
        souk_host::consumer::drain(&Orders, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
    }
}
