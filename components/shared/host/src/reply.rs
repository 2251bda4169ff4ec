//! JSON response bodies.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// JSON text made elsewhere (by Postgres, by a cache), sent as it is.
#[derive(Debug, Clone)]
pub struct JsonText(pub String);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        json_bytes(StatusCode::OK, self.0)
    }
}

/// A value, sent as JSON. (axum has one too, but together with an extractor that doubles what it costs in wasm.)
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_string(&self.0) {
            Ok(body) => json_bytes(StatusCode::OK, body),
            Err(error) => crate::ApiError::defect(&format!("a response is not JSON: {error}")).into_response(),
        }
    }
}

/// JSON text with a status.
pub fn json_text(status: StatusCode, json: impl Into<String>) -> Response {
    json_bytes(status, json.into())
}

fn json_bytes(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
