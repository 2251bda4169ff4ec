//! A mail's content between its template and its two renderings: HTML and text come out of one letter, so they say the
//! same.
//!
//! A template is a head (`subject`, `preview`, `title`, and `mark` with `good` or `care` before its words), an empty line,
//! and paragraphs. `{name}` is a value, `**words**` are bold. Before a paragraph, or after a head's name, `?value` keeps
//! it only where there is such a value and `!value` where there is none; of several heads of one name the first that is
//! kept counts. A paragraph can also be one of
//! ```text
//! [See your order](order_url)       a button; in brackets the value that holds its address
//! ~ Small print.
//! @lines                            the goods
//! @sums                             what they come to
//! @address It goes to               where they go, under these words
//! @copy link If it does not open:   these words and the address itself, where it is not to be seen otherwise
//! ```
//! Values are put in after the template was read, so nothing that people typed can be taken for markup.

mod fill;
mod html;
mod plain;

pub use fill::fill;
pub use html::html;
pub use plain::plain;

use super::text::one_line;
use super::views::OrderView;
use std::borrow::Cow;

/// What a letter says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Letter<'a> {
    pub subject: String,
    /// What a mailbox shows beside the subject.
    pub preview: String,
    pub mark: Option<Mark>,
    pub title: String,
    pub blocks: Vec<Block<'a>>,
}

/// What a mail tells, in a word or two above its title.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    /// Good news; else something to care about.
    pub good: bool,
    pub words: String,
}

/// A part of a letter.
#[derive(Debug, PartialEq, Eq)]
pub enum Block<'a> {
    Paragraph(Vec<Span>),
    Small(Vec<Span>),
    Button { label: String, url: String },
    Copy { words: String, url: String },
    Lines(&'a OrderView<'a>),
    Sums(&'a OrderView<'a>),
    Address { heading: String, lines: &'a [Cow<'a, str>] },
}

/// A run of words.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub bold: bool,
    pub text: String,
}

impl Span {
    /// Whether it is one number or amount, which is not to be broken over two lines at a hyphen.
    fn stays_whole(&self) -> bool {
        self.text.len() <= 32 && !self.text.contains(' ')
    }
}

/// What a template's places are filled with.
#[derive(Debug, Default)]
pub struct Values<'a>(Vec<(&'static str, Cow<'a, str>)>);

impl<'a> Values<'a> {
    /// With what somebody typed, as one line; nothing when it is empty.
    #[must_use]
    pub fn text(mut self, name: &'static str, raw: &'a str) -> Self {
        let line = one_line(raw);
        if !line.is_empty() {
            self.0.push((name, line));
        }
        self
    }

    /// With something that is safe to show as it is.
    #[must_use]
    pub fn shown(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, Cow::Owned(value.to_string())));
        self
    }

    /// With something that may be known.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.shown(name, value),
            None => self,
        }
    }

    /// With something to be asked for with `?` and `!`.
    #[must_use]
    pub fn flag(self, name: &'static str, holds: bool) -> Self {
        if holds { self.shown(name, "") } else { self }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

/// A template that cannot be filled: always a defect of the template or of what fills it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// A place for a value that this mail does not have.
    #[error("the template asks for {0:?}, which this mail does not have")]
    NoValue(String),
    /// A head is missing.
    #[error("the template has no {0} for this mail")]
    NoHead(&'static str),
    /// A line that is none of what a template may hold.
    #[error("the template has a line that cannot be read: {0:?}")]
    Unreadable(String),
    /// The HTML could not be written.
    #[error("the mail's HTML could not be written: {0}")]
    Html(String),
}

#[cfg(test)]
mod tests;
