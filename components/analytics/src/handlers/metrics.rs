//! Counters for Prometheus. Open like every scrape address, and so sums only: nothing about a person or an order. They
//! are the shop's business all the same, so a gateway must not let this address out (docs/analytics.md).

use crate::{
    domain::exposition::{self, MEDIA_TYPE},
    store,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use souk_host::ApiError;

/// Business counters in the text format of Prometheus. For scrapers inside; gateways do not expose it.
#[utoipa::path(get, path = "/api/analytics/metrics", operation_id = "metrics", tag = "metrics", security(()),
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics() -> Result<Response, ApiError> {
    let text = exposition::render(&store::totals().await?);
    let mut response = text.map_err(|error| ApiError::defect(&format!("metrics: {error}")))?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Ok(response)
}
