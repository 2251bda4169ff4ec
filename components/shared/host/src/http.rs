//! The HTTP side of a service: one axum router per instance, and around it what every service answers alike:
//! OpenAPI document, health, body limits, problem documents for unknown routes, request id and trace context.

pub use crate::openapi::ApiRouter;
use crate::{
    config,
    db::Db,
    documents,
    error::{ApiError, PROBLEM_JSON},
    redis::Redis,
    reply::json_text,
    trace,
};
pub use crate::{
    extract::{ApiJson, ApiPath, ApiQuery, RequestContext},
    identity::{Identity, OptionalIdentity, Shopper},
    reply::JsonText,
};
use axum::{
    Router,
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use souk_core::problem::Problem;
use std::cell::RefCell;
use tower_service::Service as _;
use uuid::Uuid;

/// The largest body of an ordinary route, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;
/// The largest body of a route that takes batches, in bytes.
pub const BATCH_BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What a service tells the shared HTTP layer.
#[derive(Debug)]
pub struct Service {
    /// The service's name, as in `order`.
    pub name: &'static str,
    /// Its API prefix below `/api/`, as in `orders`.
    pub api: &'static str,
    /// Builds the routes, with full paths.
    pub router: fn() -> ApiRouter,
    /// The OpenAPI document, one of [`documents`]: the snapshot in docs/openapi/, which a test compares with the code.
    pub document: &'static [u8],
    /// Full paths that take up to [`BATCH_BODY_LIMIT`].
    pub batch_paths: &'static [&'static str],
}

/// Serves one request: the body of a component's `#[http_service]` function.
pub async fn serve(service: &'static Service, request: spin_sdk::http::Request) -> Response {
    let context = RequestContext {
        traceparent: trace::continue_or_begin(header_text(request.headers(), "traceparent")),
        request_id: request_id(request.headers()),
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_head = method == Method::HEAD;
    let mut response = match common(service, &method, &path).await {
        Some(response) => response,
        None => match buffered(service, request).await {
            Ok(mut request) => {
                request.extensions_mut().insert(context.clone());
                dispatch(service, request).await
            }
            Err(error) => error.into_response(),
        },
    };
    let headers = response.headers_mut();
    for (name, value) in [("x-request-id", &context.request_id), ("traceparent", &context.traceparent)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if is_head {
        // The host compares the announced length with the bytes that it gets, and a HEAD has none.
        headers.remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::empty();
    }
    response
}

/// The routes that every service has.
async fn common(service: &'static Service, method: &Method, path: &str) -> Option<Response> {
    let rest = path.strip_prefix("/api/")?.strip_prefix(service.api)?;
    if !matches!(rest, "/healthz" | "/readyz" | "/openapi.json") || !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    Some(match rest {
        "/healthz" => json_text(StatusCode::OK, r#"{"status":"alive"}"#),
        "/readyz" => match ready().await {
            Ok(()) => json_text(StatusCode::OK, r#"{"status":"ready"}"#),
            Err(error) => error.into_response(),
        },
        _ => match documents::inflate(service.document) {
            Some(text) => json_text(StatusCode::OK, text),
            None => ApiError::defect("the OpenAPI document does not inflate").into_response(),
        },
    })
}

async fn ready() -> Result<(), ApiError> {
    config::get("pg_url").await?;
    Db::connect().await?.rows("SELECT 1", vec![]).await?;
    Redis::events().await?.command("PING", []).await?;
    Ok(())
}

/// The request with its whole body in memory, within the route's limit.
async fn buffered(service: &Service, request: spin_sdk::http::Request) -> Result<http::Request<Body>, ApiError> {
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(http::Request::from_parts(parts, Body::empty()));
    }
    let limit = if service.batch_paths.contains(&parts.uri.path()) { BATCH_BODY_LIMIT } else { BODY_LIMIT };
    let too_large = || Problem::too_large(format!("The body may have at most {} KiB.", limit / 1024));
    let announced = header_text(&parts.headers, "content-length").and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large().into());
    }
    let bytes: Bytes = match Limited::new(body, limit).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => return Err(too_large().into()),
        Err(_) => return Err(Problem::bad_request("body-unreadable", "The body could not be read.").into()),
    };
    Ok(http::Request::from_parts(parts, Body::from(bytes)))
}

/// Routes to the handler; what axum itself refuses becomes a problem document.
async fn dispatch(service: &'static Service, request: http::Request<Body>) -> Response {
    thread_local! {
        static ROUTER: RefCell<Option<Router>> = const { RefCell::new(None) };
    }
    let built = ROUTER.with_borrow(Clone::clone);
    let mut router = built.unwrap_or_else(|| {
        let router = (service.router)().into_router();
        ROUTER.set(Some(router.clone()));
        router
    });
    let response = router.call(request).await.unwrap_or_else(|never| match never {});
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() || is_problem(response.headers()) {
        return response;
    }
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::not_found("no-such-route", "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(405, "Method not allowed", "method-not-allowed", "This address does not take that method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("The body is too large."),
        other if other.is_client_error() => {
            Problem::new(other.as_u16(), "Bad request", "bad-request", "The request cannot be read.")
        }
        other => return ApiError::defect(&format!("a handler answered {other} without a problem")).into_response(),
    };
    let mut rendered = ApiError::from(problem).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        rendered.headers_mut().insert(header::ALLOW, allow.clone());
    }
    rendered
}

fn is_problem(headers: &HeaderMap) -> bool {
    header_text(headers, "content-type").is_some_and(|value| value.starts_with(PROBLEM_JSON))
}

/// The caller's request id when it is a plain short word, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    header_text(headers, "x-request-id")
        .filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
