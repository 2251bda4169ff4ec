//! GET and PATCH /api/notifications/preferences: language and kinds of mails of whoever asks.
//!
//! The account has a language too (PATCH /api/users/me). The last choice counts, wherever it was made: choosing another
//! language there changes it here.

use crate::domain::locale::Locale;
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::address::FieldError;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity, JsonText};
use utoipa::ToSchema;

/// What somebody chose.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preferences {
    /// The language of mails.
    locale: Locale,
    /// Which kinds of mails are sent.
    categories: Categories,
}

/// Which kinds of mails are sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Categories {
    /// About the account itself, as a new password. Always.
    account: bool,
    /// About one's orders. Always.
    orders: bool,
    /// About goods that one asked to be told about.
    stock: bool,
    /// News of the shop; only for those who ask for it.
    news: bool,
}

/// What to change; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The language of mails.
    #[schema(pattern = "^(en|pt)$", example = "pt")]
    locale: Option<String>,
    /// Kinds of mails.
    categories: Option<CategoriesChange>,
}

/// Kinds of mails to switch on or off.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoriesChange {
    /// Can only be true.
    account: Option<bool>,
    /// Can only be true.
    orders: Option<bool>,
    /// About goods that one asked to be told about.
    stock: Option<bool>,
    /// News of the shop.
    news: Option<bool>,
}

/// What the bearer chose.
#[utoipa::path(get, path = "/api/notifications/preferences", tag = "notifications", operation_id = "get_preferences",
    security(("bearer" = [])), responses((status = 200, description = "The preferences", body = Preferences)))]
pub async fn show(identity: Identity) -> Result<JsonText, ApiError> {
    Ok(JsonText(store::preferences(identity.0.sub).await?))
}

/// Changes what the bearer chose.
#[utoipa::path(patch, path = "/api/notifications/preferences", tag = "notifications", request_body = Change,
    operation_id = "change_preferences", security(("bearer" = [])), responses(
    (status = 200, description = "The preferences as they are now", body = Preferences),
    (status = 422, description = "invalid-fields, or category-required: mails about orders and the account cannot be \
                                  switched off"),
))]
pub async fn change(identity: Identity, ApiJson(body): ApiJson<Change>) -> Result<JsonText, ApiError> {
    let locale = body.locale.as_deref().map(|tag| Locale::exactly(tag).ok_or_else(unknown_language)).transpose()?;
    let wanted = body.categories.unwrap_or_default();
    if wanted.account == Some(false) || wanted.orders == Some(false) {
        let detail = "Mails about your orders and your account cannot be switched off. Choose among the others.";
        return Err(Problem::unprocessable("category-required", detail).into());
    }
    Ok(JsonText(store::set_preferences(identity.0.sub, locale, wanted.stock, wanted.news).await?))
}

fn unknown_language() -> ApiError {
    let message = "must be a language that mails are written in: en or pt".to_owned();
    ApiError::fields(vec![FieldError { field: "locale".to_owned(), message }])
}
