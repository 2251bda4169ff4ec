//! The component's two exports. HTTP does without the SDK's macro, which turns every request into `http` types before
//! anything can look at it; what [`crate::fast`] does not answer is handed on exactly as the macro would.

use crate::{
    events::Catalog,
    fast::{Ids, Reply, Wanted},
    routes::SERVICE,
};
use bytes::Bytes;
use spin_sdk::{
    http::{FromRequest, IntoResponse, Request},
    redis_subscriber,
    wasip3::{
        self,
        exports::http::handler::Guest,
        http::types::{self, ErrorCode, Fields, Method},
        http_compat::BodyWriter,
    },
};

struct Catalogue;

wasip3::http::service::export!(Catalogue);

impl Guest for Catalogue {
    async fn handle(request: types::Request) -> Result<types::Response, ErrorCode> {
        if let Some(response) = cached(&request).await {
            return response;
        }
        let request = Request::from_request(request)?;
        let only_head = request.method() == http::Method::HEAD;
        let mut response = souk_host::http::serve(&SERVICE, request).await;
        if only_head {
            // axum leaves the length of the body it left out, and the host takes that for a body cut short.
            response.headers_mut().remove(http::header::CONTENT_LENGTH);
        }
        response.into_response()
    }
}

async fn cached(request: &types::Request) -> Option<Result<types::Response, ErrorCode>> {
    if !matches!(request.get_method(), Method::Get) {
        return None;
    }
    let wanted = Wanted::of(&request.get_path_with_query()?)?;
    let headers = request.get_headers();
    let text = |name: &str| match headers.get(name).pop() {
        None => Some(None),
        Some(value) => String::from_utf8(value).ok().map(Some),
    };
    let ids = Ids::of(text("x-request-id")?, text("traceparent")?)?;
    let if_none_match = headers.get("if-none-match");
    let (answer, cache_control) = wanted.cached().await?;
    Some(send(Reply::of(&answer, cache_control, ids, if_none_match.iter().map(Vec::as_slice))))
}

fn send(reply: Reply) -> Result<types::Response, ErrorCode> {
    let headers = Fields::from_list(&reply.headers).map_err(|_| ErrorCode::HttpProtocolError)?;
    let (mut writer, contents, trailers) = BodyWriter::new();
    let contents = reply.body.is_some().then_some(contents);
    let (response, _) = types::Response::new(headers, contents, trailers);
    // 200 and 304 are valid.
    let _ = response.set_status_code(reply.status);
    wasip3::spawn(async move {
        // A caller who has gone is no failure.
        if let Some(body) = reply.body {
            let _ = writer.stream_writer.write_all(body).await;
        }
        drop(writer.stream_writer);
        let _ = writer.result_writer.write(Ok(None)).await;
    });
    Ok(response)
}

#[redis_subscriber]
async fn on_doorbell(message: Bytes) -> anyhow::Result<()> {
    souk_host::consumer::drain(&Catalog, &message).await.map_err(|error| anyhow::anyhow!(error.0.detail))
}
