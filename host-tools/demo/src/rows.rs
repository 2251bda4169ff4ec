//! Products as rows of the Shopify product CSV: the first row of a product has everything, the further ones only the handle and
//! what differs from variant to variant.

use crate::product::{Product, Variant};

const COLUMNS: [&str; 33] = [
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
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Fulfillment Service",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Gift Card",
    "SEO Title",
    "SEO Description",
    "Variant Weight Unit",
    "Status",
];

/// The header line.
pub(crate) fn header() -> String {
    line(COLUMNS.map(str::to_owned))
}

/// All rows of a product.
pub(crate) fn rows(product: &Product) -> String {
    let handle = slug(&product.title);
    let mut out = String::new();
    for (index, variant) in product.variants.iter().enumerate() {
        out.push_str(&line(row(product, &handle, variant, index == 0)));
    }
    out
}

fn row(product: &Product, handle: &str, variant: &Variant, first: bool) -> [String; 33] {
    let head = |text: String| if first { text } else { String::new() };
    let mut options = [const { String::new() }; 6];
    if product.option_names.is_empty() {
        // How the format says that there is nothing to choose.
        options = ["Title", "Default Title", "", "", "", ""].map(str::to_owned);
    }
    let pairs = product.option_names.iter().zip(&variant.values);
    for (slots, (name, value)) in options.chunks_mut(2).zip(pairs) {
        if let [name_slot, value_slot] = slots {
            (*name_slot, *value_slot) = (head(name.clone()), value.clone());
        }
    }
    let [name1, value1, name2, value2, name3, value3] = options;
    let image = format!("/api/catalog/media/{}/{}/{handle}.svg", slug(&product.category), slug(&product.kind));
    [
        handle.to_owned(),
        head(product.title.clone()),
        head(body(product)),
        head(product.vendor.clone()),
        head(product.category.clone()),
        head(product.kind.clone()),
        head(product.tags.join(", ")),
        head("TRUE".to_owned()),
        name1,
        value1,
        name2,
        value2,
        name3,
        value3,
        variant.sku.clone(),
        variant.grams.to_string(),
        "shopify".to_owned(),
        variant.stock.to_string(),
        "deny".to_owned(),
        "manual".to_owned(),
        price(variant.price_cents),
        variant.compare_at_cents.map(price).unwrap_or_default(),
        "TRUE".to_owned(),
        "TRUE".to_owned(),
        variant.barcode.clone(),
        head(image),
        head("1".to_owned()),
        head(format!("{} by {}", product.title, product.vendor)),
        head("FALSE".to_owned()),
        head(format!("{} | Souk", product.title)),
        head(summary(product)),
        if variant.grams < 1000 { "g" } else { "kg" }.to_owned(),
        head("active".to_owned()),
    ]
}

fn body(product: &Product) -> String {
    let mut html = String::new();
    for paragraph in &product.paragraphs {
        html.push_str("<p>");
        html.push_str(&paragraph.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        html.push_str("</p>");
    }
    html
}

/// As many whole sentences as fit into the 160 characters that a search engine shows, or whole words of the first one.
fn summary(product: &Product) -> String {
    const LIMIT: usize = 160;
    let text = product.paragraphs.first().map(String::as_str).unwrap_or_default();
    let mut best = None;
    for (at, _) in text.match_indices(['.', '!', '?']) {
        let sentence = text.get(..=at).unwrap_or(text);
        let ends = text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
        if ends && sentence.chars().count() <= LIMIT {
            best = Some(sentence.to_owned());
        }
    }
    best.unwrap_or_else(|| {
        let mut short = String::new();
        for word in text.split(' ') {
            if short.chars().count() + word.chars().count() + 2 > LIMIT {
                break;
            }
            short.push_str(word);
            short.push(' ');
        }
        format!("{}…", short.trim_end_matches([' ', ',', ';', ':']))
    })
}

fn price(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn line<const N: usize>(fields: [String; N]) -> String {
    let mut out = String::new();
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
    out
}

/// The same folding as the catalogue and the pictures use; a test compares them.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'é' | 'è' | 'ê' => out.push('e'),
            'ü' => out.push('u'),
            'ö' => out.push('o'),
            'â' | 'à' => out.push('a'),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            '\'' | '’' => {}
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    while out.ends_with('-') {
        out.pop();
    }
    out
}
