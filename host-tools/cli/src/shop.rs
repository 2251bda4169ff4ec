//! The shop's HTTP API, as far as the operator's commands use it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use souk_local::http::{Client, Method, Response};

/// A shop at an address, and after signing in the token to speak with.
pub struct Shop {
    client: Client,
    base: String,
    token: Option<String>,
}

/// How often a 429 or 503 is tried again; each says how long to wait.
const ATTEMPTS: u32 = 20;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl Shop {
    pub fn at(base: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { client: Client::new(Duration::from_secs(60)), base, token: None }
    }

    /// Speaks with an access token from now on.
    pub fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// Signs in and speaks with that account's token from now on.
    pub async fn sign_in(self, email: &str, password: &str) -> Result<Self> {
        let answer = self.post("/api/users/login", &json!({"email": email, "password": password})).await;
        let answer = answer.with_context(|| format!("signing in as {email}"))?;
        let token = answer.get("access_token").and_then(Value::as_str).context("the shop's login sent no token")?;
        let token = token.to_owned();
        Ok(self.with_token(token))
    }

    /// Makes an account; one that exists already is fine.
    pub async fn register(&self, email: &str, password: &str, name: &str) -> Result<()> {
        let body = json!({"email": email, "password": password, "name": name});
        self.post_new("/api/users/register", &body).await.with_context(|| format!("registering {email}"))
    }

    /// POST that makes something; what is there already is fine.
    pub async fn post_new(&self, path: &str, body: &Value) -> Result<()> {
        let response = self.attempt(Method::POST, path, body).await?;
        match response.status.as_u16() {
            201 | 409 => Ok(()),
            _ => Err(refusal(path, &response)),
        }
    }

    /// POST that must succeed; the answer's JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let response = self.attempt(Method::POST, path, body).await?;
        if response.status.is_success() { Ok(response.json()) } else { Err(refusal(path, &response)) }
    }

    /// PUT that must succeed.
    pub async fn put(&self, path: &str, body: &Value) -> Result<()> {
        let response = self.attempt(Method::PUT, path, body).await?;
        if response.status.is_success() { Ok(()) } else { Err(refusal(path, &response)) }
    }

    async fn attempt(&self, method: Method, path: &str, body: &Value) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|value| ("authorization", value.as_str())).collect();
        for attempt in 1.. {
            let response = self.client.json(method.clone(), &url, &headers, body).await;
            let response = response.with_context(|| format!("is the shop at {} up?", self.base))?;
            match response.retry_after() {
                Some(wait) if matches!(response.status.as_u16(), 429 | 503) && attempt < ATTEMPTS => {
                    tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
                }
                _ => return Ok(response),
            }
        }
        bail!("{url} stayed busy")
    }
}

fn refusal(path: &str, response: &Response) -> anyhow::Error {
    anyhow::anyhow!("{path}: {}", sentence(&response.status.to_string(), &response.json()))
}

/// A problem document as one line.
fn sentence(status: &str, problem: &Value) -> String {
    let text = |name: &str| problem.get(name).and_then(Value::as_str).map(str::to_owned);
    let said: Vec<String> =
        [Some(format!("the shop answered {status}")), text("title"), text("detail")].into_iter().flatten().collect();
    let faults: Vec<String> = ["errors", "faults", "fields"]
        .iter()
        .filter_map(|name| problem.get(*name)?.as_array())
        .flatten()
        .take(5)
        .map(|fault| {
            let part = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{} {}", part("field"), part("message"))
        })
        .collect();
    let faults = if faults.is_empty() { String::new() } else { format!(" ({})", faults.join("; ")) };
    format!("{}{faults}", said.join(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence() {
        let problem = json!({
            "title": "Cannot be accepted", "detail": "See `errors`.", "errors": [{"field": "email", "message": "is none"}]
        });
        assert_eq!(
            sentence("422", &problem),
            "the shop answered 422: Cannot be accepted: See `errors`. (email is none)"
        );
        assert_eq!(sentence("502", &Value::Null), "the shop answered 502");
    }
}
