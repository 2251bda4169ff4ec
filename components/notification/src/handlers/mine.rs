//! GET /api/notifications/mine: what was written to whoever asks.

use super::messages::Status;
use super::paging::{Page, page};
use crate::store::Filter;
use serde::{Deserialize, Serialize};
use souk_host::ApiError;
use souk_host::http::{ApiQuery, Identity};
use souk_host::reply::Json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Messages on a page, 1 to 100; 20 when left out.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A message, as its recipient sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MyMessage {
    /// UUIDv7.
    id: Uuid,
    /// Which kind of mail it is.
    #[schema(example = "order_confirmed")]
    template: String,
    /// Its subject line.
    subject: String,
    /// What became of it.
    status: Status,
    /// The order that it is about, if any.
    order_id: Option<Uuid>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
}

/// The messages to the bearer, newest first.
#[utoipa::path(get, path = "/api/notifications/mine", tag = "notifications", params(Ask), security(("bearer" = [])), responses(
    (status = 200, description = "A page of messages", body = Page<MyMessage>),
    (status = 400, description = "invalid-page or invalid-query"),
    (status = 401, description = "token-missing or token-invalid"),
))]
pub async fn mine(identity: Identity, ApiQuery(ask): ApiQuery<Ask>) -> Result<Json<Page<MyMessage>>, ApiError> {
    let filter = Filter { user_id: Some(identity.0.sub), ..Filter::default() };
    page(filter, ask.limit, ask.cursor.as_deref(), |message: &MyMessage| message.id).await.map(Json)
}
