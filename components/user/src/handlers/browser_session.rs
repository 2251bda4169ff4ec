//! POST /api/users/session/refresh, /end and /guest: what browsers do with the tokens that they keep in cookies.

use super::guest::GuestToken;
use super::signed_in::{SignedIn, new_secret, secret_answer};
use crate::browser::{self, Browser};
use crate::client::Client;
use crate::domain::cookie::{GUEST, SESSION};
use crate::domain::guest::GUEST_TOKEN_TTL_S;
use crate::domain::rotation::Rotation;
use crate::domain::secret::RefreshToken;
use crate::{config, store};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::identity::{self, now_s};

/// Exchanges the refresh token of the cookie `souk_session` for the next one, and gives a new access token. A cookie may
/// be sent once more within ten seconds, since a page that is left misses the answer; later it ends the session.
#[utoipa::path(post, path = "/api/users/session/refresh", tag = "accounts", operation_id = "refresh_browser_session",
    params(("Souk-Session" = String, Header, description = "Always `cookie`", pattern = "^cookie$", example = "cookie")),
    security(()), responses(
    (status = 200, description = "Still signed in; `refresh_token` is null and the next one in the cookie", body = SignedIn),
    (status = 401, description = "invalid-refresh-token: no cookie, over, or signed out; refresh-token-reused: the session \
                                  has been ended. The cookie is taken away"),
))]
pub async fn refresh(browser: Browser) -> Result<Response, ApiError> {
    let Some(presented) = browser.cookie(SESSION).and_then(RefreshToken::parse) else { return Ok(over(false)) };
    // Before the token is spent: without a key there is no way to answer.
    config::signing().await?;
    let next = new_secret()?;
    match store::renew(&presented, &next).await? {
        Rotation::Rotated { account } => Ok(SignedIn::new(account, &next).await?.into_cookie_answer(StatusCode::OK)),
        Rotation::Reused => Ok(over(true)),
        Rotation::Expired | Rotation::Revoked | Rotation::Unknown => Ok(over(false)),
    }
}

/// Ends the session of the cookie and takes the cookies away, a guest's, too. Whoever was signed out already stays so.
#[utoipa::path(post, path = "/api/users/session/end", tag = "accounts", operation_id = "end_browser_session",
    params(("Souk-Session" = String, Header, description = "Always `cookie`", pattern = "^cookie$", example = "cookie")),
    security(()), responses(
    (status = 204, description = "Signed out; the access token still runs out by itself"),
))]
pub async fn end(browser: Browser) -> Result<Response, ApiError> {
    if let Some(token) = browser.cookie(SESSION).and_then(RefreshToken::parse) {
        store::sign_out(&token).await?;
    }
    Ok(browser::drop_cookie(browser::drop_cookie(StatusCode::NO_CONTENT.into_response(), SESSION), GUEST))
}

/// The guest that this browser is: the one of the cookie `souk_guest`, or a new one.
#[utoipa::path(post, path = "/api/users/session/guest", tag = "accounts", operation_id = "become_browser_guest",
    params(("Souk-Session" = String, Header, description = "Always `cookie`", pattern = "^cookie$", example = "cookie")),
    security(()), responses(
    (status = 200, description = "The guest that the browser was before", body = GuestToken),
    (status = 201, description = "A new guest", body = GuestToken),
    (status = 429, description = "too-many-requests: too many new guests from one client address"),
))]
pub async fn guest(browser: Browser, client: Client) -> Result<Response, ApiError> {
    if let Some(token) = browser.cookie(GUEST)
        && let Ok(claims) = identity::verify(token).await
        && claims.is_guest()
    {
        let expires_in = claims.exp.saturating_sub(now_s());
        return Ok(secret_answer(StatusCode::OK, &GuestToken::again(claims.sub, token, expires_in)));
    }
    let guest = GuestToken::new(&client).await?;
    let answer = secret_answer(StatusCode::CREATED, &guest);
    Ok(browser::keep(answer, GUEST, guest.reveal(), GUEST_TOKEN_TTL_S))
}

/// 401, and the browser forgets the cookie.
fn over(was_reused: bool) -> Response {
    let problem = if was_reused {
        let detail = "This token had been used before, so its session was ended to be safe. Sign in again.";
        Problem::unauthorized("refresh-token-reused", detail)
    } else {
        Problem::unauthorized("invalid-refresh-token", "This session is over. Sign in again.")
    };
    browser::drop_cookie(ApiError::from(problem).into_response(), SESSION)
}
