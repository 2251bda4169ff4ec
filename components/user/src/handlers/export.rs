//! GET /api/users/me/export: everything that this service knows of the account.

use super::fields::account_gone;
use crate::domain::account::Locale;
use crate::store;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde::Serialize;
use souk_core::token::Role;
use souk_host::ApiError;
use souk_host::http::{Identity, JsonText};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything that the user service knows of an account; secrets are not in it.
#[derive(Serialize, ToSchema)]
pub struct Export {
    /// RFC 3339.
    #[schema(format = "date-time")]
    exported_at: String,
    /// The account.
    account: ExportedAccount,
    /// The addresses that it keeps.
    addresses: Vec<ExportedAddress>,
    /// Its sign-ins: those that go on, and those that ended lately.
    sessions: Vec<ExportedSession>,
    /// Tokens that were mailed to it and would still work.
    mailed_tokens: Vec<ExportedToken>,
}

/// The account itself.
#[derive(Serialize, ToSchema)]
pub struct ExportedAccount {
    id: Uuid,
    #[schema(format = "email")]
    email: String,
    name: String,
    locale: Locale,
    roles: Vec<Role>,
    email_verified: bool,
    #[schema(required, format = "date-time")]
    email_verified_at: Option<String>,
    #[schema(format = "date-time")]
    password_changed_at: String,
    #[schema(required, format = "date-time")]
    disabled_at: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    updated_at: String,
}

/// One address.
#[derive(Serialize, ToSchema)]
pub struct ExportedAddress {
    id: Uuid,
    name: String,
    line1: String,
    #[schema(required)]
    line2: Option<String>,
    city: String,
    postal_code: String,
    #[schema(required)]
    region: Option<String>,
    country: String,
    is_default: bool,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    updated_at: String,
}

/// One sign-in.
#[derive(Serialize, ToSchema)]
pub struct ExportedSession {
    id: Uuid,
    #[schema(required)]
    device: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    last_used_at: String,
    #[schema(format = "date-time")]
    expires_at: String,
    #[schema(required, format = "date-time")]
    ended_at: Option<String>,
    /// As in `logout` or `token_reused`.
    #[schema(required)]
    ended_because: Option<String>,
}

/// One mailed token, without the token.
#[derive(Serialize, ToSchema)]
pub struct ExportedToken {
    /// `verify_email` or `reset_password`.
    purpose: String,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    expires_at: String,
}

/// All that is kept about the bearer's account here, as a file. Orders, payments and messages are at their services.
#[utoipa::path(get, path = "/api/users/me/export", tag = "accounts", operation_id = "export_me",
    security(("bearer" = [])), responses((status = 200, description = "The account's data", body = Export)))]
pub async fn export(identity: Identity) -> Result<impl IntoResponse, ApiError> {
    let json = store::export(identity.0.sub).await?.ok_or_else(account_gone)?;
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"souk-account.json\"")),
    ];
    Ok((headers, JsonText(json)))
}
