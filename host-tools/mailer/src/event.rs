//! The events that the mailer reads and writes.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use souk_core::event::{Event, InvalidEvent, NewEvent};
use souk_otlp::{Hop, Kind};
use uuid::Uuid;

/// A mail that is to be delivered: the data of `notification.queued`.
#[derive(Debug, Clone, Deserialize)]
pub struct Queued {
    /// Delivered once, however often the event arrives.
    pub message_id: Uuid,
    /// The recipient's address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part.
    pub text: String,
    /// Where a mail program ends this kind of mail with one POST (RFC 8058).
    #[serde(default)]
    pub list_unsubscribe: Option<String>,
    /// Trace context of what caused the mail.
    #[serde(skip)]
    pub traceparent: Option<String>,
    /// The mailer's own span, when it exports traces.
    #[serde(skip)]
    pub hop: Option<Hop>,
}

impl Queued {
    /// Begins the mailer's span; what is said about the mail from now on stands below it.
    pub fn begin_hop(&mut self) {
        let hop = Hop::begin(Kind::Consumer, self.traceparent.as_deref(), || "deliver mail".to_owned());
        if let Some(hop) = hop.map(|hop| hop.on("souk:notification", &self.message_id.to_string())) {
            self.traceparent = Some(hop.traceparent());
            self.hop = Some(hop);
        }
    }
}

/// Reads a stream entry's event: `None` when it is of a type that is not for the mailer.
pub fn read(json: &str) -> Result<Option<Queued>, InvalidEvent> {
    let event = Event::parse(json)?;
    if event.type_ != "notification.queued" {
        return Ok(None);
    }
    let mut queued: Queued = event.data()?;
    queued.traceparent = event.traceparent;
    Ok(Some(queued))
}

/// How a mail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// It was handed over.
    Delivered,
    /// It was given up.
    Failed {
        /// Why, in the mail server's words where it was the one to refuse.
        error: &'a str,
        /// Trying longer would have been of no use; else the time ran out.
        permanent: bool,
    },
    /// The mail server says that there is no such address.
    Bounced {
        /// The mail server's words.
        error: &'a str,
    },
}

impl Ending<'_> {
    /// Why it was not delivered.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Delivered => None,
            Self::Failed { error, .. } | Self::Bounced { error } => Some(error),
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    message_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent: Option<bool>,
}

/// The envelope of `mail.delivered`, `mail.failed` or `mail.bounced`.
///
/// Its id is derived from the message's: a report that is written twice, because the process died before it could
/// note the first, is one event to everybody who listens.
pub fn report(queued: &Queued, ending: Ending<'_>, occurred_at: String) -> String {
    let (type_, error, permanent) = match ending {
        Ending::Delivered => ("mail.delivered", None, None),
        Ending::Failed { error, permanent } => ("mail.failed", Some(error), Some(permanent)),
        Ending::Bounced { error } => ("mail.bounced", Some(error), None),
    };
    let key = queued.message_id.to_string();
    let event = NewEvent {
        id: derived(queued.message_id, type_),
        type_,
        version: 1,
        key: &key,
        occurred_at,
        traceparent: queued.traceparent.as_deref(),
        data: Report { message_id: queued.message_id, error, permanent },
    };
    serde_json::to_string(&event).unwrap_or_default()
}

/// A UUIDv7 with the time of `id` whose other bits follow from `id` and `purpose`.
fn derived(id: Uuid, purpose: &str) -> Uuid {
    let digest = Sha256::new().chain_update(id.as_bytes()).chain_update(purpose).finalize();
    let mut bytes = *id.as_bytes();
    for (byte, hashed) in bytes.iter_mut().zip(&digest).skip(6) {
        *byte = *hashed;
    }
    uuid::Builder::from_bytes(bytes)
        .with_version(uuid::Version::SortRand)
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn queued() -> Queued {
        let json = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"notification.queued","version":1,"key":"k",
            "occurred_at":"2026-01-01T00:00:00.000Z","traceparent":"00-aa-bb-01","data":{"template":"welcome",
            "message_id":"01890a5d-ac96-774b-bcce-b302099a8001","to":"a@b.example","subject":"s","html":"h","text":"t"}}"#;
        read(json).unwrap().unwrap()
    }

    #[test]
    fn a_queued_mail_is_read_with_its_trace() {
        assert_eq!(queued().to, "a@b.example");
        assert_eq!(queued().traceparent.as_deref(), Some("00-aa-bb-01"));
    }

    #[test]
    fn a_report_stands_below_the_mailers_own_span() {
        let mut mail = queued();
        mail.begin_hop();
        assert!(mail.hop.is_none(), "nobody records that trace");
        mail.traceparent = Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned());
        mail.begin_hop();
        let json: Value = serde_json::from_str(&report(&mail, Ending::Delivered, String::new())).unwrap();
        assert_eq!(json["traceparent"], mail.hop.unwrap().traceparent());
    }

    #[test]
    fn other_events_are_not_for_the_mailer_and_noise_is_an_error() {
        let other = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"notification.read","version":1,"key":"k",
            "occurred_at":"2026-01-01T00:00:00.000Z","data":{}}"#;
        assert!(read(other).unwrap().is_none());
        assert!(read(&other.replace("notification.read", "notification.queued")).is_err());
        assert!(read("noise").is_err());
    }

    #[test]
    fn a_report_written_twice_is_one_event() {
        let id = |ending| {
            let json: Value = serde_json::from_str(&report(&queued(), ending, String::new())).unwrap();
            json["id"].as_str().unwrap().parse::<Uuid>().unwrap()
        };
        let delivered = id(Ending::Delivered);
        assert_eq!(delivered, id(Ending::Delivered));
        assert_ne!(delivered, id(Ending::Bounced { error: "550" }));
        assert_eq!(delivered.get_version_num(), 7);
        assert_eq!(delivered.get_timestamp(), queued().message_id.get_timestamp());
    }

    #[test]
    fn a_failure_says_why_and_a_delivery_says_nothing() {
        let schemas = souk_testkit::events::EventSchemas::load().unwrap();
        let data = |ending| {
            let json: Value = serde_json::from_str(&report(&queued(), ending, "now".into())).unwrap();
            schemas.check(&json).unwrap();
            (json["type"].clone(), json["data"].clone())
        };
        let id = queued().message_id;
        assert_eq!(data(Ending::Delivered), ("mail.delivered".into(), serde_json::json!({"message_id": id})));
        let failed = serde_json::json!({"message_id": id, "error": "554 no", "permanent": true});
        assert_eq!(data(Ending::Failed { error: "554 no", permanent: true }), ("mail.failed".into(), failed));
        let bounced = serde_json::json!({"message_id": id, "error": "550 who?"});
        assert_eq!(data(Ending::Bounced { error: "550 who?" }), ("mail.bounced".into(), bounced));
    }
}
