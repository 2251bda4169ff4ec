//! Asks for the password once more before something that cannot be undone. Guesses are counted like those of sign-in:
//! a stolen access token is no way around that.

use super::fields::account_gone;
use crate::client::Client;
use crate::domain::account::Credentials;
use crate::domain::password;
use crate::store;
use crate::throttle::{self, Moment};
use souk_core::problem::Problem;
use souk_host::ApiError;
use uuid::Uuid;

/// The credentials of the account, whose password this is; 403 when it is not.
pub async fn confirm(account: Uuid, client: &Client, password: &str) -> Result<Credentials, ApiError> {
    let credentials = store::credentials_of(account).await?.ok_or_else(account_gone)?;
    throttle::password(&credentials.email, client, Moment::Begin).await?;
    if !password::verify(password, Some(&credentials.password_hash)) {
        throttle::password(&credentials.email, client, Moment::Failed).await?;
        return Err(wrong());
    }
    throttle::password(&credentials.email, client, Moment::Passed).await?;
    Ok(credentials)
}

/// 403: not the password, or not any more.
pub fn wrong() -> ApiError {
    Problem::forbidden("wrong-password", "That is not the password of this account.").into()
}
