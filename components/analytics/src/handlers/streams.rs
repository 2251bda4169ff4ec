//! How the shop's streams are getting on, for those who operate it. Prometheus has the same from the relay.

use super::require_operator;
use crate::streams::{self, StreamState};
use serde::Serialize;
use souk_host::{ApiError, http::Identity, reply::Json};
use utoipa::ToSchema;

/// All streams.
#[derive(Debug, Serialize, ToSchema)]
pub struct Streams {
    items: Vec<StreamState>,
}

/// Every event stream, how far each of its consumer groups is, and how many events these gave up on.
#[utoipa::path(get, path = "/api/analytics/streams", operation_id = "list_streams", tag = "operations",
    security(("bearer" = ["admin"])), responses((status = 200, body = Streams)))]
pub async fn list(identity: Identity) -> Result<Json<Streams>, ApiError> {
    require_operator(&identity)?;
    Ok(Json(Streams { items: streams::survey().await? }))
}
