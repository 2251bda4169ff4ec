//! POST /api/users/verify-email: proves the address with the token of a mail.
//! POST /api/users/me/verify-email: asks for another mail.

use super::fields::{account_gone, token_over};
use super::signed_in::new_secret;
use crate::domain::secret::VerificationToken;
use crate::domain::throttle::Counted;
use crate::store::{self, Requested};
use crate::throttle;
use axum::http::StatusCode;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::http::{ApiJson, Identity, RequestContext};
use souk_host::{ApiError, outbox};
use utoipa::ToSchema;

/// The token of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// As the mail's link has it. Works once, for 24 hours.
    token: String,
}

/// Proves an account's address. Needs no sign-in: the mail may be read on another device.
#[utoipa::path(post, path = "/api/users/verify-email", tag = "accounts", request_body = Verification, security(()),
    responses(
        (status = 204, description = "The address is verified"),
        (status = 422, description = "invalid-token: unknown, used or too old"),
    ))]
pub async fn verify_email(ApiJson(body): ApiJson<Verification>) -> Result<StatusCode, ApiError> {
    let token = VerificationToken::parse(&body.token).ok_or_else(token_over)?;
    if store::verify_email(&token).await? { Ok(StatusCode::NO_CONTENT) } else { Err(token_over()) }
}

/// Mails another verification token to the bearer's address; earlier ones work until one is used or they are too old.
#[utoipa::path(post, path = "/api/users/me/verify-email", tag = "accounts", security(("bearer" = [])), responses(
    (status = 202, description = "A mail is on its way"),
    (status = 409, description = "email-verified: there is nothing left to do"),
    (status = 429, description = "too-many-requests: three mails an hour"),
))]
pub async fn request_verification(identity: Identity, context: RequestContext) -> Result<StatusCode, ApiError> {
    let account = store::account(identity.0.sub).await?.ok_or_else(account_gone)?;
    if account.email_verified {
        return Err(verified());
    }
    throttle::mail_or_refuse(&Counted::Verify.of_account(account.id)).await?;
    match store::request_verification(account.id, &new_secret()?, &context.traceparent).await? {
        Requested::Sent => {
            outbox::hint("user");
            Ok(StatusCode::ACCEPTED)
        }
        Requested::Verified => Err(verified()),
        Requested::Gone => Err(account_gone()),
    }
}

fn verified() -> ApiError {
    Problem::conflict("email-verified", "The address of this account is verified already.").into()
}
