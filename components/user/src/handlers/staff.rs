//! GET /api/users and /api/users/{id}: accounts as support and admins see them. PATCH /api/users/{id}: admins alone.

use super::fields::refuse;
use crate::domain::account::Locale;
use crate::domain::roles;
use crate::store::{self, Changed, Page};
use serde::{Deserialize, Serialize};
use souk_core::problem::Problem;
use souk_core::token::Role;
use souk_core::{page, text};
use souk_host::ApiError;
use souk_host::http::{ApiJson, ApiPath, ApiQuery, Identity, JsonText};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which accounts, and which page of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// A part of address or name, however its letters are cased.
    #[param(max_length = 100)]
    q: Option<String>,
    /// A role that they have.
    role: Option<Role>,
    /// Whether they are disabled.
    disabled: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    /// Newest first.
    items: Vec<StaffAccount>,
    /// Leads to the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// An account as staff see it.
#[derive(Serialize, ToSchema)]
pub struct StaffAccount {
    /// UUIDv7.
    id: Uuid,
    /// The address it signs in with.
    #[schema(format = "email")]
    email: String,
    /// The name that mails and parcels are addressed to.
    name: String,
    /// The language of its mails.
    locale: Locale,
    /// What it may do.
    roles: Vec<Role>,
    /// Whether a token that was mailed to the address has come back.
    email_verified: bool,
    /// Whether it was disabled.
    disabled: bool,
    /// When it was disabled, RFC 3339.
    #[schema(required, format = "date-time")]
    disabled_at: Option<String>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// When anything about it changed last, RFC 3339.
    #[schema(format = "date-time")]
    updated_at: String,
}

/// What to change; a field that is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// All roles that it has from now on, each once; `guest` is none of them.
    #[schema(min_items = 1, max_items = 4)]
    roles: Option<Vec<Role>>,
    /// True signs it out everywhere and lets it sign in no more.
    disabled: Option<bool>,
}

/// The accounts of the shop.
#[utoipa::path(get, path = "/api/users", tag = "staff", operation_id = "list_accounts", params(Search),
    security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "A page of accounts", body = AccountPage),
        (status = 400, description = "invalid-page or invalid-query"),
    ))]
pub async fn list(identity: Identity, ApiQuery(search): ApiQuery<Search>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let bad = |why: String| ApiError::from(Problem::bad_request("invalid-query", why));
    let q = search.q.as_deref().map(|q| text::line(q, 0, 100)).transpose();
    let pattern = q.map_err(|error| bad(format!("q {error}.")))?.filter(|q| !q.is_empty()).map(text::like_containing);
    let role = search.role.map(roles::wanted).transpose().map_err(|error| bad(format!("role: {error}.")))?;
    let before: Option<Uuid> = search.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let limit = page::limit(search.limit)?;
    let wanted = Page { pattern: pattern.as_deref(), role, disabled: search.disabled, before, limit };
    let (items, last) = store::staff_accounts(&wanted).await?;
    let cursor = last.map_or("null".to_owned(), |id| format!("\"{}\"", page::encode_cursor(&id)));
    Ok(JsonText(format!("{{\"items\":{items},\"next_cursor\":{cursor}}}")))
}

/// One account.
#[utoipa::path(get, path = "/api/users/{id}", tag = "staff", operation_id = "get_account",
    params(("id" = Uuid, Path, description = "The account")),
    security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The account", body = StaffAccount),
        (status = 404, description = "account-unknown"),
    ))]
pub async fn show(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    store::staff_account(id).await?.map(JsonText).ok_or_else(unknown)
}

/// Changes roles, or disables an account and ends its sessions. Roles are in the tokens issued from then on; tokens that
/// are out keep the old ones until they run out, within a quarter of an hour.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "staff", operation_id = "change_account",
    params(("id" = Uuid, Path, description = "The account")), request_body = AccountChange,
    security(("bearer" = ["admin"])), responses(
        (status = 200, description = "The account as it is now", body = StaffAccount),
        (status = 403, description = "role-missing: no admin, or not any more"),
        (status = 404, description = "account-unknown"),
        (status = 409, description = "own-account: admins cannot take their own role or access away"),
        (status = 422, description = "invalid-fields: the roles"),
    ))]
pub async fn change(
    identity: Identity,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(body): ApiJson<AccountChange>,
) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Admin])?;
    let names = body.roles.as_deref().map(roles::names).transpose().map_err(|error| refuse("roles", error))?;
    match store::change_account(identity.0.sub, id, names.as_deref(), body.disabled).await? {
        Changed::Changed(json) => Ok(JsonText(json)),
        Changed::Missing => Err(unknown()),
        Changed::NotAdmin => {
            Err(Problem::forbidden("role-missing", "Your account is not an admin's any more. Sign in again.").into())
        }
        Changed::OwnAccount => {
            let detail = "You cannot take your own admin role or access away. Ask another admin to do it.";
            Err(Problem::conflict("own-account", detail).into())
        }
    }
}

fn unknown() -> ApiError {
    Problem::not_found("account-unknown", "There is no such account.").into()
}
