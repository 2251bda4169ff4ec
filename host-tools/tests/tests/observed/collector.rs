//! An OpenTelemetry collector that keeps what it gets: OTLP traces over HTTP (protobuf).

use anyhow::Result;
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::status::StatusCode as SpanStatus,
};
use prost::Message;
use std::sync::{Arc, Mutex, PoisonError};

/// One span, ids in hexadecimal.
#[derive(Debug, Clone)]
pub struct Span {
    pub service: String,
    pub name: String,
    pub trace: String,
    pub id: String,
    pub parent: String,
    pub failed: bool,
    pub start_ns: u64,
    pub end_ns: u64,
    attributes: Vec<KeyValue>,
}

impl Span {
    /// An attribute that is a text.
    pub fn attribute(&self, key: &str) -> String {
        text(&self.attributes, key)
    }
}

type Spans = Arc<Mutex<Vec<Span>>>;

/// A running collector.
pub struct Collector {
    endpoint: String,
    spans: Spans,
}

impl Collector {
    /// Listens on a free port of this machine.
    pub async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let spans = Spans::default();
        let router = Router::new().route("/v1/traces", post(receive)).with_state(Arc::clone(&spans));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { endpoint, spans })
    }

    /// What OTEL_EXPORTER_OTLP_ENDPOINT is set to.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The spans of one trace so far.
    pub fn trace(&self, id: &str) -> Vec<Span> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter().filter(|span| span.trace == id).cloned().collect()
    }
}

async fn receive(State(spans): State<Spans>, body: Bytes) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else { return StatusCode::BAD_REQUEST };
    let mut all = spans.lock().unwrap_or_else(PoisonError::into_inner);
    for resource in request.resource_spans {
        let service = resource.resource.map(|resource| text(&resource.attributes, "service.name")).unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            all.push(Span {
                service: service.clone(),
                name: span.name,
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                failed: span.status.is_some_and(|status| status.code == SpanStatus::Error as i32),
                start_ns: span.start_time_unix_nano,
                end_ns: span.end_time_unix_nano,
                attributes: span.attributes,
            });
        }
    }
    StatusCode::OK
}

fn text(attributes: &[KeyValue], key: &str) -> String {
    let value = attributes.iter().find(|attribute| attribute.key == key).and_then(|found| found.value.as_ref());
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
