//! GET /api/notifications/messages: what was written to anybody, for support and administration.

use super::paging::page;
use crate::domain::locale::Locale;
use crate::domain::template::{Category, Template};
use crate::store::Filter;
use serde::{Deserialize, Serialize};
use souk_core::email::Email;
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_host::ApiError;
use souk_host::http::{ApiQuery, Identity, JsonText};
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
    /// Given up: the mail server refused it, or could not be reached for a day.
    Failed,
    /// The mail server says that there is no such address.
    Bounced,
    /// Not sent at all: its recipient does not want such mails, cannot be reached, or is gone.
    Suppressed,
}

impl Status {
    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
            Self::Suppressed => "suppressed",
        }
    }
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
    /// Of this kind only.
    #[param(inline)]
    template: Option<Template>,
    /// To this address only.
    #[param(format = "email", max_length = 254)]
    recipient: Option<String>,
    /// About this order only.
    order_id: Option<Uuid>,
    /// Messages on a page; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// A message with everything that is known about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// UUIDv7.
    id: Uuid,
    /// Whose message it is.
    user_id: Uuid,
    /// The address that it goes to; null once the account was deleted.
    #[schema(required)]
    to: Option<String>,
    /// Which kind of mail it is.
    template: Template,
    /// What somebody can or cannot do without.
    category: Category,
    /// The language that it is in.
    locale: Locale,
    /// Its subject line; null once the account was deleted.
    #[schema(required)]
    subject: Option<String>,
    /// What became of it.
    status: Status,
    /// Why it did not arrive, in the mail server's words where it was the one to refuse it.
    #[schema(required)]
    error: Option<String>,
    /// The order that it is about, if any.
    #[schema(required)]
    order_id: Option<Uuid>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// RFC 3339; when it was delivered or given up.
    #[schema(required, format = "date-time")]
    settled_at: Option<String>,
    /// The message that this one repeats.
    #[schema(required)]
    resend_of: Option<Uuid>,
    /// Who sent it again.
    #[schema(required)]
    resent_by: Option<Uuid>,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// What is on it.
    items: Vec<Message>,
    /// For the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// All messages, newest first. For the roles support and admin.
#[utoipa::path(get, path = "/api/notifications/messages", tag = "notifications", operation_id = "messages", params(Ask),
    security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "A page of messages", body = MessagePage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn messages(identity: Identity, ApiQuery(ask): ApiQuery<Ask>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let recipient = ask
        .recipient
        .as_deref()
        .map(Email::parse)
        .transpose()
        .map_err(|error| Problem::bad_request("invalid-query", format!("recipient is {error}.")))?;
    let filter = Filter {
        user_id: ask.user_id,
        status: ask.status.map(Status::as_str),
        template: ask.template.map(Template::as_str),
        recipient: recipient.as_ref().map(Email::as_str),
        order_id: ask.order_id,
        before: None,
    };
    page("message_view", filter, ask.limit, ask.cursor.as_deref()).await
}
