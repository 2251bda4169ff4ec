//! Outbound HTTP, WASI 0.2 and 0.3: hosts that the manifest does not allow get `HttpRequestDenied`, and requests carry
//! the traceparent of the request being handled unless the guest set one.

use crate::component::Shared;
use crate::manifest::hosts::default_port;
use crate::telemetry;
use bytes::Bytes;
use http::Uri;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use std::sync::Arc;
use wasmtime_wasi_http::p3::RequestOptions;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::{p2, p3};

/// The hooks of one instance.
pub struct OutboundHttp {
    shared: Arc<Shared>,
    /// The trace of the current request.
    pub trace: Option<telemetry::Context>,
}

type SentResponse = (http::Response<UnsyncBoxBody<Bytes, ErrorCode>>, IoFuture);
type IoFuture = Box<dyn Future<Output = Result<(), ErrorCode>> + Send>;

impl OutboundHttp {
    /// Hooks that allow what the component's manifest allows.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, trace: None }
    }

    fn allows(&self, scheme: &str, uri: &Uri) -> bool {
        let Some(host) = uri.host() else { return false };
        let Some(port) = uri.port_u16().or_else(|| default_port(scheme)) else { return false };
        let allowed = self.shared.allowed_hosts.allows(scheme, host, port);
        if !allowed {
            tracing::warn!(
                component = self.shared.id,
                "outbound request to {scheme}://{host}:{port} denied; allow it in allowed_outbound_hosts"
            );
        }
        allowed
    }

    fn add_trace(&self, headers: &mut http::HeaderMap) {
        if let Some(trace) = &self.trace {
            telemetry::inject(trace, headers);
        }
    }
}

impl p3::WasiHttpHooks for OutboundHttp {
    fn send_request(
        &mut self,
        mut request: http::Request<UnsyncBoxBody<Bytes, ErrorCode>>,
        options: Option<RequestOptions>,
        fut: IoFuture,
    ) -> Box<dyn Future<Output = Result<SentResponse, wasmtime_wasi::TrappableError<ErrorCode>>> + Send> {
        drop(fut);
        let scheme = request.uri().scheme_str().unwrap_or("https").to_owned();
        if !self.allows(&scheme, request.uri()) {
            return Box::new(async { Err(ErrorCode::HttpRequestDenied.into()) });
        }
        self.add_trace(request.headers_mut());
        Box::new(async move {
            let (response, io) = p3::default_send_request(request, options).await?;
            Ok((response.map(BodyExt::boxed_unsync), Box::new(io) as IoFuture))
        })
    }
}

impl p2::WasiHttpHooks for OutboundHttp {
    fn send_request(
        &mut self,
        mut request: hyper::Request<p2::body::HyperOutgoingBody>,
        config: p2::types::OutgoingRequestConfig,
    ) -> p2::HttpResult<p2::types::HostFutureIncomingResponse> {
        let scheme = if config.use_tls { "https" } else { "http" };
        if !self.allows(scheme, request.uri()) {
            return Err(p2::bindings::http::types::ErrorCode::HttpRequestDenied.into());
        }
        self.add_trace(request.headers_mut());
        Ok(p2::default_send_request(request, config))
    }
}
