//! POST /api/users/login: signs an account in.
//!
//! A wrong password and an unknown address get the same answer after the same work, so that nobody can find out here
//! who has an account.

use super::fields::refuse;
use super::signed_in::{SignedIn, new_secret};
use crate::browser::WantsCookie;
use crate::client::Client;
use crate::domain::password;
use crate::store;
use crate::throttle::{self, Moment};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use souk_core::email::Email;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::ApiJson;
use utoipa::ToSchema;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The account's address.
    #[schema(example = "ana@souk.example", format = "email", max_length = 254)]
    email: String,
    /// Its password.
    #[schema(format = "password")]
    password: String,
}

/// Signs an account in.
#[utoipa::path(post, path = "/api/users/login", tag = "accounts", request_body = Login, security(()), params(
    ("Souk-Session" = Option<String>, Header, pattern = "^cookie$",
        description = "`cookie`: the refresh token becomes a cookie that no script can read"),
), responses(
    (status = 200, description = "Signed in", body = SignedIn),
    (status = 401, description = "invalid-credentials: wrong password, or no such account"),
    (status = 403, description = "account-disabled"),
    (status = 429, description = "too-many-requests: too many wrong passwords for the account, or from the client's \
                                  address; Retry-After says when to come back"),
))]
pub async fn login(client: Client, wants: WantsCookie, ApiJson(body): ApiJson<Login>) -> Result<Response, ApiError> {
    let email = Email::parse(&body.email).map_err(|error| refuse("email", error))?;
    throttle::password(email.as_str(), &client, Moment::Begin).await?;
    let credentials = store::credentials(&email).await?;
    let hash = credentials.as_ref().map(|credentials| credentials.password_hash.as_str());
    if !password::verify(&body.password, hash) {
        throttle::password(email.as_str(), &client, Moment::Failed).await?;
        return Err(wrong());
    }
    throttle::password(email.as_str(), &client, Moment::Passed).await?;
    let verified = credentials.ok_or_else(wrong)?;
    if verified.disabled {
        let detail = "This account has been disabled. Write to us if you think that is a mistake.";
        return Err(Problem::forbidden("account-disabled", detail).into());
    }
    let token = new_secret()?;
    let account = store::sign_in(&verified, &token, client.device()).await?.ok_or_else(wrong)?;
    Ok(SignedIn::new(account, &token).await?.into_wanted_answer(StatusCode::OK, wants))
}

fn wrong() -> ApiError {
    let detail = "Address and password do not match. Check both and try again.";
    Problem::unauthorized("invalid-credentials", detail).into()
}
