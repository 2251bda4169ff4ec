//! The user service: accounts, sign-in, sessions and access tokens. It alone holds the token signing key.
//!
//! Two exports: the HTTP API under `/api/users`, and the doorbell, whose ticks clean up sessions that are over.

pub mod browser;
pub mod client;
pub mod config;
pub mod consumer;
pub mod domain;
pub mod handlers;
pub mod routes;
pub mod store;
pub mod throttle;

/// The component's entry points. Only in wasm: a native linker refuses the names that they are exported under.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)] // in what the macros expand to
mod exports {
    use crate::{consumer::Users, routes::SERVICE};
    use axum::response::Response;
    use bytes::Bytes;
    use spin_sdk::{http::Request, http_service, redis_subscriber};

    #[http_service]
    async fn handle(request: Request) -> Response {
        souk_host::http::serve(&SERVICE, request).await
    }

    #[redis_subscriber]
    async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
        souk_host::consumer::drain(&Users, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
    }
}
