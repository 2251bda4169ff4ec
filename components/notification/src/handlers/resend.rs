//! POST /api/notifications/messages/{id}/resend: sends a message again, as a new one, for whoever says it never came.

use super::message::{find, write_again};
use super::messages::Message;
use crate::domain::effect::Effect;
use crate::domain::effect::Message as NewMessage;
use crate::store;
use axum::http::StatusCode;
use axum::response::Response;
use souk_core::id::new_id;
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_host::http::{ApiPath, Identity, RequestContext};
use souk_host::reply::json_text;
use souk_host::{ApiError, outbox};
use uuid::Uuid;

/// Sends a message again, to where its recipient's mails go now, in the language chosen now. An address that bounced is
/// tried again. For the roles support and admin; `resent_by` of the new message says who it was.
#[utoipa::path(post, path = "/api/notifications/messages/{id}/resend", tag = "notifications",
    operation_id = "resend_message", params(("id" = Uuid, Path, description = "The message.")),
    security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 202, description = "The new message, on its way", body = Message),
    (status = 409, description = "not-kept: there is nothing to send again; resend-under-way: it is being sent; \
                                  unwanted: its recipient does not want such mails"),
))]
pub async fn resend(
    identity: Identity,
    context: RequestContext,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Response, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let kept = find(id).await?;
    let Some((Effect { message: Some(message), source, occurred_at, .. }, to)) =
        write_again(&kept).await?.zip(kept.address)
    else {
        let detail = "What this message was made from is not kept (any more): it holds a secret link, is older than 90 \
                      days, or its account was deleted.";
        return Err(Problem::conflict("not-kept", detail).into());
    };
    let mut message = NewMessage { resend_of: Some(id), resent_by: Some(identity.0.sub), ..message };
    message.mail.to = to;
    message.traceparent = Some(context.traceparent);
    let effect = Effect {
        id: new_id(),
        occurred_at,
        person: None,
        erase: None,
        contact: None,
        message: Some(message),
        source,
        report: None,
    };
    match store::resend(&effect).await? {
        (outcome, Some(view)) if outcome == "ok" => {
            outbox::hint("notification");
            Ok(json_text(StatusCode::ACCEPTED, view))
        }
        (outcome, _) if outcome == "under_way" => {
            let detail = "This message, or a copy of it, is being sent right now. Wait until it is settled.";
            Err(Problem::conflict("resend-under-way", detail).into())
        }
        _ => {
            let detail = "Its recipient does not want such mails; nothing was sent.";
            Err(Problem::conflict("unwanted", detail).into())
        }
    }
}
