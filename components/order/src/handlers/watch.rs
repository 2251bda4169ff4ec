//! GET /api/orders/{id}/events: an order's history as server-sent events, as it happens.
//!
//! A stream ends by itself within a minute, since it holds one of the few places of an instance; browsers come back
//! with `Last-Event-ID` and miss nothing: an event's id is its position in the history, which only grows.

use super::{STAFF, no_such_order};
use crate::{domain::views::TimelineEntry, store};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::SinkExt;
use souk_host::{
    ApiError,
    http::{ApiPath, Shopper},
};
use spin_sdk::http::body;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long one stream lasts.
const LASTS: Duration = Duration::from_secs(50);
/// How often the history is looked at.
const PAUSE: Duration = Duration::from_millis(500);
/// A comment goes out this often, so that proxies do not take the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a browser waits before it comes back, in milliseconds.
const RETRY_MS: u32 = 1000;

/// An order's history as it happens: one event `status` for each entry of its timeline, the earlier ones at once.
#[utoipa::path(get, path = "/api/orders/{id}/events", tag = "orders", params(("id" = Uuid, Path),
    ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event that was seen")),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "Events `status` whose data is a timeline entry; ends within a minute",
        body = String, content_type = "text/event-stream"),
    (status = 404, description = "order-unknown: no such order, or another shopper's"),
))]
pub async fn watch(shopper: Shopper, headers: HeaderMap, ApiPath(id): ApiPath<Uuid>) -> Result<Response, ApiError> {
    let (user, is_staff) = (shopper.0.sub, shopper.0.has_any(&STAFF));
    let seen = last_event_id(&headers);
    let first = store::timeline(id, user, is_staff, seen).await?.ok_or_else(no_such_order)?;
    let (mut events, stream) = body::stream::<String>();
    spin_sdk::wasip3::spawn(async move {
        let started = Instant::now();
        let (mut seen, mut last_sent) = (seen, Instant::now());
        let mut entries = first;
        let mut text = format!("retry: {RETRY_MS}\n\n");
        loop {
            for entry in &entries {
                seen += 1;
                text.push_str(&event(seen, entry));
            }
            if text.is_empty() && last_sent.elapsed() > HEARTBEAT {
                text.push_str(": still here\n\n");
            }
            if !text.is_empty() {
                last_sent = Instant::now();
                // The shopper went away: nothing is left to do.
                if events.send(std::mem::take(&mut text)).await.is_err() {
                    return;
                }
            }
            if started.elapsed() > LASTS {
                return;
            }
            spin_sdk::time::sleep(PAUSE).await;
            // An error ends the stream; the browser comes back and gets a proper answer.
            let Ok(Some(more)) = store::timeline(id, user, is_staff, seen).await else { return };
            entries = more;
        }
    });
    let mut response = Body::new(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Asks proxies not to collect the events first.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Zero when there is none, or it is not one of ours.
fn last_event_id(headers: &HeaderMap) -> u32 {
    let value = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    value.and_then(|value| value.parse::<u16>().ok()).unwrap_or_default().into()
}

fn event(id: u32, entry: &TimelineEntry) -> String {
    let data = serde_json::to_string(entry).unwrap_or_default();
    format!("id: {id}\nevent: status\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_block_of_the_event_stream_format() {
        let entry = TimelineEntry { status: "placed".to_owned(), at: "2026-01-01T00:00:00.000Z".to_owned() };
        assert_eq!(
            event(3, &entry),
            "id: 3\nevent: status\ndata: {\"status\":\"placed\",\"at\":\"2026-01-01T00:00:00.000Z\"}\n\n"
        );
    }

    #[test]
    fn a_foreign_last_event_id_starts_from_the_beginning() {
        let mut headers = HeaderMap::new();
        assert_eq!(last_event_id(&headers), 0);
        for (value, seen) in [("2", 2), ("-1", 0), ("x", 0), ("99999999999", 0)] {
            headers.insert("last-event-id", HeaderValue::from_static(value));
            assert_eq!(last_event_id(&headers), seen, "{value}");
        }
    }
}
