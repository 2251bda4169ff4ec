//! The component's export. It does without the SDK's macro and `http` types: a page needs a method, a path and one header,
//! and the component is less than half as large.

use crate::pages::{self, Page};
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
        let reads = matches!(request.get_method(), Method::Get | Method::Head);
        let target = request.get_path_with_query().unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let accept = request.get_headers().get("accept");
        let wants_html = accept.iter().any(|value| String::from_utf8_lossy(value).contains("text/html"));
        send(pages::answer(reads, path, wants_html))
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
        let _ = writer.stream_writer.write_all(page.body.into_bytes()).await;
        drop(writer.stream_writer);
        let _ = writer.result_writer.write(Ok(None)).await;
    });
    Ok(response)
}
