//! Shipping rates by weight for a shop that ships from Germany: three zones, two methods, in euro.
//!
//! The whole cart is weighed; what is heavier than one parcel travels in several. Countries that no carrier of the
//! table serves get no rates at all, which means: not deliverable there.

mod parcels;
mod zones;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "shipping-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::shipping::{Cart, Guest, Rate, Refusal};

/// The plug-in.
pub struct ByWeight;

impl Guest for ByWeight {
    fn rates(cart: Cart) -> Result<Vec<Rate>, Refusal> {
        if cart.currency != "EUR" {
            return Err(Refusal {
                code: "currency-not-supported".to_owned(),
                message: format!("Shipping is priced in EUR only, not in {}.", cart.currency),
            });
        }
        let Some(zone) = zones::zone(&cart.destination.country) else { return Ok(Vec::new()) };
        let grams = parcels::weight(cart.lines.iter().map(|line| (line.quantity, line.grams)));
        let rate = |method: &parcels::Method| {
            let amount_minor = parcels::price(grams, method.steps(zone))?;
            Some(Rate { method: method.name.to_owned(), label: method.label(zone).to_owned(), amount_minor })
        };
        let mut rates: Vec<Rate> = parcels::METHODS.iter().filter_map(rate).collect();
        if rates.is_empty() {
            return Err(Refusal {
                code: "too-heavy".to_owned(),
                message: format!("The order weighs more than {} kg; split it.", parcels::MAX_GRAMS / 1000),
            });
        }
        rates.sort_by_key(|rate| rate.amount_minor);
        Ok(rates)
    }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{ByWeight, bindings};
    bindings::export!(ByWeight with_types_in bindings);
}
