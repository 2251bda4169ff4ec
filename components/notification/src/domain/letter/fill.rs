//! Reads a template and puts the values in.

use super::{Block, Letter, LetterError, Mark, Span, Values};
use crate::domain::views::OrderView;

/// The letter that `source` makes of `values`, and of `order` where it shows one.
pub fn fill<'a>(
    source: &str,
    values: &Values<'_>,
    order: Option<&'a OrderView<'a>>,
) -> Result<Letter<'a>, LetterError> {
    let (head, body) = source.split_once("\n\n").unwrap_or((source, ""));
    let head = |name: &'static str| find(head, name, values);
    let required = |name| head(name)?.ok_or(LetterError::NoHead(name));
    let mark = head("mark")?.map(|mark| match mark.split_once(' ') {
        Some((tone @ ("good" | "care"), words)) => Ok(Mark { good: tone == "good", words: words.to_owned() }),
        _ => Err(LetterError::Unreadable(mark)),
    });
    let mut letter = Letter {
        // A subject is a header: spaces that hold a line together only make it harder to search.
        subject: required("subject")?.replace('\u{a0}', " "),
        preview: required("preview")?,
        mark: mark.transpose()?,
        title: required("title")?,
        blocks: Vec::new(),
    };
    for paragraph in body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        if let Some(paragraph) = kept(paragraph, values) {
            letter.blocks.extend(block(paragraph, values, order)?);
        }
    }
    Ok(letter)
}

/// The first head of this name that is kept.
fn find(head: &str, name: &str, values: &Values<'_>) -> Result<Option<String>, LetterError> {
    for line in head.lines() {
        let (key, text) = line.split_once(": ").ok_or_else(|| LetterError::Unreadable(line.to_owned()))?;
        let (key, guards) = key.split_once(' ').unwrap_or((key, ""));
        if key == name && kept(guards, values).is_some() {
            return plain(text, values).map(Some);
        }
    }
    Ok(None)
}

/// What follows the guards in front of `text`, unless one of them says no.
fn kept<'t>(mut text: &'t str, values: &Values<'_>) -> Option<&'t str> {
    while let Some(guarded) = text.strip_prefix(['?', '!']) {
        let (name, rest) = guarded.split_once([' ', '\n']).unwrap_or((guarded, ""));
        if values.get(name).is_some() != text.starts_with('?') {
            return None;
        }
        text = rest;
    }
    Some(text)
}

fn block<'a>(
    paragraph: &str,
    values: &Values<'_>,
    order: Option<&'a OrderView<'a>>,
) -> Result<Option<Block<'a>>, LetterError> {
    let unreadable = || LetterError::Unreadable(paragraph.to_owned());
    let of_order = || order.ok_or_else(|| LetterError::NoValue("order".to_owned()));
    if let Some(directive) = paragraph.strip_prefix('@') {
        let (name, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        return Ok(match name {
            "lines" => Some(of_order()?).filter(|order| !order.lines.is_empty()).map(Block::Lines),
            "sums" => Some(Block::Sums(of_order()?)),
            "address" => Some(&*of_order()?.address)
                .filter(|lines| !lines.is_empty())
                .map(|lines| Block::Address { heading: rest.to_owned(), lines }),
            "copy" => {
                let (link, words) = rest.split_once(' ').ok_or_else(unreadable)?;
                Some(Block::Copy { words: plain(words, values)?, url: value(link, values)?.to_owned() })
            }
            _ => return Err(unreadable()),
        });
    }
    if let Some(button) = paragraph.strip_prefix('[') {
        let (label, link) = button.strip_suffix(')').and_then(|b| b.split_once("](")).ok_or_else(unreadable)?;
        return Ok(Some(Block::Button { label: label.to_owned(), url: value(link, values)?.to_owned() }));
    }
    if let Some(small) = paragraph.strip_prefix("~ ") {
        return spans(small, values).map(Block::Small).map(Some);
    }
    spans(paragraph, values).map(Block::Paragraph).map(Some)
}

/// The words of a paragraph, bold or not, with its values.
fn spans(text: &str, values: &Values<'_>) -> Result<Vec<Span>, LetterError> {
    let mut spans = Vec::new();
    for (n, part) in text.split("**").enumerate() {
        let text = plain(part, values)?;
        if !text.is_empty() {
            spans.push(Span { bold: n % 2 == 1, text });
        }
    }
    Ok(spans)
}

/// Words with their values, on one line.
fn plain(text: &str, values: &Values<'_>) -> Result<String, LetterError> {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or_else(|| LetterError::Unreadable(text.to_owned()))?;
        filled.push_str(&before.replace('\n', " "));
        filled.push_str(value(name, values)?);
        rest = after;
    }
    filled.push_str(&rest.replace('\n', " "));
    Ok(filled)
}

fn value<'v>(name: &str, values: &'v Values<'_>) -> Result<&'v str, LetterError> {
    values.get(name).ok_or_else(|| LetterError::NoValue(name.to_owned()))
}
