//! Calls of the shop's API, as a client would make them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use souk_local::http::{Client, Response};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The shop's API at one address, for one caller.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base: String,
    token: Option<String>,
}

/// An answer: status, and the body as JSON (`Null` when it is none).
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type without parameters.
    pub media_type: String,
    /// `Retry-After`, if any.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Value,
}

impl Api {
    /// Nobody's calls to `base`, as in `http://127.0.0.1:9080`.
    pub fn new(base: impl Into<String>) -> Self {
        Self { client: Client::new(Duration::from_secs(40)), base: base.into(), token: None }
    }

    /// The same with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The bearer token, if any.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Any call. `body` is sent as it is.
    pub async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Result<Answer> {
        Ok(Answer::from(self.whole(method, path, headers, body).await?))
    }

    /// Any call, with all that came back.
    pub async fn whole(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Result<Response> {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut all: Vec<(&str, &str)> = headers.to_vec();
        if let Some(bearer) = &bearer {
            all.push(("authorization", bearer));
        }
        let url = format!("{}{path}", self.base);
        let body: Vec<u8> = body.into();
        Ok(self.client.send(method.parse()?, &url, &all, body.into()).await?)
    }

    /// Whether a GET opens a stream: looks at the head of the answer only and hangs up.
    pub async fn opens(&self, path: &str) -> Result<bool> {
        let address = self.base.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        let bearer = self.token.as_ref().map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{bearer}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).await?;
        Ok(head == *b"HTTP/1.1 200")
    }

    /// GET of a page of text.
    pub async fn text(&self, path: &str) -> Result<String> {
        let response =
            self.client.send("GET".parse()?, &format!("{}{path}", self.base), &[], Vec::new().into()).await?;
        Ok(String::from_utf8_lossy(&response.body).into_owned())
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.raw("GET", path, &[], "").await
    }

    /// A call with a JSON body.
    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Result<Answer> {
        self.raw(method, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.json("POST", path, body).await
    }

    /// POST of JSON with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.raw("POST", path, &headers, body.to_string()).await
    }
}

impl Answer {
    /// The body, when the status is `status`.
    pub fn expect(self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "wanted {status}, got {}: {}", self.status, self.body);
        Ok(self.body)
    }

    /// Checks that this is the problem `slug` with `status`, as RFC 9457 says.
    pub fn problem(self, status: u16, slug: &str) -> Result<Value> {
        ensure!(self.status == status, "wanted {status} {slug}, got {}: {}", self.status, self.body);
        self.is_problem()?;
        let type_ = self.body.get("type").and_then(Value::as_str).unwrap_or_default();
        ensure!(type_ == format!("urn:souk:problem:{slug}"), "wanted problem {slug}, got {}", self.body);
        Ok(self.body)
    }

    /// Checks that the answer has the shape of a problem document.
    pub fn is_problem(&self) -> Result<()> {
        ensure!(self.media_type == "application/problem+json", "not a problem document: {self:?}");
        let text = |name: &str| self.body.get(name).and_then(Value::as_str).unwrap_or_default();
        ensure!(text("type").starts_with("urn:souk:problem:"), "no stable type: {}", self.body);
        ensure!(!text("title").is_empty() && !text("detail").is_empty(), "no title or detail: {}", self.body);
        ensure!(self.body.get("status").and_then(Value::as_u64) == Some(u64::from(self.status)), "status differs");
        Ok(())
    }
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        let media_type = response.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            status: response.status.as_u16(),
            media_type: media_type.split(';').next().unwrap_or_default().to_owned(),
            retry_after: response.retry_after(),
            body: response.json(),
        }
    }
}

/// The text at a JSON pointer.
pub fn text(value: &Value, pointer: &str) -> Result<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("no text at {pointer} in {value}"))
}

/// The integer at a JSON pointer.
pub fn int(value: &Value, pointer: &str) -> Result<i64> {
    value.pointer(pointer).and_then(Value::as_i64).with_context(|| format!("no integer at {pointer} in {value}"))
}
