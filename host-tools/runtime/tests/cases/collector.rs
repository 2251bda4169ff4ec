//! A collector for traces: keeps what the runtime sends over OTLP.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A collector that listens.
pub struct Collector {
    /// What goes into OTEL_EXPORTER_OTLP_ENDPOINT.
    pub endpoint: String,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    /// Starts one on a free port.
    pub async fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(|e| e.to_string())?);
        let received: Arc<Mutex<Vec<u8>>> = Arc::default();
        let sink = received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = sink.clone();
                let service = service_fn(move |request: http::Request<Incoming>| {
                    let sink = sink.clone();
                    async move {
                        if let Ok(body) = request.into_body().collect().await {
                            sink.lock().unwrap().extend_from_slice(&body.to_bytes());
                        }
                        Ok::<_, Infallible>(http::Response::new(Full::<Bytes>::default()))
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Ok(Self { endpoint, received })
    }

    /// Whether `text` is in what came so far (protobuf keeps strings as they are).
    pub fn has(&self, text: &str) -> bool {
        self.has_bytes(text.as_bytes())
    }

    /// Whether the id of a trace or span is in what came so far.
    pub fn has_id(&self, digits: &str) -> bool {
        let bytes: Vec<u8> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).expect("hexadecimal digits"))
            .collect();
        self.has_bytes(&bytes)
    }

    fn has_bytes(&self, bytes: &[u8]) -> bool {
        self.received.lock().unwrap().windows(bytes.len()).any(|window| window == bytes)
    }
}
