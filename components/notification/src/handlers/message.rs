//! GET /api/notifications/messages/{id}: one message with what it says, for support and administration.

use super::messages::Message;
use crate::domain::Shop;
use crate::domain::effect::Effect;
use crate::domain::plan::{Batch, Known, Supplies};
use crate::store::{self, Kept};
use crate::token;
use serde::Serialize;
use serde_json::value::RawValue;
use souk_core::event::Event;
use souk_core::id::new_id;
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_host::http::{ApiPath, Identity};
use souk_host::reply::Json;
use souk_host::{ApiError, config};
use utoipa::ToSchema;
use uuid::Uuid;

/// A message with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageContent {
    /// The message.
    #[schema(value_type = Message)]
    message: Box<RawValue>,
    /// Its HTML part, written anew from what caused it. Null for mails with a secret link, after 90 days, and once the
    /// account was deleted. Show it in a frame without scripts.
    #[schema(required)]
    html: Option<String>,
    /// Its text part, likewise.
    #[schema(required)]
    text: Option<String>,
}

/// One message with what it says. For the roles support and admin.
#[utoipa::path(get, path = "/api/notifications/messages/{id}", tag = "notifications", operation_id = "message",
    params(("id" = Uuid, Path, description = "The message.")),
    security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The message", body = MessageContent),
))]
pub async fn message(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<Json<MessageContent>, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let kept = find(id).await?;
    let mail = write_again(&kept).await?.and_then(|effect| effect.message).map(|message| message.mail);
    let view = RawValue::from_string(kept.view).map_err(|error| ApiError::defect(&error.to_string()))?;
    let (html, text) = mail.map(|mail| (mail.html, mail.text)).unzip();
    Ok(Json(MessageContent { message: view, html, text }))
}

/// The message, or a 404.
pub(super) async fn find(id: Uuid) -> Result<Kept, ApiError> {
    let missing = || Problem::not_found("message-not-found", "There is no such message.");
    Ok(store::message(id).await?.ok_or_else(missing)?)
}

/// What the event of a message leads to today, while that event is kept.
pub(super) async fn write_again(kept: &Kept) -> Result<Option<Effect>, ApiError> {
    let Some(source) = &kept.source else { return Ok(None) };
    let defect = |error: &dyn std::fmt::Display| ApiError::defect(&format!("a kept event cannot be used: {error}"));
    let events = [Event::parse(source).map_err(|error| defect(&error))?];
    let batch = Batch::read(&events).map_err(|error| defect(&error))?;
    let known = match batch.ask() {
        Some(ask) => store::known(&ask).await?,
        None => Known::default(),
    };
    let shop_url = config::get("shop_url").await?;
    let supplies = Supplies { shop: &Shop::new(&shop_url), new_id, new_token: token::new };
    let effects = batch.plan(known, supplies).map_err(|error| defect(&error))?;
    Ok(effects.into_iter().next())
}
