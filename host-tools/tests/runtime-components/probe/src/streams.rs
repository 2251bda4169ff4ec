//! Bodies that flow: in, out, and after the response.

use crate::{Answer, other, text};
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use http_body_util::BodyExt;
use spin_sdk::http::body::{IncomingBodyExt, stream};
use spin_sdk::http::{IntoResponse, Request, Response};
use std::time::Duration;

/// Reads the whole body, then answers with it.
pub async fn echo(request: Request) -> Answer {
    let body = request.into_body().collect().await.map_err(other)?.to_bytes();
    Ok(Response::builder().body(body_of(body)).map_err(other)?.into_response()?)
}

fn body_of(bytes: Bytes) -> http_body_util::Full<Bytes> {
    http_body_util::Full::new(bytes)
}

/// Answers with the body's pieces as they come in.
pub fn relay(request: Request) -> Answer {
    let (mut sender, body) = stream::<Bytes>();
    let mut incoming = request.into_body().stream();
    spin_sdk::wasip3::spawn(async move {
        while let Some(Ok(piece)) = incoming.next().await {
            if sender.send(piece).await.is_err() {
                break;
            }
        }
    });
    Ok(Response::builder().body(body).map_err(other)?.into_response()?)
}

/// Server-sent events with pauses between them.
pub fn events(count: u64, pause_ms: u64) -> Answer {
    let (mut sender, body) = stream::<String>();
    spin_sdk::wasip3::spawn(async move {
        for n in 0..count {
            if sender.send(format!("data: {n}\n\n")).await.is_err() {
                break;
            }
            spin_sdk::time::sleep(Duration::from_millis(pause_ms)).await;
        }
    });
    Ok(Response::builder().header("content-type", "text/event-stream").body(body).map_err(other)?.into_response()?)
}

/// Traps in the middle of the body.
pub fn cut() -> Answer {
    let (mut sender, body) = stream::<String>();
    spin_sdk::wasip3::spawn(async move {
        if sender.send("half".to_owned()).await.is_ok() {
            spin_sdk::time::sleep(Duration::from_millis(100)).await;
            panic!("in the middle of a body");
        }
    });
    Ok(Response::builder().body(body).map_err(other)?.into_response()?)
}

/// Answers at once and counts in Redis a while later.
pub fn after(pause_ms: u64, key: String) -> Answer {
    spin_sdk::wasip3::spawn(async move {
        spin_sdk::time::sleep(Duration::from_millis(pause_ms)).await;
        if let Err(error) = crate::stores::count(&key).await {
            eprintln!("{error:?}");
        }
    });
    text("answered")
}
