//! The products of the demo shop, in the columns of the Shopify product CSV.
//!
//! [`PRODUCTS_CSV`] is the shop itself, written by hand in `demo/catalogue/` and laid out as CSV by the `products-csv`
//! binary of this crate. [`generated_csv`] makes any number of further products from the same vocabularies, one at a time,
//! for loads that need a large catalogue. Both are the same bytes on every machine.

mod catalogue;
mod curated;
mod generated;
mod hash;
mod product;
mod rows;
mod source;

/// The demo shop: a header line, then one row for each variant (more than 520 products in 12 categories).
pub const PRODUCTS_CSV: &str = include_str!("../../../demo/products.csv");

/// The demo shop's promotion codes: a JSON array of bodies for POST /api/orders/promotions.
pub const PROMOTIONS: &str = include_str!("../../../demo/promotions.json");

/// The demo shop's collections: a JSON array of bodies for POST /api/catalog/collections, whose products are in
/// [`PRODUCTS_CSV`].
pub const COLLECTIONS: &str = include_str!("../../../demo/collections.json");

/// When more of what is sold out is expected: a JSON object of SKUs of [`PRODUCTS_CSV`] and days from the day it is loaded.
pub const EXPECTED: &str = include_str!("../../../demo/expected.json");

/// A CSV of `products` made-up products in the same columns: the first item is the header line, each further item holds all
/// rows of one product, line ends included.
///
/// Handles, titles and SKUs are unique, also against those of [`PRODUCTS_CSV`]. Nothing but the product at hand is kept in
/// memory. The n-th product does not depend on how many are asked for.
pub fn generated_csv(products: usize) -> impl Iterator<Item = String> {
    std::iter::once(rows::header())
        .chain(generated::Generator::new().take(products).map(|product| rows::rows(&product)))
}

/// The demo shop, laid out from `demo/catalogue/`: what `demo/products.csv` holds.
pub fn curated_csv() -> impl Iterator<Item = String> {
    std::iter::once(rows::header()).chain(curated::products().into_iter().map(|product| rows::rows(&product)))
}

#[cfg(test)]
mod tests;
