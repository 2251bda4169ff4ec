//! Browsers of ours: they say `Souk-Session: cookie` and get what speaks for somebody as a cookie that no script can read.
//!
//! The header is also the answer to forged requests: another site's page cannot send it without asking this shop first
//! (CORS), and is refused. `SameSite=Strict` alone would do in today's browsers; together neither is trusted alone.

use crate::domain::cookie;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use axum::response::Response;
use souk_core::problem::Problem;
use souk_host::ApiError;

/// The header by which a browser of ours makes itself known.
pub const HEADER: &str = "souk-session";

/// Whether the caller wants its refresh token as a cookie.
#[derive(Debug, Clone, Copy)]
pub struct WantsCookie(pub bool);

/// The cookies of a browser that made itself known; without the header the request is refused.
#[derive(Debug, Clone)]
pub struct Browser {
    cookies: String,
}

impl Browser {
    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookie::get(&self.cookies, name)
    }
}

impl<S: Sync> FromRequestParts<S> for WantsCookie {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        wants_cookie(&parts.headers).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Browser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if !wants_cookie(&parts.headers)? {
            let detail =
                "This is for browsers. Send the header `Souk-Session: cookie`, or use token/refresh and logout.";
            return Err(Problem::bad_request("souk-session-missing", detail).into());
        }
        let sent = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        Ok(Self { cookies: sent.collect::<Vec<_>>().join("; ") })
    }
}

fn wants_cookie(headers: &HeaderMap) -> Result<bool, ApiError> {
    match headers.get(HEADER).map(HeaderValue::as_bytes) {
        None => Ok(false),
        Some(b"cookie") => Ok(true),
        Some(_) => Err(Problem::bad_request("souk-session-invalid", "`Souk-Session` is `cookie` or left out.").into()),
    }
}

/// The response with a cookie that is kept for so many seconds.
pub fn keep(mut response: Response, name: &str, value: &str, max_age_s: i64) -> Response {
    // Tokens are base64url and points: always a valid header value.
    if let Ok(value) = HeaderValue::from_str(&cookie::set(name, value, max_age_s)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The response that takes a cookie away.
pub fn drop_cookie(response: Response, name: &str) -> Response {
    keep(response, name, "", 0)
}
