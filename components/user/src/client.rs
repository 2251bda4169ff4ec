//! The client of a request, for throttling and for the list of sessions.
//!
//! Its address is what the host saw (`spin-client-addr`, which callers cannot forge), or the last hop of
//! X-Forwarded-For when the variable `trusted_proxy` is `true`: when a proxy of ours, and nobody else, can reach this
//! service.

use crate::domain::client::{counted_address, device};
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, request::Parts};
use souk_host::{ApiError, config};

/// Where a request came from.
#[derive(Debug, Clone)]
pub struct Client {
    address: Option<String>,
    device: Option<String>,
}

impl Client {
    /// The address that attempts are counted for.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// What the browser calls itself.
    pub fn device(&self) -> Option<&str> {
        self.device.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = last(&parts.headers, "spin-client-addr");
        let forwarded = last(&parts.headers, "x-forwarded-for");
        let device = device(last(&parts.headers, "user-agent").as_deref());
        let trusted = config::get("trusted_proxy").await? == "true";
        let address = counted_address(peer.as_deref(), forwarded.as_deref().filter(|_| trusted));
        Ok(Self { address, device })
    }
}

/// The last header of this name: a proxy appends, so what came before is the caller's.
fn last(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(name).iter().next_back().and_then(|value| value.to_str().ok()).map(str::to_owned)
}
