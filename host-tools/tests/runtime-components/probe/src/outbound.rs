//! Requests to other servers.

use crate::{Answer, body_json, other, render};
use http_body_util::BodyExt;
use serde_json::json;
use spin_sdk::http::{EmptyBody, Method, Request, send};

/// Requests `{"url": ..., "method": ...}` and reports status and body, or the error code.
pub async fn fetch(request: Request) -> Answer {
    let traceparent = request.headers().contains_key("traceparent");
    let body = body_json(request).await?;
    let method = body["method"].as_str().unwrap_or("GET").parse::<Method>().map_err(other)?;
    let url = body["url"].as_str().unwrap_or_default();
    let outgoing = http::Request::builder().method(method).uri(url).body(EmptyBody::new()).map_err(other)?;
    render(&match send(outgoing).await {
        Ok(response) => {
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.map_err(other)?.to_bytes();
            json!({ "status": status, "body": String::from_utf8_lossy(&body), "traced": traceparent })
        }
        Err(code) => json!({ "error": format!("{code:?}") }),
    })
}
