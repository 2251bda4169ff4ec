//! Problem documents (RFC 9457): the one shape of every error that leaves a service.
//!
//! `type` is `urn:souk:problem:<slug>` and stable, `title` and `detail` are for people, extension members carry what
//! a client can act on. Internals never go in here: they are logged where they happen.

use serde::Serialize;
use serde_json::{Map, Value};

/// An error as the caller sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// `urn:souk:problem:<slug>`; clients switch on it.
    #[serde(rename = "type")]
    pub type_: String,
    /// Short name of the kind of problem.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened, to what, and what to do next.
    pub detail: String,
    /// Seconds to wait before another try; sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
    /// Extension members.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
}

impl Problem {
    /// A problem with any status; prefer the named constructors.
    pub fn new(status: u16, title: &'static str, slug: &str, detail: impl Into<String>) -> Self {
        Self {
            type_: format!("urn:souk:problem:{slug}"),
            title,
            status,
            detail: detail.into(),
            retry_after_s: None,
            extensions: Map::new(),
        }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(400, "Bad request", slug, detail)
    }

    /// 401: no valid credentials.
    pub fn unauthorized(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(401, "Sign in first", slug, detail)
    }

    /// 403: valid credentials, but not allowed.
    pub fn forbidden(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(403, "Not allowed", slug, detail)
    }

    /// 404: no such thing, or not the caller's.
    pub fn not_found(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(404, "Not found", slug, detail)
    }

    /// 409: the state of the thing does not allow it.
    pub fn conflict(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(409, "Conflict", slug, detail)
    }

    /// 410: it was there and is gone.
    pub fn gone(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(410, "Gone", slug, detail)
    }

    /// 412: `If-Match` did not match.
    pub fn precondition_failed(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(412, "Changed in the meantime", slug, detail)
    }

    /// 413: the body is too large.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(413, "Too large", "body-too-large", detail)
    }

    /// 422: readable, but its content does not pass.
    pub fn unprocessable(slug: &str, detail: impl Into<String>) -> Self {
        Self::new(422, "Cannot be accepted", slug, detail)
    }

    /// 429: too often.
    pub fn too_many_requests(retry_after_s: u32) -> Self {
        Self::new(429, "Too many requests", "too-many-requests", format!("Try again in {retry_after_s} s."))
            .retry_after(retry_after_s)
    }

    /// 503: something the service needs is away for the moment.
    pub fn unavailable(retry_after_s: u32) -> Self {
        Self::new(
            503,
            "Temporarily unavailable",
            "unavailable",
            "A part of the shop is not answering right now. Nothing was changed; try again shortly.",
        )
        .retry_after(retry_after_s)
    }

    /// 500: a defect. Says nothing about it; the log does.
    pub fn internal() -> Self {
        Self::new(
            500,
            "Something went wrong",
            "internal",
            "The request failed on our side. Nothing you sent caused it.",
        )
    }

    /// Adds an extension member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.extensions.insert(name.to_owned(), value);
        }
        self
    }

    /// Sets `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_rfc_9457_says() {
        let problem = Problem::conflict("price-changed", "Prices changed.").with("total", 5);
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            serde_json::json!({
                "type": "urn:souk:problem:price-changed", "title": "Conflict", "status": 409,
                "detail": "Prices changed.", "total": 5
            })
        );
    }
}
