//! A product with its variants: how options become variants, and how size, weight and number move price and weight.

use crate::hash;
use crate::source::OptionSet;

/// A product as the CSV shows it.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) vendor: String,
    pub(crate) category: String,
    pub(crate) kind: String,
    pub(crate) tags: Vec<String>,
    pub(crate) option_names: Vec<String>,
    pub(crate) variants: Vec<Variant>,
}

/// One thing that can be bought.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) sku: String,
    pub(crate) values: Vec<String>,
    pub(crate) grams: u32,
    pub(crate) stock: u64,
    pub(crate) price_cents: u64,
    pub(crate) compare_at_cents: Option<u64>,
    pub(crate) barcode: String,
}

/// What the variants of one product are made from.
pub(crate) struct Pricing<'a> {
    pub(crate) prefix: &'a str,
    /// Counts from 1 in each category; part of every SKU and barcode.
    pub(crate) number: usize,
    pub(crate) category_number: usize,
    pub(crate) price_cents: u64,
    pub(crate) compare_at_cents: Option<u64>,
    pub(crate) grams: u32,
}

/// Every combination of the options' values as a variant; a single variant when there are no options.
pub(crate) fn variants(pricing: &Pricing<'_>, options: &[OptionSet<'_>]) -> Vec<Variant> {
    let mut combinations: Vec<(Vec<&str>, f64)> = vec![(Vec::new(), 1.0)];
    for option in options {
        let mut longer = Vec::new();
        for (values, factor) in &combinations {
            for (index, value) in option.values.iter().enumerate() {
                let mut values = values.clone();
                values.push(value);
                longer.push((values, factor * self::factor(option, index)));
            }
        }
        combinations = longer;
    }
    let weighed = options.iter().any(|option| option.name == "Weight");
    let mut out = Vec::with_capacity(combinations.len());
    for (index, (values, factor)) in combinations.into_iter().enumerate() {
        let sku = sku(pricing, &values);
        let price_cents = scaled(pricing.price_cents, factor);
        let mass = if weighed { factor.powf(1.0 / 0.93) } else { factor };
        out.push(Variant {
            stock: stock(&sku, price_cents),
            values: values.into_iter().map(str::to_owned).collect(),
            grams: (f64::from(pricing.grams) * mass).round() as u32,
            price_cents,
            compare_at_cents: pricing.compare_at_cents.map(|before| scaled(before, factor)),
            barcode: barcode(pricing, index),
            sku,
        });
    }
    out
}

/// `TEA-0012-250G`: letters of the category, a number, the values.
fn sku(pricing: &Pricing<'_>, values: &[&str]) -> String {
    let mut sku = format!("{}-{:04}", pricing.prefix, pricing.number);
    for value in values.iter().filter(|value| **value != "Single") {
        sku.push('-');
        for c in value.trim_end_matches(" cm").chars() {
            match c {
                '×' => sku.push('X'),
                '²' => sku.push('2'),
                c if c.is_ascii_alphanumeric() => sku.push(c.to_ascii_uppercase()),
                ' ' | '-' if value.contains(|c: char| c.is_ascii_digit()) => {}
                ' ' | '-' => sku.push('-'),
                _ => {}
            }
        }
    }
    sku
}

/// How much more the value at `index` costs than the first one. Larger packs are cheaper by the gram.
fn factor(option: &OptionSet<'_>, index: usize) -> f64 {
    let (Some(first), Some(value)) = (option.values.first(), option.values.get(index)) else { return 1.0 };
    let exponent = match option.name {
        "Weight" => 0.93,
        "Volume" => 0.8,
        "Set" | "Bars" | "Packet" | "Sheets" => 0.92,
        "Pieces" | "Pipes" | "Moves" => 0.45,
        "Length" | "Height" | "Blade" => 0.8,
        "Size" | "Diameter" | "Head" | "Board" if value.ends_with("cups") || value.ends_with("lines") => 0.55,
        "Size" if value.ends_with(" l") => 0.8,
        "Size" | "Diameter" | "Head" | "Board" if value.contains('×') => 0.75,
        "Size" | "Diameter" | "Head" | "Board" => 1.15,
        _ => return 1.0,
    };
    match (measure(first), measure(value)) {
        (Some(base), Some(this)) if base > 0.0 => (this / base).powf(exponent),
        _ => 1.0 + 0.35 * index as f64,
    }
}

/// The size that a value names, in grams, millilitres, centimetres, square centimetres or pieces.
fn measure(value: &str) -> Option<f64> {
    let mut product = None;
    for part in value.split('×') {
        let mut found = None;
        for word in part.split_whitespace() {
            found = found.or_else(|| word.parse::<f64>().ok()).or_else(|| count(word));
        }
        product = Some(product.unwrap_or(1.0) * found?);
    }
    let unit = if value.ends_with(" kg") || value.ends_with(" l") { 1000.0 } else { 1.0 };
    product.map(|size| size * unit)
}

fn count(word: &str) -> Option<f64> {
    const WORDS: [(&str, f64); 12] = [
        ("Single", 1.0),
        ("One", 1.0),
        ("Two", 2.0),
        ("Three", 3.0),
        ("Four", 4.0),
        ("Six", 6.0),
        ("Seven", 7.0),
        ("Eight", 8.0),
        ("Ten", 10.0),
        ("Thirteen", 13.0),
        ("Twenty", 20.0),
        ("Twenty-five", 25.0),
    ];
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n)
}

/// A price times a factor, rounded to what a merchant would write: tens of cents, half euros, whole euros.
fn scaled(cents: u64, factor: f64) -> u64 {
    if factor == 1.0 {
        return cents;
    }
    let raw = cents as f64 * factor;
    let step = if raw < 2_000.0 {
        10.0
    } else if raw < 10_000.0 {
        50.0
    } else {
        100.0
    };
    ((raw / step).round() * step) as u64
}

/// Mostly plenty, sometimes a handful, now and then nothing; fewer of what is dear.
fn stock(sku: &str, price_cents: u64) -> u64 {
    let most = match price_cents {
        0..2_000 => 320,
        2_000..8_000 => 140,
        8_000..30_000 => 40,
        _ => 10,
    };
    match hash::of(sku, 1) % 100 {
        0..4 => 0,
        4..14 => 1 + hash::of(sku, 2) % 5,
        _ => 6 + hash::of(sku, 3) % most,
    }
}

/// An EAN-13 in the range that is kept for use inside a shop (it starts with 2).
fn barcode(pricing: &Pricing<'_>, variant: usize) -> String {
    let digits = format!("2{:02}{:07}{:02}", pricing.category_number % 100, pricing.number % 10_000_000, variant % 100);
    let sum: u32 = digits.chars().zip([1, 3].into_iter().cycle()).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
