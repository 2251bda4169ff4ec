//! /api/users/me/addresses: where the account has parcels sent.

use super::fields::account_gone;
use crate::domain::postal::{AddressInput, MOST_ADDRESSES, SavedAddress, SavedAddresses};
use crate::store::{self, Added};
use axum::http::StatusCode;
use axum::response::Response;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, Identity, JsonText};
use souk_host::reply::json_text;
use uuid::Uuid;

/// The addresses of the bearer.
#[utoipa::path(get, path = "/api/users/me/addresses", tag = "addresses", operation_id = "list_addresses",
    security(("bearer" = [])), responses((status = 200, description = "All of them", body = SavedAddresses)))]
pub async fn list(identity: Identity) -> Result<JsonText, ApiError> {
    let items = store::addresses(identity.0.sub).await?;
    Ok(JsonText(format!("{{\"items\":{items}}}")))
}

/// Keeps an address. The first one is the default whatever it says.
#[utoipa::path(post, path = "/api/users/me/addresses", tag = "addresses", operation_id = "add_address",
    request_body = AddressInput, security(("bearer" = [])), responses(
        (status = 201, description = "The address", body = SavedAddress),
        (status = 409, description = "address-limit: there are 20 already"),
        (status = 422, description = "invalid-fields: `errors` names each"),
    ))]
pub async fn add(identity: Identity, ApiJson(body): ApiJson<AddressInput>) -> Result<Response, ApiError> {
    let (address, is_default) = body.check().map_err(ApiError::fields)?;
    match store::add_address(identity.0.sub, &address, is_default).await? {
        Added::Added(json) => Ok(json_text(StatusCode::CREATED, json)),
        Added::Full => {
            let detail = format!("An account keeps {MOST_ADDRESSES} addresses at most. Remove one first.");
            Err(Problem::conflict("address-limit", detail).into())
        }
        Added::Gone => Err(account_gone()),
    }
}

/// One address of the bearer.
#[utoipa::path(get, path = "/api/users/me/addresses/{id}", tag = "addresses", operation_id = "get_address",
    params(("id" = Uuid, Path, description = "The address")), security(("bearer" = [])), responses(
        (status = 200, description = "The address", body = SavedAddress),
        (status = 404, description = "address-unknown"),
    ))]
pub async fn show(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    store::address(identity.0.sub, id).await?.map(JsonText).ok_or_else(unknown)
}

/// Replaces an address of the bearer.
#[utoipa::path(put, path = "/api/users/me/addresses/{id}", tag = "addresses", operation_id = "replace_address",
    params(("id" = Uuid, Path, description = "The address")), request_body = AddressInput,
    security(("bearer" = [])), responses(
        (status = 200, description = "The address as it is now", body = SavedAddress),
        (status = 404, description = "address-unknown"),
        (status = 422, description = "invalid-fields: `errors` names each"),
    ))]
pub async fn replace(
    identity: Identity,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(body): ApiJson<AddressInput>,
) -> Result<JsonText, ApiError> {
    let (address, is_default) = body.check().map_err(ApiError::fields)?;
    store::replace_address(identity.0.sub, id, &address, is_default).await?.map(JsonText).ok_or_else(unknown)
}

/// Forgets an address of the bearer. When it was the default, the one changed last becomes it.
#[utoipa::path(delete, path = "/api/users/me/addresses/{id}", tag = "addresses", operation_id = "remove_address",
    params(("id" = Uuid, Path, description = "The address")), security(("bearer" = [])), responses(
        (status = 204, description = "Forgotten"),
        (status = 404, description = "address-unknown"),
    ))]
pub async fn remove(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<StatusCode, ApiError> {
    if store::remove_address(identity.0.sub, id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

fn unknown() -> ApiError {
    Problem::not_found("address-unknown", "You keep no such address.").into()
}
