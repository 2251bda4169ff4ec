//! GET, PATCH and DELETE /api/users/me: the account of whoever asks.

use super::confirm::{confirm, wrong};
use super::fields::{account_gone, refuse};
use crate::client::Client;
use crate::domain::account::{Account, Farewell, Locale};
use crate::store;
use axum::http::StatusCode;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_core::text;
use souk_host::http::{ApiJson, Identity, RequestContext};
use souk_host::reply::Json;
use souk_host::{ApiError, outbox};
use utoipa::ToSchema;

/// What to change; a field that is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// 1 to 100 characters.
    #[schema(example = "Ana Souk", min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The language of its mails.
    locale: Option<Locale>,
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The account's password.
    #[schema(format = "password")]
    password: String,
}

/// The account of the bearer, as it is now.
#[utoipa::path(get, path = "/api/users/me", tag = "accounts", operation_id = "get_me", security(("bearer" = [])), responses(
    (status = 200, description = "The account", body = Account),
    (status = 401, description = "token-missing, token-invalid, or account-gone"),
))]
pub async fn show(identity: Identity) -> Result<Json<Account>, ApiError> {
    store::account(identity.0.sub).await?.map(Json).ok_or_else(account_gone)
}

/// Changes the account of the bearer. The access token keeps the old name until it is refreshed.
#[utoipa::path(patch, path = "/api/users/me", tag = "accounts", operation_id = "change_me", request_body = Change,
    security(("bearer" = [])), responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 422, description = "invalid-fields: `errors` names each"),
    ))]
pub async fn change(
    identity: Identity,
    context: RequestContext,
    ApiJson(body): ApiJson<Change>,
) -> Result<Json<Account>, ApiError> {
    let name = body.name.as_deref().map(|name| text::line(name, 1, 100)).transpose();
    let name = name.map_err(|error| refuse("name", error))?;
    let changed = store::update_profile(identity.0.sub, name, body.locale, &context.traceparent).await?;
    let account = changed.ok_or_else(account_gone)?;
    outbox::hint("user");
    Ok(Json(account))
}

/// Deletes the account of the bearer, with its addresses and sessions, for good. Orders stay without name and address.
/// Access tokens that are out still run out by themselves.
#[utoipa::path(delete, path = "/api/users/me", tag = "accounts", operation_id = "delete_me",
    request_body = Confirmation, security(("bearer" = [])), responses(
        (status = 204, description = "Deleted"),
        (status = 403, description = "wrong-password"),
        (status = 409, description = "admin-account: another admin has to take the role away first"),
        (status = 429, description = "too-many-requests: too many wrong passwords"),
    ))]
pub async fn delete(
    identity: Identity,
    context: RequestContext,
    client: Client,
    ApiJson(body): ApiJson<Confirmation>,
) -> Result<StatusCode, ApiError> {
    let verified = confirm(identity.0.sub, &client, &body.password).await?;
    match store::delete(&verified, &context.traceparent).await? {
        Farewell::Deleted => {
            outbox::hint("user");
            Ok(StatusCode::NO_CONTENT)
        }
        Farewell::Admin => {
            let detail = "An admin's account cannot be deleted. Have another admin take the role away first.";
            Err(Problem::conflict("admin-account", detail).into())
        }
        Farewell::Changed => Err(wrong()),
    }
}
