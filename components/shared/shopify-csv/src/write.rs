//! Products as rows of the same CSV: what [`parse`](crate::parse) reads of them is what was given.

use souk_core::money::Money;

use crate::product::{Picture, Product, Status, Variant};

const COLUMNS: [&str; 24] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Status",
    "Currency",
];

/// The header line.
pub fn header() -> String {
    let mut out = String::new();
    push_line(&mut out, COLUMNS);
    out
}

/// Adds all rows of a product to `out`: the first has everything that is said once, each has a variant, a picture, or both.
pub fn rows(product: &Product, out: &mut String) {
    for index in 0..product.variants.len().max(product.media.len()) {
        push_row(product, index, product.variants.get(index), product.media.get(index), out);
    }
}

fn push_row(product: &Product, index: usize, variant: Option<&Variant>, picture: Option<&Picture>, out: &mut String) {
    let first = index == 0;
    let head = |text: String| if first { text } else { String::new() };
    let [mut options, mut values] = [const { [const { String::new() }; 3] }; 2];
    if product.options.is_empty() && variant.is_some() {
        // How the format says that there is nothing to choose.
        options[0] = head("Title".to_owned());
        values[0] = "Default Title".to_owned();
    }
    for (slot, name) in options.iter_mut().zip(&product.options) {
        *slot = head(name.clone());
    }
    for (slot, value) in values.iter_mut().zip(variant.map(|variant| variant.options.as_slice()).unwrap_or_default()) {
        value.clone_into(slot);
    }
    let [option1, option2, option3] = options;
    let [value1, value2, value3] = values;
    let of_variant = |text: fn(&Variant) -> String| variant.map(text).unwrap_or_default();
    let currency = product.variants.first().map(|variant| variant.price.currency.as_str().to_owned());
    let (status, published) = match product.status {
        Status::Active => ("active", "TRUE"),
        Status::Draft => ("draft", "FALSE"),
        Status::Archived => ("archived", "FALSE"),
    };
    let cells = [
        product.handle.clone(),
        head(product.title.clone()),
        head(product.description_html.clone()),
        head(product.vendor.clone()),
        head(product.category.clone()),
        head(product.product_type.clone()),
        head(product.tags.join(", ")),
        head(published.to_owned()),
        option1,
        value1,
        option2,
        value2,
        option3,
        value3,
        of_variant(|variant| variant.sku.to_string()),
        of_variant(|variant| variant.grams.to_string()),
        of_variant(|variant| amount(variant.price)),
        of_variant(|variant| variant.compare_at.map(amount).unwrap_or_default()),
        of_variant(|variant| variant.barcode.clone().unwrap_or_default()),
        picture.map(|picture| picture.url.clone()).unwrap_or_default(),
        picture.map(|_| (index + 1).to_string()).unwrap_or_default(),
        picture.map(|picture| picture.alt.clone()).unwrap_or_default(),
        head(status.to_owned()),
        head(currency.unwrap_or_default()),
    ];
    push_line(out, cells.each_ref().map(String::as_str));
}

/// With as many decimals as the currency has.
fn amount(money: Money) -> String {
    let exponent = money.currency.exponent();
    let scale = 10_i64.pow(exponent);
    let (units, part) = (money.amount_minor / scale, money.amount_minor % scale);
    if exponent == 0 { units.to_string() } else { format!("{units}.{part:0width$}", width = exponent as usize) }
}

fn push_line(out: &mut String, cells: [&str; 24]) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}
