//! Response bodies that are JSON text already.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// JSON text made elsewhere (by Postgres, by a cache), sent as it is.
#[derive(Debug, Clone)]
pub struct JsonText(pub String);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        json_bytes(StatusCode::OK, self.0)
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
