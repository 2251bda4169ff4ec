//! The exporter: OTLP requests over the process's own HTTP client and threads.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};

/// An exporter of spans when the environment asks for one. Needs the async runtime that is current.
pub fn exporter() -> Result<Option<SpanExporter>, String> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !set("OTEL_EXPORTER_OTLP_ENDPOINT") && !set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
        return Ok(None);
    }
    let client = OtlpClient {
        client: Client::builder(TokioExecutor::new()).build_http(),
        runtime: tokio::runtime::Handle::current(),
    };
    let exporter = SpanExporter::builder().with_http().with_http_client(client).build();
    exporter.map(Some).map_err(|error| format!("cannot export traces: {error}"))
}

/// Sends OTLP requests on the process's own threads, since the exporter's thread has no reactor.
#[derive(Debug)]
struct OtlpClient {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: tokio::runtime::Handle,
}

#[async_trait::async_trait]
impl HttpClient for OtlpClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let response = self.client.request(request.map(Full::new));
        self.runtime
            .spawn(async move {
                let (parts, body) = response.await?.into_parts();
                let body = body.collect().await?.to_bytes();
                Ok(Response::from_parts(parts, body))
            })
            .await?
    }
}
