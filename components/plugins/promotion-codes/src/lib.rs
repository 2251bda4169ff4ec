//! Discounts by code, from a fixed table of the demo shop.
//!
//! Codes are compared without regard to case. Stacking: a code counts once, one discount may be combined with free
//! shipping, and two discounts may not be combined.

mod codes;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "promotions-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::promotions::{Cart, Discount, Guest, Refusal};

/// The plug-in.
pub struct Codes;

impl Guest for Codes {
    fn apply(cart: Cart, codes: Vec<String>) -> Result<Vec<Discount>, Refusal> {
        let lines = cart.lines.iter().map(|line| (line.quantity, line.unit_price_minor));
        let earned = codes::subtotal(lines)
            .ok_or(codes::Refused::TooLarge)
            .and_then(|subtotal| codes::earned(&codes, subtotal, &cart.currency))
            .map_err(|refused| Refusal { code: refused.code().to_owned(), message: refused.to_string() })?;
        let discount = |earned: codes::Earned| Discount {
            code: earned.code.to_owned(),
            label: earned.label.to_owned(),
            amount_minor: earned.amount_minor,
            free_shipping: earned.free_shipping,
        };
        Ok(earned.into_iter().map(discount).collect())
    }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{Codes, bindings};
    bindings::export!(Codes with_types_in bindings);
}
