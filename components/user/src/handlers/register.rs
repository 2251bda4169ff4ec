//! POST /api/users/register: opens an account, signs it in, and has a verification mail sent to its address.

use super::signed_in::{SignedIn, new_secret};
use crate::browser::WantsCookie;
use crate::client::Client;
use crate::domain::account::Locale;
use crate::domain::password::NewPassword;
use crate::domain::throttle::Counted;
use crate::store::{self, NewAccount};
use crate::{config, throttle};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use souk_core::address::FieldError;
use souk_core::email::Email;
use souk_core::id::new_id;
use souk_core::problem::Problem;
use souk_core::text;
use souk_host::http::{ApiJson, RequestContext};
use souk_host::{ApiError, outbox};
use utoipa::ToSchema;

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Address to sign in with and to write to.
    #[schema(example = "ana@souk.example", format = "email", max_length = 254)]
    email: String,
    /// 10 to 200 characters.
    #[schema(min_length = 10, max_length = 200, format = "password")]
    password: String,
    /// 1 to 100 characters.
    #[schema(example = "Ana Souk", min_length = 1, max_length = 100)]
    name: String,
    /// The language of its mails.
    #[serde(default)]
    #[schema(default = "en")]
    locale: Locale,
}

/// Opens an account and signs it in. A mail asks it to verify its address.
#[utoipa::path(post, path = "/api/users/register", tag = "accounts", request_body = Register, security(()), params(
    ("Souk-Session" = Option<String>, Header, pattern = "^cookie$",
        description = "`cookie`: the refresh token becomes a cookie that no script can read"),
), responses(
    (status = 201, description = "The account, signed in", body = SignedIn),
    (status = 409, description = "email-taken: there is an account with this address"),
    (status = 422, description = "invalid-fields: `errors` names each"),
    (status = 429, description = "too-many-requests: too many new accounts from one client address"),
))]
pub async fn register(
    context: RequestContext,
    client: Client,
    wants: WantsCookie,
    ApiJson(body): ApiJson<Register>,
) -> Result<Response, ApiError> {
    let (email, password, name) = check(&body).map_err(ApiError::fields)?;
    throttle::from_address(Counted::Register, &client).await?;
    // Before anything is written: without a key there is no way to answer.
    config::signing().await?;
    let password_hash = password.hash().map_err(|_| ApiError::defect("a password could not be hashed"))?;
    let account = NewAccount { id: new_id(), email: &email, name, locale: body.locale, password_hash: &password_hash };
    let (session, verification) = (new_secret()?, new_secret()?);
    let registered = store::register(&account, &session, client.device(), &verification, &context.traceparent);
    let account = registered.await.map_err(|error| {
        if error.is_constraint("accounts_email_key") {
            let detail = "There is an account with this address already. Sign in, or use another address.";
            Problem::conflict("email-taken", detail).into()
        } else {
            ApiError::from(error)
        }
    })?;
    outbox::hint("user");
    Ok(SignedIn::new(account, &session).await?.into_wanted_answer(StatusCode::CREATED, wants))
}

fn check(body: &Register) -> Result<(Email, NewPassword, &str), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut refuse = |field: &str, message: String| errors.push(FieldError { field: field.to_owned(), message });
    let email = Email::parse(&body.email).map_err(|error| refuse("email", error.to_string())).ok();
    let password = NewPassword::parse(&body.password, body.email.trim())
        .map_err(|error| refuse("password", error.to_string()))
        .ok();
    let name = text::line(&body.name, 1, 100).map_err(|error| refuse("name", error.to_string())).ok();
    match (email, password, name) {
        (Some(email), Some(password), Some(name)) => Ok((email, password, name)),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(email: &str, password: &str, name: &str) -> Register {
        Register { email: email.into(), password: password.into(), name: name.into(), locale: Locale::En }
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let errors = check(&body("ana@souk", "short", " \n")).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["email", "password", "name"]);
        assert!(errors.iter().all(|error| !error.message.contains("short")));
    }

    #[test]
    fn a_good_registration_passes_trimmed() {
        let body = body(" Ana@Souk.Example ", " ten chars ", " Ana ");
        let (email, _, name) = check(&body).unwrap();
        assert_eq!((email.as_str(), name), ("ana@souk.example", "Ana"));
    }

    #[test]
    fn mails_are_in_english_unless_another_language_is_asked_for() {
        let read = |locale: &str| {
            let json = format!(r#"{{"email":"a@b.example","password":"x","name":"A"{locale}}}"#);
            serde_json::from_str::<Register>(&json).map(|body| body.locale)
        };
        assert_eq!(read("").unwrap(), Locale::En);
        assert_eq!(read(r#","locale":"pt""#).unwrap(), Locale::Pt);
        assert!(read(r#","locale":"fr""#).is_err());
    }
}
