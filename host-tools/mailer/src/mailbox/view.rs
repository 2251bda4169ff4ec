//! What the mailbox pages show, read from the mails' bytes.

use askama::Template;
use mail_parser::{Message, MessageParser};
use uuid::Uuid;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The head of a mail.
pub struct Summary {
    pub id: Uuid,
    pub subject: String,
    pub to: String,
    pub from: String,
    pub at: String,
}

impl Summary {
    /// The head of the mail in `bytes`.
    pub fn read(id: Uuid, bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse_headers(bytes).unwrap_or_default();
        Self {
            id,
            subject: message.subject().filter(|subject| !subject.is_empty()).unwrap_or("(no subject)").to_owned(),
            to: addresses(message.to()),
            from: addresses(message.from()),
            at: date(&message),
        }
    }
}

/// The content of a mail.
pub struct Letter {
    pub html: String,
    pub text: String,
}

impl Letter {
    /// The content of the mail in `bytes`.
    pub fn read(bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse(bytes).unwrap_or_default();
        let part = |body: Option<std::borrow::Cow<'_, str>>| body.map(|body| body.into_owned()).unwrap_or_default();
        Self { html: part(message.body_html(0)), text: part(message.body_text(0)) }
    }
}

fn addresses(address: Option<&mail_parser::Address<'_>>) -> String {
    let one = |addr: &mail_parser::Addr<'_>| match (addr.name(), addr.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        (name, None) => name.unwrap_or_default().to_owned(),
    };
    address.map(|list| list.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

fn date(message: &Message<'_>) -> String {
    message.date().map_or_else(String::new, |date| {
        let month = MONTHS.get(usize::from(date.month).saturating_sub(1)).unwrap_or(&"?");
        format!("{} {month} {}, {:02}:{:02}:{:02} UTC", date.day, date.year, date.hour, date.minute, date.second)
    })
}

#[derive(Template)]
#[template(path = "list.html")]
pub struct ListPage {
    pub mails: Vec<Summary>,
    pub total: usize,
    pub first: bool,
    pub older: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "letter.html")]
pub struct LetterPage {
    pub summary: Summary,
}

#[derive(Template)]
#[template(path = "sent.html")]
pub struct SentPage;

#[derive(Template)]
#[template(path = "not_found.html")]
pub struct NotFoundPage;
