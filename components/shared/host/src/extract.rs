//! Extractors whose rejections are problem documents: axum's own are plain text.

use crate::error::ApiError;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
};
use http::{header, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use souk_core::problem::Problem;

/// What a request carries besides its content.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// W3C trace context, handed on in every event.
    pub traceparent: String,
    /// The id under which the request is logged, also in the response's `x-request-id`.
    pub request_id: String,
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ApiError::defect("the request has no context"))
    }
}

/// A JSON body: 415 for another media type, 400 for text that is not JSON, 422 for JSON of another shape.
#[derive(Debug, Clone)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                415,
                "Unsupported media type",
                "not-json",
                "Send the body as JSON with `content-type: application/json`.",
            )
            .into());
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::bad_request("body-unreadable", "The body could not be read."))?;
        parse_json(&body).map(Self)
    }
}

/// Parses a JSON body, with the problem that says what is wrong with it.
pub fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => Problem::unprocessable("invalid-body", format!("The body does not fit: {error}.")).into(),
        _ => Problem::bad_request("malformed-json", format!("The body is not JSON: {error}.")).into(),
    })
}

fn is_json(headers: &http::HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
    })
}

/// Path parameters: a parameter that does not parse names nothing, so the answer is 404.
#[derive(Debug, Clone)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(value) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("not-found", "There is nothing at this address."))?;
        Ok(Self(value))
    }
}

/// Query parameters: 400 when they cannot be read.
#[derive(Debug, Clone)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let value = serde_urlencoded::from_str(query)
            .map_err(|error| Problem::bad_request("invalid-query", format!("The query cannot be read: {error}.")))?;
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_json_and_a_wrong_shape_are_different_problems() {
        let status = |body: &[u8]| parse_json::<Vec<u8>>(body).map_err(|error| error.status());
        assert_eq!(status(b"[1,2]"), Ok(vec![1, 2]));
        assert_eq!(status(b"[1,"), Err(400));
        assert_eq!(status(b""), Err(400));
        assert_eq!(status(b"\xff"), Err(400));
        assert_eq!(status(b"{}"), Err(422));
        assert_eq!(status(b"[300]"), Err(422));
    }

    #[test]
    fn only_json_media_types_are_read_as_json() {
        let verdict = |value: &'static str| {
            let mut headers = http::HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(value));
            is_json(&headers)
        };
        assert!(verdict("application/json; charset=utf-8"));
        assert!(verdict("application/merge-patch+json"));
        assert!(!verdict("text/plain"));
        assert!(!is_json(&http::HeaderMap::new()));
    }
}
