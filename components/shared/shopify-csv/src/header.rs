//! The header row: which column is where. Names are compared without regard to case and outer blanks.

use std::collections::HashMap;

use crate::error::FileError;

/// The columns that are used, by Shopify's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    OptionName(u8),
    OptionValue(u8),
    Sku,
    Grams,
    Quantity,
    Price,
    CompareAt,
    Barcode,
    ImageSrc,
    ImageAlt,
    Currency,
}

/// The most options a product may have, in Shopify as here.
pub(crate) const MAX_OPTIONS: u8 = 3;

const REQUIRED: [(Column, &str); 4] = [
    (Column::Handle, "Handle"),
    (Column::Title, "Title"),
    (Column::Sku, "Variant SKU"),
    (Column::Price, "Variant Price"),
];

/// Columns of Shopify's exports that have no meaning here; they are ignored without a warning.
const IGNORED: [&str; 18] = [
    "variant inventory tracker",
    "variant inventory policy",
    "variant fulfillment service",
    "variant requires shipping",
    "variant taxable",
    "variant weight unit",
    "variant tax code",
    "variant image",
    "image position",
    "gift card",
    "seo title",
    "seo description",
    "cost per item",
    "unit price total measure",
    "unit price total measure unit",
    "unit price base measure",
    "unit price base measure unit",
    "collection",
];

pub(crate) struct Header {
    positions: HashMap<Column, usize>,
    names: Vec<String>,
    unknown: Vec<String>,
    /// Columns of a fourth option and beyond: a row that fills one is an error.
    beyond: Vec<usize>,
}

impl Header {
    pub(crate) fn read(record: &csv::ByteRecord) -> Result<Self, FileError> {
        let names: Vec<String> =
            record.iter().map(|cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned()).collect();
        if names.iter().all(String::is_empty) {
            return Err(FileError::Empty);
        }
        let mut header = Self { positions: HashMap::new(), names, unknown: Vec::new(), beyond: Vec::new() };
        for (index, name) in header.names.iter().enumerate() {
            let folded = name.to_lowercase();
            match known(&folded) {
                Some(Column::OptionName(n) | Column::OptionValue(n)) if n > MAX_OPTIONS => header.beyond.push(index),
                Some(column) => {
                    if header.positions.insert(column, index).is_some() {
                        return Err(FileError::DuplicateColumn(name.clone()));
                    }
                }
                None if folded.is_empty() || ignored(&folded) => {}
                None => header.unknown.push(name.clone()),
            }
        }
        let missing: Vec<&'static str> = REQUIRED
            .iter()
            .filter(|(column, _)| !header.positions.contains_key(column))
            .map(|(_, name)| *name)
            .collect();
        if missing.is_empty() { Ok(header) } else { Err(FileError::MissingColumns(missing)) }
    }

    pub(crate) fn position(&self, column: Column) -> Option<usize> {
        self.positions.get(&column).copied()
    }

    /// The column's name as the file writes it.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.names.get(index).map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn beyond_options(&self) -> &[usize] {
        &self.beyond
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        self.unknown.iter().map(|name| format!("column \"{name}\" is not known and was ignored")).collect()
    }
}

fn known(folded: &str) -> Option<Column> {
    Some(match folded {
        "handle" => Column::Handle,
        "title" => Column::Title,
        "body (html)" | "body html" => Column::Body,
        "vendor" => Column::Vendor,
        "product category" => Column::Category,
        "type" => Column::Type,
        "tags" => Column::Tags,
        "published" => Column::Published,
        "status" => Column::Status,
        "variant sku" => Column::Sku,
        "variant grams" => Column::Grams,
        "variant inventory qty" => Column::Quantity,
        "variant price" => Column::Price,
        "variant compare at price" => Column::CompareAt,
        "variant barcode" => Column::Barcode,
        "image src" => Column::ImageSrc,
        "image alt text" => Column::ImageAlt,
        // Not one of Shopify's: the catalog's own exports say what their amounts are amounts of.
        "currency" => Column::Currency,
        _ => return option_column(folded),
    })
}

/// "option1 name", "option1 value".
fn option_column(folded: &str) -> Option<Column> {
    let (number, what) = folded.strip_prefix("option")?.split_once(' ')?;
    let number: u8 = number.parse().ok().filter(|n| *n > 0)?;
    match what {
        "name" => Some(Column::OptionName(number)),
        "value" => Some(Column::OptionValue(number)),
        _ => None,
    }
}

/// Shopify's market columns ("Price / Germany"), metafields and shopping feeds belong to its own features.
fn ignored(folded: &str) -> bool {
    let families = ["google shopping / ", "included / ", "price / ", "compare at price / ", "compare-at price / "];
    IGNORED.contains(&folded)
        || families.iter().any(|family| folded.starts_with(family))
        || folded.contains("(product.metafields.")
        || (folded.starts_with("option") && folded.ends_with(" linked to"))
}
