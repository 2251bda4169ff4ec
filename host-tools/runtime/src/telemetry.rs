//! OTLP traces (http/protobuf), only when OTEL_EXPORTER_OTLP_ENDPOINT is set: one span per request or trigger message,
//! child spans for SQL and Redis. Off, it costs one check per request.

use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context as OtelContext, KeyValue};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::sync::OnceLock;

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Keeps the exporter; [`Exporter::shutdown`] sends what is left.
pub struct Exporter(Option<SdkTracerProvider>);

impl Exporter {
    /// Starts exporting when the environment asks for it.
    pub fn start() -> Result<Self, String> {
        let Some(exporter) = souk_otlp::exporter()? else { return Ok(Self(None)) };
        let resource = Resource::builder().with_service_name("souk-runtime").build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        // A second start in one process keeps the first tracer.
        let _ = TRACER.set(provider.tracer("souk-runtime"));
        Ok(Self(Some(provider)))
    }

    /// Sends the spans that have not been sent yet.
    pub fn shutdown(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!("the last traces could not be sent: {error}");
        }
    }
}

/// The span that the current work belongs to.
#[derive(Clone)]
pub struct Context(OtelContext);

impl Context {
    /// Opens a span for an incoming request, continuing the caller's trace; `None` when tracing is off.
    pub fn request(method: &http::Method, route: &str, component: &str, headers: &HeaderMap) -> Option<Self> {
        let tracer = TRACER.get()?;
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        let span = tracer
            .span_builder(format!("{method} {route}"))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method.to_string()),
                KeyValue::new("http.route", route.to_owned()),
                KeyValue::new("souk.component", component.to_owned()),
            ])
            .start_with_context(tracer, &parent);
        Some(Self(parent.with_span(span)))
    }

    /// Opens a span for a trigger message.
    pub fn message(channel: &str, component: &str) -> Option<Self> {
        let tracer = TRACER.get()?;
        let span = tracer
            .span_builder(format!("message {channel}"))
            .with_kind(SpanKind::Consumer)
            .with_attributes([KeyValue::new("souk.component", component.to_owned())])
            .start(tracer);
        Some(Self(OtelContext::new().with_span(span)))
    }

    /// Opens a child span for a call to a database.
    pub fn child(&self, name: &str) -> Span {
        let context = TRACER.get().map(|tracer| {
            let span =
                tracer.span_builder(name.to_owned()).with_kind(SpanKind::Client).start_with_context(tracer, &self.0);
            self.0.with_span(span)
        });
        Span(context)
    }

    /// Closes the span of a request.
    pub fn end_request(&self, status: http::StatusCode) {
        let span = self.0.span();
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_server_error() {
            span.set_status(Status::error(status.to_string()));
        }
        span.end();
    }

    /// Closes the span of a message.
    pub fn end_message(&self, failed: bool) {
        if failed {
            self.0.span().set_status(Status::error("the handler failed"));
        }
        self.0.span().end();
    }
}

/// A child span.
pub struct Span(Option<OtelContext>);

impl Span {
    /// Closes the span, with what went wrong if something did.
    pub fn end(self, error: Option<String>) {
        if let Some(context) = self.0 {
            if let Some(error) = error {
                context.span().set_status(Status::error(error));
            }
            context.span().end();
        }
    }
}

/// Sets `traceparent` to the current span.
pub fn inject(context: &Context, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&context.0, &mut HeaderInjector(headers));
}

/// A statement's first words: what it does and to which table, never a value (it stops at the first quote or number).
pub fn sql_name(sql: &str) -> String {
    let end = sql.find(|c: char| c == '\'' || c == '$' || c == '"' || c.is_ascii_digit()).unwrap_or(sql.len());
    let sql = sql.get(..end).unwrap_or("");
    let words: Vec<&str> = sql
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .filter(|word| !word.is_empty())
        .take(3)
        .collect();
    format!("sql {}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::sql_name;

    #[test]
    fn a_statements_name_holds_no_value() {
        assert_eq!(sql_name("INSERT INTO item VALUES ('secret')"), "sql INSERT INTO item");
        assert_eq!(sql_name("SELECT 'secret'"), "sql SELECT");
        assert_eq!(sql_name("  SELECT id,\n name FROM item"), "sql SELECT id name");
        assert_eq!(sql_name("SELECT 42"), "sql SELECT");
    }
}
