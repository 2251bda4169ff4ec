//! Sending a step's request and comparing the answer with what the step expects.

use crate::case::Step;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::{Duration, Instant};

/// An answer, read to its end or to where it broke off.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
    broken: bool,
    took: Duration,
    streamed: Duration,
}

/// Sends the step's request.
pub async fn send(address: &str, step: &Step) -> Result<Answer, String> {
    let (method, path) = step.request.as_deref().and_then(|r| r.split_once(' ')).ok_or("request needs METHOD /path")?;
    let mut request = http::Request::builder().method(method).uri(format!("http://{address}{path}"));
    for (name, value) in &step.headers {
        request = request.header(name, value);
    }
    let bytes = match (&step.json, &step.body, step.body_bytes) {
        (Some(json), ..) => {
            let text = serde_json::to_string(json).map_err(|e| e.to_string())?;
            text.replace("{address}", address).into_bytes()
        }
        (_, Some(body), _) => body.clone().into_bytes(),
        (_, _, Some(count)) => vec![b'x'; count],
        _ => Vec::new(),
    };
    let body: BoxBody<Bytes, std::convert::Infallible> = if step.chunked {
        let pieces: Vec<_> =
            bytes.chunks(64 * 1024).map(|piece| Ok(http_body::Frame::data(Bytes::copy_from_slice(piece)))).collect();
        BoxBody::new(StreamBody::new(futures::stream::iter(pieces)))
    } else {
        BoxBody::new(Full::new(Bytes::from(bytes)))
    };
    let started = Instant::now();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response =
        client.request(request.body(body).map_err(|e| e.to_string())?).await.map_err(|e| format!("{e:?}"))?;
    let took = started.elapsed();
    let (parts, mut incoming) = response.into_parts();
    let (mut body, mut broken, mut first) = (Vec::new(), false, None);
    while let Some(frame) = incoming.frame().await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => {
                first.get_or_insert_with(Instant::now);
                body.extend_from_slice(&data);
            }
            Ok(Err(_)) => {}
            Err(_) => {
                broken = true;
                break;
            }
        }
    }
    let streamed = first.map_or(Duration::ZERO, |first| first.elapsed());
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body, broken, took, streamed })
}

/// What is not as the step expects, if anything.
pub fn compare(step: &Step, answer: &Answer) -> Result<(), String> {
    let body = String::from_utf8_lossy(&answer.body);
    let shown: String = body.chars().take(2000).collect();
    let fail = |what: String| Err(format!("{what}; got {} {:?}\n{shown}", answer.status, answer.headers));
    if step.status.is_some_and(|status| status != answer.status) {
        return fail(format!("expected status {:?}", step.status));
    }
    if step.answer.as_ref().is_some_and(|expected| *expected != body) {
        return fail(format!("expected the body {:?}", step.answer));
    }
    if let Some(text) = step.contains.iter().find(|text| !body.contains(text.as_str())) {
        return fail(format!("expected {text:?} in the body"));
    }
    if let Some(text) = step.lacks.iter().find(|text| body.contains(text.as_str())) {
        return fail(format!("{text:?} must not be in the body"));
    }
    if let Some(expected) = &step.answer_json {
        let expected = serde_json::to_value(expected).map_err(|e| e.to_string())?;
        let actual: Value = match serde_json::from_slice(&answer.body) {
            Ok(actual) => actual,
            Err(error) => return fail(format!("the body is not JSON ({error})")),
        };
        if let Err(difference) = matches(&expected, &actual, "$") {
            return fail(difference);
        }
    }
    for (name, expected) in &step.answer_headers {
        let actual = answer.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let fits = match expected.as_str() {
            "*" => actual.is_some(),
            "-" => actual.is_none(),
            expected => actual.as_deref() == Some(expected),
        };
        if !fits {
            return fail(format!("expected the header {name}: {expected}"));
        }
    }
    if step.broken != answer.broken {
        return fail(format!("expected the body to break off: {}", step.broken));
    }
    if step.streams_for_ms.is_some_and(|ms| answer.streamed < Duration::from_millis(ms)) {
        return fail(format!("the body came within {:?} of its first piece", answer.streamed));
    }
    if step.within_ms.is_some_and(|ms| answer.took > Duration::from_millis(ms)) {
        return fail(format!("the answer took {:?}", answer.took));
    }
    Ok(())
}

fn matches(expected: &Value, actual: &Value, place: &str) -> Result<(), String> {
    let fail = || Err(format!("at {place}: expected {expected}, got {actual}"));
    match (expected, actual) {
        (Value::String(text), _) if text == "*" => Ok(()),
        (Value::String(text), actual) if text.starts_with('~') => {
            let actual = actual.as_str().map_or_else(|| actual.to_string(), str::to_owned);
            if actual.contains(text.trim_start_matches('~')) { Ok(()) } else { fail() }
        }
        (Value::Object(expected), Value::Object(actual)) => expected.iter().try_for_each(|(key, value)| {
            let place = format!("{place}.{key}");
            actual.get(key).map_or_else(|| Err(format!("{place} is missing")), |actual| matches(value, actual, &place))
        }),
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            expected.iter().zip(actual).enumerate().try_for_each(|(i, (e, a))| matches(e, a, &format!("{place}[{i}]")))
        }
        (Value::Number(expected), Value::Number(actual)) if expected.as_f64() == actual.as_f64() => Ok(()),
        _ if expected == actual => Ok(()),
        _ => fail(),
    }
}
