//! The table: one row a measurement, printed and written to docs/benchmarks.md between its markers.

use anyhow::{Context, Result};
use std::{fs, path::Path};

const BEGIN: &str = "<!-- begin: make bench -->";
const END: &str = "<!-- end: make bench -->";

/// One measurement.
pub struct Row {
    /// What was measured, and how.
    pub what: String,
    /// The figure to reach.
    pub target: &'static str,
    /// The figure.
    pub measured: String,
    /// Whether it was reached.
    pub reached: bool,
}

/// The rows as a Markdown table.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| what | target | measured | |\n| --- | --- | --- | --- |\n");
    for row in rows {
        let verdict = if row.reached { "reached" } else { "**not reached**" };
        text.push_str(&format!("| {} | {} | {} | {verdict} |\n", row.what, row.target, row.measured));
    }
    text
}

/// Replaces what stands between the markers of the page.
pub fn write(page: &Path, generated: &str) -> Result<()> {
    let old = fs::read_to_string(page).unwrap_or_else(|_| format!("# Benchmarks\n\n{BEGIN}\n{END}\n"));
    let (head, rest) = old.split_once(BEGIN).context("docs/benchmarks.md has lost its begin marker")?;
    let (_, tail) = rest.split_once(END).context("docs/benchmarks.md has lost its end marker")?;
    fs::write(page, format!("{head}{BEGIN}\n{generated}{END}{tail}"))?;
    Ok(())
}
