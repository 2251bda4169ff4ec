//! What can be wrong with a file as a whole, and with one row.

use std::fmt;

use serde::Serialize;

/// The file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Nothing in it, not even a header.
    #[error("the file is empty: export products from Shopify as CSV and import that file")]
    Empty,
    /// Columns without which there is no product.
    #[error("the header has no column {}: this needs a product CSV in Shopify's format", quoted(.0))]
    MissingColumns(Vec<&'static str>),
    /// A column that stands twice, so that nobody can say which counts.
    #[error("the header has the column \"{0}\" twice: remove one of them")]
    DuplicateColumn(String),
    /// Not CSV.
    #[error("the file cannot be read as CSV: {0}")]
    Unreadable(String),
}

impl FileError {
    pub(crate) fn unreadable(error: csv::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// The line on which the row begins; the header is line 1.
    pub line: u64,
    /// The column's name; `None` when the row as a whole is wrong.
    pub column: Option<String>,
    /// What is wrong, with the offending text.
    pub reason: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, {column}: {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
