//! Counters for Prometheus. Open like every scrape address, and so sums only: nothing about a person or an order.

use crate::{domain::exposition, store};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use souk_host::ApiError;

/// Business counters in the text format of Prometheus.
#[utoipa::path(get, path = "/api/analytics/metrics", tag = "metrics", security(()), responses(
    (status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics() -> Result<Response, ApiError> {
    let mut response = exposition::render(&store::totals().await?).into_response();
    let format = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, format);
    Ok(response)
}
