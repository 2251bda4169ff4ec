//! The catalog service: products, variants, categories and search for everybody; changes of them for merchants.
//!
//! Reads come from the cache as finished bytes wherever they can; every change is one SQL statement that also writes its
//! events, and those events are what makes old cached pages go away for sure.

pub mod cache;
pub mod domain;
pub mod events;
pub mod handlers;
pub mod routes;
pub mod store;
pub mod views;

/// The component's entry points; their export names are for a wasm linker only.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)] // in what the macros expand to
mod exports {
    use crate::{events::Catalog, routes::SERVICE};
    use axum::response::Response;
    use bytes::Bytes;
    use spin_sdk::{http::Request, http_service, redis_subscriber};

    #[http_service]
    async fn handle(request: Request) -> Response {
        souk_host::http::serve(&SERVICE, request).await
    }

    #[redis_subscriber]
    async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
        souk_host::consumer::drain(&Catalog, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
    }
}
