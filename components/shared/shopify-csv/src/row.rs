//! One row as texts. It collects what is wrong with itself, so that a person sees every mistake at once.

use std::str;

use crate::error::RowError;
use crate::header::{Column, Header, MAX_OPTIONS};

pub(crate) struct Row<'a> {
    header: &'a Header,
    record: &'a csv::ByteRecord,
    pub line: u64,
    pub errors: Vec<RowError>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(header: &'a Header, record: &'a csv::ByteRecord, line: u64) -> Self {
        let mut row = Self { header, record, line, errors: Vec::new() };
        if record.len() != header.len() {
            row.fail(
                None,
                format!(
                    "has {} fields where the header has {}: a quote or comma is missing or too much",
                    record.len(),
                    header.len()
                ),
            );
        }
        for index in header.beyond_options() {
            if record.get(*index).is_some_and(|cell| !cell.trim_ascii().is_empty()) {
                row.fail_at(*index, format!("a product has at most {MAX_OPTIONS} options"));
            }
        }
        row
    }

    /// The cell's text without outer blanks; empty when the column is missing or its text is unusable (an error).
    pub(crate) fn text(&mut self, column: Column) -> String {
        let Some(index) = self.header.position(column) else { return String::new() };
        let cell = self.record.get(index).unwrap_or_default();
        match str::from_utf8(cell) {
            Err(_) => self.fail_at(index, "is not UTF-8: save the file as UTF-8".to_owned()),
            // Tabs and line ends have a place in descriptions; NUL and its like have none in a database.
            Ok(text) if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
                self.fail_at(index, "holds control characters".to_owned());
            }
            Ok(text) => return text.trim().to_owned(),
        }
        String::new()
    }

    /// A single line of at most `max` characters.
    pub(crate) fn line(&mut self, column: Column, max: usize) -> String {
        let text = self.text_within(column, max);
        if text.contains(char::is_control) {
            self.fail(Some(column), "holds a tab or a line break".to_owned());
        }
        text
    }

    /// [`text`](Self::text) of at most `max` characters.
    pub(crate) fn text_within(&mut self, column: Column, max: usize) -> String {
        let text = self.text(column);
        let length = text.chars().count();
        if length > max {
            self.fail(Some(column), format!("has {length} characters, and at most {max} fit"));
        }
        text
    }

    /// A cell parsed by `parse`, whose error is the reason.
    pub(crate) fn parsed<T>(&mut self, column: Column, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let before = self.errors.len();
        let text = self.text(column);
        if self.errors.len() > before {
            return None;
        }
        parse(&text).map_err(|reason| self.fail(Some(column), reason)).ok()
    }

    pub(crate) fn fail(&mut self, column: Option<Column>, reason: String) {
        match column.and_then(|column| self.header.position(column)) {
            Some(index) => self.fail_at(index, reason),
            None => self.push(None, reason),
        }
    }

    fn fail_at(&mut self, index: usize, reason: String) {
        self.push(Some(self.header.name(index).to_owned()), reason);
    }

    /// A cell that is looked at twice complains once.
    fn push(&mut self, column: Option<String>, reason: String) {
        let error = RowError { line: self.line, column, reason };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }
}
