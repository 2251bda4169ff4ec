//! /metrics for Prometheus; /healthz (the process lives) and /readyz (Redis and every database were reached).

use crate::run::Shared;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use futures::FutureExt;
use std::sync::Arc;
use tokio::net::TcpListener;

pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let stop = shared.stop.clone();
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "OK\n" }))
        .route("/readyz", get(readyz))
        .with_state(shared);
    let served = axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await;
    if let Err(error) = served {
        tracing::error!(%error, "the metrics server failed");
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let text = shared.metrics.render(shared.services.values().map(AsRef::as_ref));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

async fn readyz(State(shared): State<Arc<Shared>>) -> (StatusCode, &'static str) {
    match shared.ready().now_or_never() {
        Some(()) => (StatusCode::OK, "OK\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "Redis or a database has not been reached yet\n"),
    }
}
