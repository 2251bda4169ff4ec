//! What Spin adds to a request: the absolute URI and the `spin-*` headers.

use super::router::Match;
use http::uri::{Authority, Scheme, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::SocketAddr;

const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const RAW_COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");

/// The request's URI with scheme and host, the host taken from the Host header or else from the listener's address.
pub fn absolute_uri(uri: Uri, headers: &HeaderMap, local: &SocketAddr) -> Uri {
    if uri.authority().is_some() {
        return uri;
    }
    let host = headers.get(header::HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = host.or_else(|| Authority::try_from(local.to_string()).ok());
    Uri::from_parts(parts).unwrap_or(uri)
}

/// Sets the `spin-*` headers; what a caller sent under these names is replaced.
pub fn add_spin_headers<T>(headers: &mut HeaderMap, uri: &Uri, found: &Match<'_, '_, T>, client: &SocketAddr) {
    let names: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("spin-")).cloned().collect();
    for name in names {
        headers.remove(name);
    }
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(FULL_URL, &uri.to_string());
    set(PATH_INFO, found.tail);
    set(MATCHED_ROUTE, &found.route.raw);
    set(COMPONENT_ROUTE, &found.route.base);
    set(RAW_COMPONENT_ROUTE, &found.route.raw);
    set(BASE_PATH, "/");
    set(CLIENT_ADDR, &client.to_string());
    for (name, value) in &found.params {
        if let Ok(name) = HeaderName::try_from(format!("spin-path-match-{name}")) {
            set(name, value);
        }
    }
}
