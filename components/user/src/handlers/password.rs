//! POST /api/users/password/forgot and /reset: another password for whoever reads the account's mail.
//! POST /api/users/me/password: another password for whoever knows the present one.

use super::confirm::{confirm, wrong};
use super::fields::{refuse, token_over};
use super::signed_in::new_secret;
use crate::client::Client;
use crate::domain::password::NewPassword;
use crate::domain::secret::{RefreshToken, ResetToken};
use crate::domain::throttle::Counted;
use crate::{store, throttle};
use axum::http::StatusCode;
use serde::Deserialize;
use souk_core::email::Email;
use souk_host::http::{ApiJson, Identity, RequestContext};
use souk_host::{ApiError, outbox};
use utoipa::ToSchema;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// The account's address.
    #[schema(example = "ana@souk.example", format = "email", max_length = 254)]
    email: String,
}

/// Another password, and the token of the mail that allows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetBody {
    /// As the mail's link has it. Works once, for an hour.
    token: String,
    /// 10 to 200 characters.
    #[schema(min_length = 10, max_length = 200, format = "password")]
    new_password: String,
}

/// Another password, and the present one that allows it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present password.
    #[schema(format = "password")]
    current_password: String,
    /// 10 to 200 characters.
    #[schema(min_length = 10, max_length = 200, format = "password")]
    new_password: String,
    /// The newest refresh token of the session that is to go on. Without it every session ends, this one too.
    refresh_token: Option<String>,
}

/// Mails a reset token to an address, if it has an account. The answer is the same, after the same work, when it has
/// none, or when the account was sent three such mails within the hour.
#[utoipa::path(post, path = "/api/users/password/forgot", tag = "accounts", request_body = Forgotten, security(()),
    responses(
        (status = 202, description = "If there is such an account, a mail is on its way"),
        (status = 429, description = "too-many-requests: too many such wishes from one client address"),
    ))]
pub async fn forgot(
    context: RequestContext,
    client: Client,
    ApiJson(body): ApiJson<Forgotten>,
) -> Result<StatusCode, ApiError> {
    let email = Email::parse(&body.email).map_err(|error| refuse("email", error))?;
    throttle::from_address(Counted::Forgot, &client).await?;
    if throttle::mail(&Counted::Forgot.of_email(email.as_str())).await? {
        store::request_reset(&email, &new_secret()?, &context.traceparent).await?;
        outbox::hint("user");
    }
    Ok(StatusCode::ACCEPTED)
}

/// Sets another password and ends every session of the account. Its address counts as verified: the mail arrived.
#[utoipa::path(post, path = "/api/users/password/reset", tag = "accounts", request_body = ResetBody, security(()),
    operation_id = "reset_password", responses(
        (status = 204, description = "The password is changed; sign in with it"),
        (status = 422, description = "invalid-token: unknown, used or too old; invalid-fields: the password"),
    ))]
pub async fn reset(context: RequestContext, ApiJson(body): ApiJson<ResetBody>) -> Result<StatusCode, ApiError> {
    let token = ResetToken::parse(&body.token).ok_or_else(token_over)?;
    // Looked up before anything is hashed: noise must not cost the processor what a password costs.
    let email = store::reset_email(&token).await?.ok_or_else(token_over)?;
    let password_hash = hash(&body.new_password, &email)?;
    if !store::reset_password(&token, &password_hash, &context.traceparent).await? {
        return Err(token_over());
    }
    outbox::hint("user");
    // The password is changed, whatever comes now: without Redis the account rests a little longer, and the log says so.
    drop(throttle::forgive(&email).await);
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the bearer's password. Every other session ends; this one goes on when its refresh token is sent along.
/// Access tokens run out by themselves.
#[utoipa::path(post, path = "/api/users/me/password", tag = "accounts", request_body = PasswordChange,
    operation_id = "change_password", security(("bearer" = [])), responses(
        (status = 204, description = "The password is changed"),
        (status = 403, description = "wrong-password: not the present one"),
        (status = 422, description = "invalid-fields: the new password"),
        (status = 429, description = "too-many-requests: too many wrong passwords"),
    ))]
pub async fn change(
    identity: Identity,
    context: RequestContext,
    client: Client,
    ApiJson(body): ApiJson<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    if body.new_password == body.current_password {
        return Err(refuse("new_password", "must differ from the present one"));
    }
    let verified = confirm(identity.0.sub, &client, &body.current_password).await?;
    let password_hash = hash(&body.new_password, &verified.email)?;
    let keep = body.refresh_token.as_deref().and_then(RefreshToken::parse);
    if !store::change_password(&verified, &password_hash, keep.as_ref(), &context.traceparent).await? {
        return Err(wrong());
    }
    outbox::hint("user");
    Ok(StatusCode::NO_CONTENT)
}

fn hash(password: &str, email: &str) -> Result<String, ApiError> {
    let password = NewPassword::parse(password, email).map_err(|error| refuse("new_password", error))?;
    password.hash().map_err(|_| ApiError::defect("a password could not be hashed"))
}
