//! Plain text that reads well: one-line values, wrapped paragraphs, and amounts at the right edge.

use std::borrow::Cow;

/// Columns of a text mail's tables.
const TABLE: usize = 60;
/// Columns of its paragraphs.
const PARAGRAPH: usize = 72;

/// `raw` with everything that could start a new line or turn the text around replaced by a space.
pub fn one_line(raw: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if raw.contains(bad) { Cow::Owned(raw.replace(bad, " ").trim().to_owned()) } else { Cow::Borrowed(raw.trim()) }
}

/// A label and an amount at the two ends of a line, or on two lines when they do not fit into one.
pub fn row(label: &str, amount: &str) -> String {
    let used = label.chars().count() + 1 + amount.chars().count();
    if used > TABLE {
        return format!("{label}\n{amount:>TABLE$}");
    }
    format!("{label}{:pad$}{amount}", "", pad = TABLE - used + 1)
}

/// Breaks a paragraph at spaces. A word that is longer than a line, as an address, stays whole.
pub fn wrapped(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len() + 8);
    let mut column = 0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > PARAGRAPH {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_spaces_and_long_words_stay_whole() {
        let long = "x".repeat(100);
        let text = wrapped(&format!("{} {long} end", "word ".repeat(20)));
        assert!(text.lines().all(|line| line.chars().count() <= PARAGRAPH || line == long), "{text}");
        assert_eq!(text.replace('\n', " ").matches("word").count(), 20);
        assert!(text.ends_with("end"));
    }

    #[test]
    fn a_row_fills_its_line_or_takes_two() {
        assert_eq!(row("Tea", "5.00 EUR").chars().count(), TABLE);
        let two = row(&"long ".repeat(12), "5.00 EUR");
        assert_eq!(two.lines().count(), 2);
        assert!(two.ends_with("  5.00 EUR"));
    }
}
