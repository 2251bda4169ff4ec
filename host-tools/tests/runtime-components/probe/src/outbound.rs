//! Requests to other servers, and what a component has not got: sockets and files.

use crate::{Answer, body_json, other, render, text};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use spin_sdk::http::{EmptyBody, Method, Request, send};
use wasip2::http::types::{ErrorCode, Fields, OutgoingRequest, Scheme};

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

/// The same with the interface of WASI 0.2.
pub async fn fetch_p2(request: Request) -> Answer {
    let body = body_json(request).await?;
    let url = body["url"].as_str().unwrap_or_default().parse::<http::Uri>().map_err(other)?;
    render(&match get_p2(&url) {
        Ok(status) => json!({ "status": status }),
        Err(code) => json!({ "error": format!("{code:?}") }),
    })
}

fn get_p2(url: &http::Uri) -> Result<u16, ErrorCode> {
    let failed = |()| ErrorCode::InternalError(None);
    let request = OutgoingRequest::new(Fields::new());
    let scheme = if url.scheme_str() == Some("https") { Scheme::Https } else { Scheme::Http };
    request.set_scheme(Some(&scheme)).map_err(failed)?;
    request.set_authority(url.authority().map(http::uri::Authority::as_str)).map_err(failed)?;
    request.set_path_with_query(Some(url.path())).map_err(failed)?;
    let response = wasip2::http::outgoing_handler::handle(request, None)?;
    response.subscribe().block();
    Ok(response.get().ok_or(ErrorCode::InternalError(None))?.map_err(failed)??.status())
}

/// Opens a TCP connection to `{"address": ...}`.
pub async fn connect(request: Request) -> Answer {
    let body: Value = body_json(request).await?;
    let address = body["address"].as_str().unwrap_or_default();
    text(match std::net::TcpStream::connect(address) {
        Ok(_) => "connected".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    })
}

/// Reads a file.
pub fn read_file(path: &str) -> Answer {
    text(match std::fs::read(path) {
        Ok(bytes) => format!("{} bytes", bytes.len()),
        Err(error) => format!("{:?}", error.kind()),
    })
}
