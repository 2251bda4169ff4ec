//! A letter as plain text.

use super::{Block, Letter, Span};
use crate::domain::locale::Locale;
use crate::domain::mail::Frame;
use crate::domain::text::{row, wrapped};
use crate::domain::words::Words;

/// The text part of a mail.
pub fn plain(letter: &Letter<'_>, frame: &Frame, locale: Locale) -> String {
    let words = Words::of(locale);
    let mut text = wrapped(&letter.title);
    for part in letter.blocks.iter().filter_map(|block| part(block, words)) {
        text.push_str("\n\n");
        text.push_str(&part);
    }
    text.push_str(&format!("\n\n--\n{}\n{}\n{}", words.signature, frame.home, wrapped(frame.why)));
    if let Some(stop) = &frame.stop_url {
        text.push_str(&format!("\n{}: {stop}", words.stop));
    }
    text
}

fn part(block: &Block<'_>, words: &Words) -> Option<String> {
    Some(match block {
        Block::Paragraph(spans) | Block::Small(spans) => wrapped(&joined(spans)),
        Block::Button { label, url } => format!("{label}:\n{url}"),
        // The button's address is there to be copied already.
        Block::Copy { .. } => return None,
        Block::Lines(order) => lines(order.lines.iter().map(|line| {
            let label = format!("{} x {}", line.quantity, line.title);
            line.total.map_or_else(|| label.clone(), |total| row(&label, &total.to_string()))
        })),
        Block::Sums(order) => {
            let total = [(words.total, order.total)];
            lines(order.sums.iter().chain(&total).map(|(label, amount)| row(label, &amount.to_string())))
        }
        Block::Address { heading, lines: address } => {
            format!("{heading}:\n{}", lines(address.iter().map(|line| format!("  {line}"))))
        }
    })
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
