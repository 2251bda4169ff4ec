//! GET /api/notifications/mine: what was written to whoever asks.

use super::messages::Status;
use super::paging::page;
use crate::domain::template::{Category, Template};
use crate::store::Filter;
use serde::{Deserialize, Serialize};
use souk_host::ApiError;
use souk_host::http::{ApiQuery, Identity, JsonText};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Messages on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// A message, as its recipient sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyMessage {
    /// UUIDv7.
    id: Uuid,
    /// Which kind of mail it is.
    template: Template,
    /// What can be done without and what cannot.
    category: Category,
    /// Its subject line; null once the account was deleted.
    #[schema(required)]
    subject: Option<String>,
    /// What became of it.
    status: Status,
    /// The order that it is about, if any.
    #[schema(required)]
    order_id: Option<Uuid>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
}

/// A page of one's own messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyMessagePage {
    /// What is on it.
    items: Vec<MyMessage>,
    /// For the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// The messages to the bearer, newest first.
#[utoipa::path(get, path = "/api/notifications/mine", tag = "notifications", operation_id = "mine", params(Ask),
    security(("bearer" = [])), responses(
    (status = 200, description = "A page of messages", body = MyMessagePage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn mine(identity: Identity, ApiQuery(ask): ApiQuery<Ask>) -> Result<JsonText, ApiError> {
    let filter = Filter { user_id: Some(identity.0.sub), ..Filter::default() };
    page("my_message_view", filter, ask.limit, ask.cursor.as_deref()).await
}
