//! One sellable form of a product, as a merchant gives it, and what must be true of it.

use super::product::Faults;
use serde::{Deserialize, Serialize};
use souk_core::money::{Currency, Money};
use souk_core::sku::Sku;
use souk_core::text;
use utoipa::ToSchema;

/// The most minor units of a price.
pub const MAX_PRICE_MINOR: i64 = 1_000_000_000_000;
const MAX_GRAMS: i64 = 1_000_000;

/// A variant as a merchant writes it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// Unique in the whole shop.
    #[schema(example = "KETTLE-COPPER-1L", min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
    pub sku: String,
    /// One value for each of the product's options.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub options: Vec<String>,
    /// What it costs; all variants of a product in one currency.
    pub price: Money,
    /// What it used to cost. Kept only when it is more than the price.
    #[serde(default)]
    pub compare_at: Option<Money>,
    /// Weight of one piece, 0 to 1,000,000.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000000)]
    pub grams: i64,
    /// GTIN, EAN or the like, at most 64 characters.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub barcode: Option<String>,
}

/// A variant that passed, as the database's functions take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariantContent {
    /// Unique in the whole shop.
    pub sku: String,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    /// Price in minor units.
    pub price_minor: i64,
    /// The price's currency.
    pub currency: Currency,
    /// Former price in minor units.
    pub compare_at_minor: Option<i64>,
    /// Weight of one piece.
    pub grams: i64,
    /// GTIN, EAN or the like.
    pub barcode: Option<String>,
}

/// Checks all variants of one product against each other and against the number of its options.
pub fn check_all(given: &[VariantInput], options: usize, path: &str, faults: &mut Faults) -> Vec<VariantContent> {
    if given.is_empty() || given.len() > 100 {
        faults.add(format!("{path}variants"), "must have 1 to 100 variants");
    }
    if options == 0 && given.len() > 1 {
        faults.add(format!("{path}options"), "must name what the variants differ in, as in [\"Size\"]");
    }
    let mut passed: Vec<VariantContent> = Vec::with_capacity(given.len());
    for (index, variant) in given.iter().take(100).enumerate() {
        let path = format!("{path}variants[{index}].");
        let Some(content) = check(variant, options, &path, faults) else { continue };
        if passed.iter().any(|other| other.options == content.options) && options > 0 {
            faults.add(format!("{path}options"), "are the same as another variant's");
        }
        if passed.first().is_some_and(|first| first.currency != content.currency) {
            faults.add(format!("{path}price.currency"), "must be the same for all variants of a product");
        }
        passed.push(content);
    }
    passed
}

fn check(given: &VariantInput, options: usize, path: &str, faults: &mut Faults) -> Option<VariantContent> {
    let before = faults.count();
    if let Err(error) = Sku::parse(&given.sku) {
        faults.add(format!("{path}sku"), error.to_string());
    }
    if given.options.len() != options {
        faults.add(
            format!("{path}options"),
            format!("must have {options} values, one for each of the product's options"),
        );
    }
    let values = given
        .options
        .iter()
        .take(options)
        .enumerate()
        .map(|(index, value)| faults.text(format!("{path}options[{index}]"), text::line(value, 1, 100)));
    let values: Vec<String> = values.collect();
    if !(0..=MAX_PRICE_MINOR).contains(&given.price.amount_minor) {
        faults.add(format!("{path}price.amount_minor"), format!("must be 0 to {MAX_PRICE_MINOR}"));
    }
    if let Some(compare_at) = given.compare_at {
        if compare_at.currency != given.price.currency {
            faults.add(format!("{path}compare_at.currency"), "must be the price's currency");
        }
        if !(0..=MAX_PRICE_MINOR).contains(&compare_at.amount_minor) {
            faults.add(format!("{path}compare_at.amount_minor"), format!("must be 0 to {MAX_PRICE_MINOR}"));
        }
    }
    if !(0..=MAX_GRAMS).contains(&given.grams) {
        faults.add(format!("{path}grams"), format!("must be 0 to {MAX_GRAMS}"));
    }
    let barcode = faults.text(format!("{path}barcode"), text::line(given.barcode.as_deref().unwrap_or(""), 0, 64));
    (faults.count() == before).then(|| VariantContent {
        sku: given.sku.clone(),
        options: values,
        price_minor: given.price.amount_minor,
        currency: given.price.currency,
        compare_at_minor: given
            .compare_at
            .map(|money| money.amount_minor)
            .filter(|old| *old > given.price.amount_minor),
        grams: given.grams,
        barcode: Some(barcode).filter(|code| !code.is_empty()),
    })
}
