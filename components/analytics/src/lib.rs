//! The analytics service: it counts what happens on every stream and reports it, and shows operators the streams themselves.
//!
//! One component, two exports: the HTTP API under `/api/analytics`, and the consumer of all streams. It emits nothing.

pub mod domain;
pub mod events;
mod handlers;
mod routes;
mod store;
mod streams;

pub use routes::SERVICE;

/// The component's entry points. On wasm only: native linkers do not take the names that a component exports.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)] // in what the macros expand to
mod exports {
    use crate::{SERVICE, events::Analytics};
    use bytes::Bytes;
    use spin_sdk::{
        http::{IntoResponse, Request},
        http_service, redis_subscriber,
    };

    #[http_service]
    async fn handle(request: Request) -> impl IntoResponse {
        souk_host::http::serve(&SERVICE, request).await
    }

    #[redis_subscriber]
    async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
        souk_host::consumer::drain(&Analytics, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
    }
}
