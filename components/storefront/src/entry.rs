//! The component's export. It does without the SDK's macro and `http` types: a page needs a method, a path and three headers,
//! and the component is less than half as large.

use crate::pages::{self, Asked, Page};
use spin_sdk::wasip3::{
    self,
    exports::http::handler::Guest,
    http::types::{ErrorCode, Fields, Method, Request, Response},
    http_compat::BodyWriter,
};

struct Storefront;

wasip3::http::service::export!(Storefront);

impl Guest for Storefront {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let target = request.get_path_with_query().unwrap_or_default();
        let headers = request.get_headers();
        let joined = |name: &str| {
            let values = headers.get(name);
            values.iter().map(|value| String::from_utf8_lossy(value)).collect::<Vec<_>>().join(", ")
        };
        let (accept, accept_encoding) = (joined("accept"), joined("accept-encoding"));
        send(pages::answer(&Asked {
            reads: matches!(request.get_method(), Method::Get | Method::Head),
            path: target.split('?').next().unwrap_or_default(),
            accept: &accept,
            accept_encoding: &accept_encoding,
            if_none_match: &joined("if-none-match"),
        }))
    }
}

fn send(page: Page) -> Result<Response, ErrorCode> {
    let headers: Vec<(String, Vec<u8>)> =
        page.headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    let headers = Fields::from_list(&headers).map_err(|_| ErrorCode::HttpProtocolError)?;
    let (mut writer, contents, trailers) = BodyWriter::new();
    let (response, _) = Response::new(headers, Some(contents), trailers);
    // All of the pages' statuses are valid.
    let _ = response.set_status_code(page.status);
    wasip3::spawn(async move {
        // A caller who has gone is no failure.
        let _ = writer.stream_writer.write_all(page.body.into_owned()).await;
        drop(writer.stream_writer);
        let _ = writer.result_writer.write(Ok(None)).await;
    });
    Ok(response)
}
