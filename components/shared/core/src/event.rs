//! The envelope of every event on a stream (design: id, type, version, key, occurred_at, traceparent, data).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// One event as it stands in a stream entry's `event` field.
///
/// `data` stays unparsed: most consumers hand the whole text to Postgres, and only read the head here.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    /// UUIDv7; consumers deduplicate on it.
    pub id: Uuid,
    /// As in `order.placed`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Version of the shape of `data`.
    pub version: u32,
    /// Id of the aggregate; events of one key keep their order.
    pub key: String,
    /// RFC 3339.
    pub occurred_at: String,
    /// W3C trace context of the change that caused the event.
    #[serde(default)]
    pub traceparent: Option<String>,
    /// The payload.
    data: Box<RawValue>,
    /// The whole envelope as it was read.
    #[serde(skip)]
    raw: Box<str>,
}

/// The text is not an event envelope.
#[derive(Debug, thiserror::Error)]
#[error("not an event envelope: {0}")]
pub struct InvalidEvent(#[from] serde_json::Error);

impl Event {
    /// Parses an envelope.
    pub fn parse(json: &str) -> Result<Self, InvalidEvent> {
        let mut event: Self = serde_json::from_slice(json.as_bytes())?;
        event.raw = json.into();
        Ok(event)
    }

    /// The whole envelope, as JSON text.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The payload, as JSON text.
    pub fn data_json(&self) -> &str {
        self.data.get()
    }

    /// The same event below another span, so that what it causes belongs there.
    pub fn below(&self, traceparent: &str) -> Result<Self, InvalidEvent> {
        let envelope = NewEvent {
            id: self.id,
            type_: &self.type_,
            version: self.version,
            key: &self.key,
            occurred_at: self.occurred_at.clone(),
            traceparent: Some(traceparent),
            data: &*self.data,
        };
        Self::parse(&serde_json::to_string(&envelope)?)
    }

    /// The payload, as the shape that its type promises.
    pub fn data<'a, T: Deserialize<'a>>(&'a self) -> Result<T, InvalidEvent> {
        Ok(serde_json::from_slice(self.data.get().as_bytes())?)
    }
}

/// A JSON array of the events' envelopes, as the services' `apply_events(jsonb)` functions take it.
pub fn batch_json<'a>(events: impl IntoIterator<Item = &'a Event>) -> String {
    let mut json = String::from("[");
    for event in events {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(event.raw());
    }
    json.push(']');
    json
}

/// A new envelope for an event that no database writes (the services' own events come from `emit()` in SQL).
#[derive(Debug, Serialize)]
pub struct NewEvent<'a, T> {
    /// UUIDv7.
    pub id: Uuid,
    /// As in `mail.delivered`.
    #[serde(rename = "type")]
    pub type_: &'a str,
    /// Version of the shape of `data`.
    pub version: u32,
    /// Id of the aggregate.
    pub key: &'a str,
    /// RFC 3339.
    pub occurred_at: String,
    /// W3C trace context of what caused the event.
    pub traceparent: Option<&'a str>,
    /// The payload.
    pub data: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACED: &str = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"order.placed","version":1,"key":"k","occurred_at":"2026-01-01T00:00:00.000Z","traceparent":null,"data":{"order_id":"k","n":1}}"#;

    #[derive(Deserialize)]
    struct Data {
        n: u32,
    }

    #[test]
    fn an_envelope_keeps_its_text_and_gives_its_payload() {
        let event = Event::parse(PLACED).unwrap();
        assert_eq!(event.type_, "order.placed");
        assert_eq!(event.raw(), PLACED);
        assert_eq!(event.data::<Data>().unwrap().n, 1);
        assert_eq!(event.data_json(), r#"{"order_id":"k","n":1}"#);
    }

    #[test]
    fn an_event_below_another_span_is_the_same_event() {
        let event = Event::parse(PLACED).unwrap();
        let below = event.below("00-aa-bb-01").unwrap();
        assert_eq!(below.raw(), PLACED.replace(r#""traceparent":null"#, r#""traceparent":"00-aa-bb-01""#));
        assert_eq!((below.id, below.data_json()), (event.id, event.data_json()));
    }

    #[test]
    fn a_batch_is_an_array_of_the_texts() {
        let event = Event::parse(PLACED).unwrap();
        assert_eq!(batch_json([]), "[]");
        assert_eq!(batch_json([&event, &event]), format!("[{PLACED},{PLACED}]"));
    }

    #[test]
    fn what_is_not_an_envelope_is_refused() {
        for bad in ["", "{}", "[]", r#"{"id":"x"}"#, "\u{0}"] {
            assert!(Event::parse(bad).is_err(), "{bad:?}");
        }
    }
}
