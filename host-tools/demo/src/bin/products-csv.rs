//! Writes the demo shop as CSV to standard output: `cargo run --release -p souk-demo > demo/products.csv`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for rows in souk_demo::curated_csv() {
        out.write_all(rows.as_bytes())?;
    }
    out.flush()
}
