//! Reads the product CSV that Shopify exports, into the shapes of Souk's batch routes, and writes it so that what is
//! read is what was written.
//!
//! A product is a run of rows with one handle: the first names it, each row may add a variant. Nothing is guessed and
//! nothing is dropped in silence: a row that cannot be used is reported with its line, column and reason, and the whole
//! product it belongs to is left out, so that no product is ever imported with some of its variants missing.

mod assemble;
mod error;
mod field;
mod header;
mod lines;
mod product;
mod row;
mod write;

pub use error::{FileError, RowError};
pub use product::{Picture, Product, Status, Variant};
pub use write::{header, rows};

use souk_core::money::Currency;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Import {
    /// Products all of whose rows are good, in the file's order.
    pub products: Vec<Product>,
    /// Every row that cannot be used, in the file's order.
    pub errors: Vec<RowError>,
    /// What was ignored, in words for a person.
    pub warnings: Vec<String>,
    /// How many products were left out because of an error.
    pub left_out: usize,
    /// How many rows were read, blank ones not counted.
    pub rows: usize,
}

impl Import {
    /// `(sku, quantity)` of every variant that has a stock figure.
    pub fn stock(&self) -> impl Iterator<Item = (&str, u32)> {
        let variants = self.products.iter().flat_map(|product| &product.variants);
        variants.filter_map(|variant| variant.stock.map(|stock| (variant.sku.as_str(), stock)))
    }
}

/// Reads a file. Prices are amounts of `currency` where the file itself does not say (in a column Currency, which is not one
/// of Shopify's).
pub fn parse(data: &[u8], currency: Currency) -> Result<Import, FileError> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let mut lines = lines::Lines::new(data);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(data);
    let header = header::Header::read(reader.byte_headers().map_err(FileError::unreadable)?)?;
    let mut assembler = assemble::Assembler::new(currency);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(FileError::unreadable)? {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let line = lines.of_row(record.position().map_or(0, csv::Position::byte));
        assembler.add(row::Row::new(&header, &record, line));
    }
    Ok(assembler.finish(header.warnings()))
}
