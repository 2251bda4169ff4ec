//! Sales tax for a shop that sells within the European Union: VAT at the destination's standard rate.
//!
//! Prices are net. The taxed amount is the subtotal less the discount, plus shipping, and the tax is rounded half up to
//! the minor unit, once for the whole order. Outside the Union no VAT is charged.

mod rates;
mod vat;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "tax-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::tax::{Cart, Guest, Refusal, Tax};

/// The plug-in.
pub struct EuVat;

impl Guest for EuVat {
    fn compute(cart: Cart, discount_minor: i64, shipping_minor: i64) -> Result<Tax, Refusal> {
        let lines = cart.lines.iter().map(|line| (line.quantity, line.unit_price_minor));
        let too_large = || Refusal {
            code: "amount-too-large".to_owned(),
            message: "The order is too large to be taxed; split it.".to_owned(),
        };
        let base = vat::taxed_amount(lines, discount_minor, shipping_minor).ok_or_else(too_large)?;
        let Some(per_mille) = rates::standard_rate(&cart.destination.country) else {
            return Ok(Tax { amount_minor: 0, label: "No VAT outside the EU".to_owned() });
        };
        let amount_minor = vat::of(base, per_mille).ok_or_else(too_large)?;
        Ok(Tax { amount_minor, label: rates::label(per_mille) })
    }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{EuVat, bindings};
    bindings::export!(EuVat with_types_in bindings);
}
