//! From a queued mail to a MIME message (RFC 5322, multipart/alternative: text first, HTML preferred).

use crate::event::Queued;
use crate::unsubscribe;
use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Why a mail cannot be built: it can never be delivered.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The recipient is not an address.
    #[error("the recipient is not an e-mail address")]
    Recipient,
    /// Anything else that the message format does not take.
    #[error("the mail cannot be built: {0}")]
    Format(#[from] lettre::error::Error),
}

/// Builds the message. Date and Message-ID follow from the message id, so that every attempt sends the same mail.
pub fn build(queued: &Queued, from: &Mailbox) -> Result<Message, BuildError> {
    let to = Mailbox::new(None, queued.to.parse().map_err(|_| BuildError::Recipient)?);
    let message_id = format!("<{}@{}>", queued.message_id, from.email.domain());
    let body = MultiPart::alternative_plain_html(queued.text.clone(), queued.html.clone());
    let builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(queued.subject.replace(char::is_control, " "))
        .date(queued_at(queued))
        .message_id(Some(message_id));
    let builder = match &queued.list_unsubscribe {
        Some(url) => unsubscribe::with(builder, url),
        None => builder,
    };
    Ok(builder.multipart(body)?)
}

/// When the mail was queued: the time in its UUIDv7.
pub fn queued_at(queued: &Queued) -> SystemTime {
    let since_epoch = queued.message_id.get_timestamp().map_or(Duration::ZERO, |time| {
        let (seconds, nanos) = time.to_unix();
        Duration::new(seconds, nanos)
    });
    UNIX_EPOCH + since_epoch
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;

    fn queued() -> Queued {
        Queued {
            message_id: "01890a5d-ac96-774b-bcce-b302099a8001".parse().unwrap(),
            to: "ines@souk.example".into(),
            subject: "Your order is confirmed, Inês".into(),
            html: "<p>Grüße &amp; thanks</p>".into(),
            text: "Grüße & thanks".into(),
            list_unsubscribe: None,
            traceparent: None,
            hop: None,
        }
    }

    fn from() -> Mailbox {
        "Souk <hello@souk.example>".parse().unwrap()
    }

    #[test]
    fn a_message_reads_back_as_it_was_queued() {
        let bytes = build(&queued(), &from()).unwrap().formatted();
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some("Your order is confirmed, Inês"));
        assert_eq!(read.message_id(), Some("01890a5d-ac96-774b-bcce-b302099a8001@souk.example"));
        assert_eq!(read.body_html(0).unwrap().trim_end(), "<p>Grüße &amp; thanks</p>");
        assert_eq!(read.body_text(0).unwrap().trim_end(), "Grüße & thanks");
        assert_eq!(read.from().unwrap().first().unwrap().address(), Some("hello@souk.example"));
        assert_eq!(read.date().unwrap().to_rfc3339(), "2023-06-30T03:34:18Z");
        assert!(bytes.is_ascii());
    }

    #[test]
    fn only_a_mail_that_can_be_ended_says_how() {
        let text = |queued: Queued| String::from_utf8(build(&queued, &from()).unwrap().formatted()).unwrap();
        let url = Some("https://shop.example/stop/1".to_owned());
        assert!(
            text(Queued { list_unsubscribe: url, ..queued() })
                .contains("List-Unsubscribe: <https://shop.example/stop/1>")
        );
        assert!(!text(queued()).contains("List-Unsubscribe"));
    }

    #[test]
    fn a_subject_cannot_smuggle_headers_in() {
        let evil = Queued { subject: "Hello\r\nBcc: eve@x.example\r\n\r\nbody".into(), ..queued() };
        let bytes = build(&evil, &from()).unwrap().formatted();
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert!(read.bcc().is_none());
        assert_eq!(read.to().unwrap().iter().count(), 1);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["", "ines", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example"] {
            assert!(
                matches!(build(&Queued { to: bad.into(), ..queued() }, &from()), Err(BuildError::Recipient)),
                "{bad}"
            );
        }
    }
}
