//! GET and PATCH /api/users/me: the account of whoever asks.

use crate::domain::account::Account;
use crate::store;
use serde::Deserialize;
use souk_core::address::FieldError;
use souk_core::problem::Problem;
use souk_core::text;
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity};
use souk_host::reply::Json;
use utoipa::ToSchema;

/// What to change; a field that is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// 1 to 100 characters.
    #[schema(example = "Ana Souk", min_length = 1, max_length = 100)]
    name: Option<String>,
}

/// The account of the bearer, as it is now.
#[utoipa::path(get, path = "/api/users/me", tag = "accounts", operation_id = "get_me", security(("bearer" = [])), responses(
    (status = 200, description = "The account", body = Account),
    (status = 401, description = "token-missing, token-invalid, or account-gone"),
))]
pub async fn show(identity: Identity) -> Result<Json<Account>, ApiError> {
    store::account(identity.0.sub).await?.map(Json).ok_or_else(gone)
}

/// Changes the account of the bearer. The access token keeps the old name until it is refreshed.
#[utoipa::path(patch, path = "/api/users/me", tag = "accounts", request_body = Change, security(("bearer" = [])), responses(
    (status = 200, description = "The account as it is now", body = Account),
    (status = 422, description = "invalid-fields: `errors` names each"),
))]
pub async fn change(identity: Identity, ApiJson(body): ApiJson<Change>) -> Result<Json<Account>, ApiError> {
    let name =
        body.name.as_deref().map(|name| text::line(name, 1, 100)).transpose().map_err(|error| {
            ApiError::fields(vec![FieldError { field: "name".to_owned(), message: error.to_string() }])
        })?;
    store::rename(identity.0.sub, name).await?.map(Json).ok_or_else(gone)
}

fn gone() -> ApiError {
    Problem::unauthorized("account-gone", "The account of this token does not exist any more.").into()
}
