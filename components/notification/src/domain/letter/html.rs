//! A letter as HTML, laid out by `templates/letter.html`.

use super::{Block, Letter, LetterError};
use crate::domain::locale::Locale;
use crate::domain::mail::Frame;
use crate::domain::words::Words;
use askama::Template;

#[derive(Template)]
#[template(path = "letter.html")]
struct Page<'a> {
    letter: &'a Letter<'a>,
    frame: &'a Frame,
    words: &'static Words,
    lang: &'static str,
}

/// The HTML part of a mail.
pub fn html(letter: &Letter<'_>, frame: &Frame, locale: Locale) -> Result<String, LetterError> {
    let page = Page { letter, frame, words: Words::of(locale), lang: locale.html_lang() };
    page.render().map_err(|error| LetterError::Html(error.to_string()))
}
