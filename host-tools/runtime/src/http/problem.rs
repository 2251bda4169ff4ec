//! The answers the runtime gives by itself: `application/problem+json` (RFC 9457), or Spin's empty bodies.

use crate::component::{Body, dependency};
use http::{HeaderValue, Response, StatusCode, header};

/// A problem document. Its type follows from the status, as in `urn:souk:problem:payload-too-large`, so that a client
/// can tell it apart like those of the components.
pub fn problem(status: StatusCode, detail: &str) -> Response<Body> {
    let slug = status.canonical_reason().unwrap_or("Error").to_lowercase().replace(' ', "-");
    document(status, &slug, detail)
}

/// The dependency `name` of the component failed.
pub fn plugin_failed(name: &str) -> Response<Body> {
    let which = match name {
        dependency::UNKNOWN => "A plug-in".to_owned(),
        name => format!("The plug-in {name}"),
    };
    let detail = format!(
        "{which} failed and the request was stopped. Try again in a moment; if it fails again, its operator must \
         repair or replace it."
    );
    document(StatusCode::BAD_GATEWAY, "plugin-failed", &detail)
}

fn document(status: StatusCode, slug: &str, detail: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or("Error");
    let text = serde_json::json!({ "type": format!("urn:souk:problem:{slug}"), "title": title, "status": status.as_u16(), "detail": detail });
    let mut response = Response::new(Body::whole(text.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Only a status, as Spin answers.
pub fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::whole(""));
    *response.status_mut() = status;
    response
}

/// Too many requests are waiting.
pub fn overloaded() -> Response<Body> {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "too many requests are waiting; try again in a moment");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
