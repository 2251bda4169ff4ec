//! GET /api/notifications/messages: what was written to anybody, for support and administration.

use super::paging::{Page, page};
use crate::store::Filter;
use serde::{Deserialize, Serialize};
use souk_core::token::Role;
use souk_host::ApiError;
use souk_host::http::{ApiQuery, Identity};
use souk_host::reply::Json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// On its way to the mailer.
    Queued,
    /// Handed over to the recipient's mail server.
    Delivered,
    /// Given up.
    Failed,
}

/// Which messages, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Ask {
    /// Of this user only.
    user_id: Option<Uuid>,
    /// With this status only.
    #[param(inline)]
    status: Option<Status>,
    /// Messages on a page, 1 to 100; 20 when left out.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A message with everything that is known about it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// UUIDv7.
    id: Uuid,
    /// Whose message it is.
    user_id: Uuid,
    /// The address that it goes to.
    to: String,
    /// Which kind of mail it is.
    #[schema(example = "order_confirmed")]
    template: String,
    /// Its subject line.
    subject: String,
    /// What became of it.
    status: Status,
    /// Why delivery was given up.
    error: Option<String>,
    /// The order that it is about, if any.
    order_id: Option<Uuid>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339; when it was delivered or given up.
    #[schema(format = "date-time")]
    settled_at: Option<String>,
}

/// All messages, newest first. For the roles support and admin.
#[utoipa::path(get, path = "/api/notifications/messages", tag = "notifications", params(Ask), security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "A page of messages", body = Page<Message>),
    (status = 400, description = "invalid-page or invalid-query"),
    (status = 403, description = "role-missing"),
))]
pub async fn messages(identity: Identity, ApiQuery(ask): ApiQuery<Ask>) -> Result<Json<Page<Message>>, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let status = ask.status.map(|status| match status {
        Status::Queued => "queued",
        Status::Delivered => "delivered",
        Status::Failed => "failed",
    });
    let filter = Filter { user_id: ask.user_id, status, ..Filter::default() };
    page(filter, ask.limit, ask.cursor.as_deref(), |message: &Message| message.id).await.map(Json)
}
