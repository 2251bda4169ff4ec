//! The one error type of handlers: what the caller sees, with everything else already logged.

use crate::{db::DbError, redis::RedisError};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use souk_core::{address::FieldError, money::MoneyError, page::PageError, problem::Problem};

/// A problem on its way out of a handler.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError(pub Box<Problem>);

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";

impl ApiError {
    /// A defect of ours: `what` goes to the log, the caller learns only that it was not them.
    pub fn defect(what: &str) -> Self {
        eprintln!("{}", serde_json::json!({"level": "error", "message": what}));
        Problem::internal().into()
    }

    /// 422 with one entry for each field that does not pass.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Problem::unprocessable("invalid-fields", "Some fields cannot be accepted; `errors` names each.")
            .with("errors", errors)
            .into()
    }

    /// The HTTP status it leaves with.
    pub fn status(&self) -> u16 {
        self.0.status
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(why) | DbError::Retry(why) => {
                eprintln!("{}", serde_json::json!({"level": "warn", "message": "database unavailable", "why": why}));
                Problem::unavailable(1).into()
            }
            other => Self::defect(&other.to_string()),
        }
    }
}

impl From<RedisError> for ApiError {
    fn from(error: RedisError) -> Self {
        match error {
            RedisError::Unavailable(why) => {
                eprintln!("{}", serde_json::json!({"level": "warn", "message": "redis unavailable", "why": why}));
                Problem::unavailable(1).into()
            }
            other => Self::defect(&other.to_string()),
        }
    }
}

impl From<PageError> for ApiError {
    fn from(error: PageError) -> Self {
        Problem::bad_request("invalid-page", error.to_string()).into()
    }
}

impl From<MoneyError> for ApiError {
    fn from(error: MoneyError) -> Self {
        Problem::unprocessable("invalid-amount", error.to_string()).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
