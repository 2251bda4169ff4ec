//! The listener: HTTP/1.1 with keep-alive, one task per connection. On shutdown it takes no new connections, lets
//! requests that are under way finish, and returns when they have.

use super::body::LimitedBody;
use super::router::Router;
use super::{headers, problem};
use crate::component::{Answer, Body, Component};
use crate::error::{Error, Result};
use crate::metrics::Metrics;
use crate::telemetry;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How long a connection may take to send a request's head, or stay open between requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// What answers HTTP requests.
pub struct Server {
    /// Where requests go.
    pub router: Router<Arc<Component>>,
    /// The answer to `/.well-known/spin/info`.
    pub info: String,
    /// Largest request body in bytes.
    pub max_body_bytes: u64,
}

/// Binds `address`.
async fn bind(address: &str) -> Result<(TcpListener, SocketAddr)> {
    let fail = |e| Error::Host(format!("cannot listen on {address}: {e}; is something else using the port?"));
    let listener = TcpListener::bind(address).await.map_err(fail)?;
    let local = listener.local_addr().map_err(fail)?;
    Ok((listener, local))
}

impl Server {
    /// Binds `address` and serves until `shutdown` changes; returns the bound address and the task, which ends when the
    /// last connection has.
    pub async fn start(
        self,
        address: &str,
        shutdown: watch::Receiver<bool>,
    ) -> Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
        let (listener, local) = bind(address).await?;
        let server = Arc::new(self);
        let task = tokio::spawn(accept(listener, shutdown, move |stream, client, shutdown| {
            let server = server.clone();
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { Ok::<_, Infallible>(server.answer(request, client, local).await) }
            });
            serve(stream, service, shutdown)
        }));
        Ok((local, task))
    }

    async fn answer(&self, mut request: Request<Incoming>, client: SocketAddr, local: SocketAddr) -> Response<Body> {
        let started = Instant::now();
        let uri = headers::absolute_uri(std::mem::take(request.uri_mut()), request.headers(), &local);
        match uri.path() {
            "/.well-known/spin/health" => return text("text/plain", "OK"),
            "/.well-known/spin/info" => return text("application/json", &self.info),
            _ => {}
        }
        let Some(found) = self.router.find(uri.path()) else { return problem::bare(StatusCode::NOT_FOUND) };
        let component = &found.route.target;
        let trace =
            telemetry::Context::request(request.method(), &found.route.raw, &component.shared.id, request.headers());
        headers::add_spin_headers(request.headers_mut(), &uri, &found, &client);
        if let Some(trace) = &trace {
            telemetry::inject(trace, request.headers_mut());
        }
        *request.uri_mut() = uri.clone();
        let response = self.call(component, request, trace.clone()).await;
        component.shared.metrics.answered(response.status(), started.elapsed().as_secs_f64());
        if let Some(trace) = trace {
            trace.end_request(response.status());
        }
        response
    }

    async fn call(
        &self,
        component: &Arc<Component>,
        request: Request<Incoming>,
        trace: Option<telemetry::Context>,
    ) -> Response<Body> {
        let is_get = request.method() == Method::GET;
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let request = request.map(|body| LimitedBody::new(body, self.max_body_bytes));
        if declared.is_some_and(|length| length > self.max_body_bytes) {
            return self.too_large();
        }
        let too_large = request.body().too_large();
        let answer = component.handle(request, trace).await;
        if !is_get && too_large.load(Ordering::Acquire) {
            return self.too_large();
        }
        match answer {
            Answer::Response(response) => response,
            Answer::Failed => problem::bare(StatusCode::INTERNAL_SERVER_ERROR),
            Answer::TimedOut => problem::problem(StatusCode::GATEWAY_TIMEOUT, "the component took too long to answer"),
            Answer::DependencyFailed(dependency) => problem::plugin_failed(&dependency),
            Answer::Overloaded => problem::overloaded(),
        }
    }

    fn too_large(&self) -> Response<Body> {
        let detail = format!("the request body is larger than {} bytes", self.max_body_bytes);
        let mut response = problem::problem(StatusCode::PAYLOAD_TOO_LARGE, &detail);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

fn text(content_type: &'static str, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::whole(text.to_owned()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Serves `/metrics` until `shutdown` changes.
pub async fn metrics_server(address: &str, metrics: Metrics, shutdown: watch::Receiver<bool>) -> Result<SocketAddr> {
    let (listener, local) = bind(address).await?;
    tokio::spawn(accept(listener, shutdown, move |stream, _, shutdown| {
        let metrics = metrics.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let metrics = metrics.clone();
            async move {
                let mut response = match request.uri().path() {
                    "/metrics" => Response::new(Body::whole(metrics.render())),
                    _ => return Ok::<_, Infallible>(problem::bare(StatusCode::NOT_FOUND)),
                };
                let content_type = HeaderValue::from_static("text/plain; version=0.0.4");
                response.headers_mut().insert(header::CONTENT_TYPE, content_type);
                Ok(response)
            }
        });
        serve(stream, service, shutdown)
    }));
    Ok(local)
}

/// Takes connections until `shutdown` changes, then waits for them to end.
async fn accept<F, C>(listener: TcpListener, mut shutdown: watch::Receiver<bool>, connection: F)
where
    F: Fn(TcpStream, SocketAddr, watch::Receiver<bool>) -> C,
    C: Future<Output = ()> + Send + 'static,
{
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => {
                    // Without it small responses could wait for the client's acknowledgements.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!("TCP_NODELAY: {error}");
                    }
                    connections.spawn(connection(stream, client, shutdown.clone()));
                }
                Err(error) => {
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = shutdown.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve<S>(stream: TcpStream, service: S, mut shutdown: watch::Receiver<bool>)
where
    S: hyper::service::Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        _ = shutdown.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
    if let Err(error) = result {
        tracing::debug!("a connection ended early: {error}");
    }
}
