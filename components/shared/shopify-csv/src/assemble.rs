//! Puts rows together to products, and keeps handles, SKUs and option values unique.

use std::collections::{HashMap, HashSet};

use souk_core::money::Currency;

use crate::header::{Column, MAX_OPTIONS};
use crate::product::{Picture, Product, Variant};
use crate::row::Row;
use crate::{Import, field};

// The catalog's limits: what it would refuse is refused here, where the line is known.
const MAX_VARIANTS: usize = 100;
const MAX_TITLE: usize = 200;
const MAX_BODY: usize = 50_000;
const MAX_NAME: usize = 100;
const MAX_OPTION_NAME: usize = 50;
const MAX_OPTION_VALUE: usize = 100;
const MAX_BARCODE: usize = 64;
const MAX_ALT: usize = 300;
const MAX_PICTURES: usize = 50;

pub(crate) struct Assembler {
    /// Of files, or products in them, that do not name one.
    currency: Currency,
    /// Of the current product.
    current_currency: Currency,
    import: Import,
    current: Option<Product>,
    /// The line of each handle's first row.
    handles: HashMap<String, u64>,
    /// The line of each SKU.
    skus: HashMap<String, u64>,
    /// Handles that have a bad row; none of their rows is imported.
    bad: HashSet<String>,
}

impl Assembler {
    pub(crate) fn new(currency: Currency) -> Self {
        Self {
            currency,
            current_currency: currency,
            import: Import::default(),
            current: None,
            handles: HashMap::new(),
            skus: HashMap::new(),
            bad: HashSet::new(),
        }
    }

    pub(crate) fn add(&mut self, mut row: Row<'_>) {
        self.import.rows += 1;
        let handle = row.parsed(Column::Handle, field::handle);
        // A row whose fields have shifted would yield a misleading reason for each of them.
        if let Some(handle) = &handle
            && row.errors.is_empty()
        {
            let continues = self.current.as_ref().is_some_and(|product| product.handle == *handle);
            if !continues && self.bad.contains(handle) && !self.handles.contains_key(handle) {
                // Its first row, which names title and options, could not be read: nothing here can be judged.
                return;
            }
            if !continues {
                self.begin(handle, &mut row);
            }
            self.add_variant(&mut row, !continues);
            self.add_picture(&mut row, !continues);
        }
        if !row.errors.is_empty() {
            if let Some(handle) = handle {
                self.bad.insert(handle);
            }
            self.import.errors.append(&mut row.errors);
        }
    }

    pub(crate) fn finish(mut self, warnings: Vec<String>) -> Import {
        self.close();
        let bad = self.bad;
        self.import.products.retain(|product| !bad.contains(&product.handle));
        self.import.left_out = bad.len();
        self.import.errors.sort_by_key(|error| error.line);
        self.import.warnings = warnings;
        self.import
    }

    /// The first row of a product.
    fn begin(&mut self, handle: &str, row: &mut Row<'_>) {
        self.close();
        if let Some(line) = self.handles.get(handle) {
            row.fail(
                Some(Column::Handle),
                format!("\"{handle}\" stands on line {line} already: a product's rows stand together"),
            );
        } else {
            self.handles.insert(handle.to_owned(), row.line);
        }
        let title = row.line(Column::Title, MAX_TITLE);
        if title.is_empty() {
            row.fail(Some(Column::Title), "is empty: the first row of a product names it".to_owned());
        }
        let published = row.text(Column::Published);
        let status = row.parsed(Column::Status, |text| field::status(text, &published));
        let product_type = row.line(Column::Type, MAX_NAME);
        // Files without Shopify's newer category column say the same with the type.
        let category = row.parsed(Column::Category, field::category).unwrap_or_default();
        let category = if category.is_empty() { product_type.clone() } else { category };
        let product = Product {
            handle: handle.to_owned(),
            title,
            description_html: row.text_within(Column::Body, MAX_BODY),
            vendor: row.line(Column::Vendor, MAX_NAME),
            category,
            product_type,
            tags: row.parsed(Column::Tags, field::tags).unwrap_or_default(),
            status: status.unwrap_or(crate::Status::Draft),
            image_url: String::new(),
            image_alt: String::new(),
            options: option_names(row),
            variants: Vec::new(),
            media: Vec::new(),
            line: row.line,
        };
        self.current_currency = row.parsed(Column::Currency, field::currency).flatten().unwrap_or(self.currency);
        self.current = Some(product);
    }

    /// Any row may hold a variant; a later one with nothing but a picture holds none.
    fn add_variant(&mut self, row: &mut Row<'_>, first: bool) {
        let Some(product) = &mut self.current else { return };
        let mut values: Vec<String> =
            (1..=MAX_OPTIONS).map(|n| row.line(Column::OptionValue(n), MAX_OPTION_VALUE)).collect();
        let variant_cells =
            [Column::Sku, Column::Price, Column::Grams, Column::Quantity, Column::CompareAt, Column::Barcode];
        let empty = values.iter().all(String::is_empty) && variant_cells.iter().all(|c| row.text(*c).is_empty());
        if empty && !first {
            return;
        }
        let names = product.options.len();
        check_option_values(row, &values, names);
        values.truncate(names);

        let currency = self.current_currency;
        let sku = row.parsed(Column::Sku, field::sku);
        let price = row.parsed(Column::Price, |text| field::price(text, currency));
        let compare_at = row.parsed(Column::CompareAt, |text| field::optional_price(text, currency));
        let grams = row.parsed(Column::Grams, field::grams);
        let stock = row.parsed(Column::Quantity, field::stock);
        let barcode = Some(row.line(Column::Barcode, MAX_BARCODE)).filter(|text| !text.is_empty());
        if let Some(sku) = &sku
            && let Some(line) = self.skus.insert(sku.as_str().to_owned(), row.line)
        {
            row.fail(
                Some(Column::Sku),
                format!("\"{sku}\" stands on line {line} already: a SKU is unique in the shop"),
            );
        }
        if product.variants.iter().any(|other| other.options == values) && row.errors.is_empty() {
            let reason = match names {
                0 => "a product without options has one variant: name the options".to_owned(),
                _ => format!("the options \"{}\" are taken by another variant of this product", values.join(" / ")),
            };
            row.fail(Some(Column::OptionValue(1)), reason);
        }
        if product.variants.len() == MAX_VARIANTS {
            row.fail(None, format!("is variant {} of its product, and at most {MAX_VARIANTS} fit", MAX_VARIANTS + 1));
        }
        let (Some(sku), Some(price), Some(compare_at), Some(grams), Some(stock)) =
            (sku, price, compare_at, grams, stock)
        else {
            return;
        };
        if row.errors.is_empty() {
            product.variants.push(Variant {
                sku,
                options: values,
                price,
                compare_at,
                grams,
                barcode,
                stock,
                line: row.line,
            });
        }
    }

    /// Any row may show a picture. Words without one describe the picture that the shop draws itself.
    fn add_picture(&mut self, row: &mut Row<'_>, first: bool) {
        let Some(product) = &mut self.current else { return };
        let url = row.parsed(Column::ImageSrc, field::image).unwrap_or_default();
        let alt = row.line(Column::ImageAlt, MAX_ALT);
        if product.media.len() == MAX_PICTURES && !url.is_empty() {
            row.fail(Some(Column::ImageSrc), format!("is a picture too many: at most {MAX_PICTURES} fit"));
        } else if !url.is_empty() {
            if product.media.is_empty() {
                (product.image_url, product.image_alt) = (url.clone(), alt.clone());
            }
            product.media.push(Picture { url, alt });
        } else if first {
            product.image_alt = alt;
        }
    }

    fn close(&mut self) {
        let Some(product) = self.current.take() else { return };
        self.import.products.push(product);
    }
}

/// "Title" with the value "Default Title" is how Shopify writes a product without options.
fn option_names(row: &mut Row<'_>) -> Vec<String> {
    let names: Vec<String> = (1..=MAX_OPTIONS).map(|n| row.line(Column::OptionName(n), MAX_OPTION_NAME)).collect();
    if names.first().is_some_and(|name| name.eq_ignore_ascii_case("title"))
        && row.text(Column::OptionValue(1)).eq_ignore_ascii_case("default title")
    {
        return Vec::new();
    }
    let used: Vec<String> = names.iter().take_while(|name| !name.is_empty()).cloned().collect();
    for (n, name) in (1..).zip(&names) {
        if name.is_empty() {
            continue;
        }
        if usize::from(n) > used.len() {
            row.fail(Some(Column::OptionName(n)), "is filled although an option before it is empty".to_owned());
        } else if used.iter().filter(|other| other.eq_ignore_ascii_case(name)).count() > 1 {
            row.fail(Some(Column::OptionName(n)), format!("\"{name}\" names two options"));
        }
    }
    used
}

/// A value for each named option, and none for others; Shopify fills "Default Title" where there is no option.
fn check_option_values(row: &mut Row<'_>, values: &[String], names: usize) {
    for (n, value) in (1..).zip(values) {
        let named = usize::from(n) <= names;
        if named && value.is_empty() {
            row.fail(Some(Column::OptionValue(n)), "is empty: each variant has a value for each option".to_owned());
        } else if !named && !value.is_empty() && !value.eq_ignore_ascii_case("default title") {
            row.fail(
                Some(Column::OptionValue(n)),
                format!("\"{value}\" belongs to no option: fill Option{n} Name on the product's first row"),
            );
        }
    }
}
