//! A small HTTP/1.1 client for health checks and for calling the shop's own API.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
pub use hyper::Method;
use hyper::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::error::{LocalError, Result};

/// No answer of the shop is larger.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// A client with pooled connections; clones share them.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    timeout: Duration,
}

/// A whole answer, whatever its status.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// A client whose requests, bodies included, take at most `timeout`.
    pub fn new(timeout: Duration) -> Self {
        Self { pool: Pool::builder(TokioExecutor::new()).build_http(), timeout }
    }

    /// GET.
    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Response> {
        self.send(Method::GET, url, headers, Bytes::new()).await
    }

    /// POST of JSON.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], json: &serde_json::Value) -> Result<Response> {
        self.json(Method::POST, url, headers, json).await
    }

    /// JSON by another method.
    pub async fn json(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        json: &serde_json::Value,
    ) -> Result<Response> {
        let all: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        self.send(method, url, &all, json.to_string().into()).await
    }

    /// Any request.
    pub async fn send(&self, method: Method, url: &str, headers: &[(&str, &str)], body: Bytes) -> Result<Response> {
        let failed = |message: String| LocalError::Http { url: url.to_owned(), message };
        if url.starts_with("https:") {
            return Err(failed("this tool speaks plain HTTP only: use an http:// address or a tunnel".to_owned()));
        }
        let mut builder = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let request = builder.body(Full::new(body)).map_err(|e| failed(format!("not a usable request: {e}")))?;
        let exchange = async {
            let (parts, body) = self.pool.request(request).await.map_err(|e| failed(chain(&e)))?.into_parts();
            let body = Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|e| failed(e.to_string()))?;
            Ok(Response { status: parts.status, headers: parts.headers, body: body.to_bytes() })
        };
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or_else(|_| Err(failed(format!("no answer within {} s", self.timeout.as_secs_f32()))))
    }
}

impl Response {
    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// How long a 429 or 503 asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(RETRY_AFTER).map(HeaderValue::to_str)?.ok()?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// An error with its causes; hyper's own texts say little without them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
