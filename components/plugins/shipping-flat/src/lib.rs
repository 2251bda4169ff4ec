//! One flat shipping rate to everywhere, and free shipping for carts from a threshold on.
//!
//! Rate and threshold are those of the cart's currency; a currency without a rate is refused. The threshold looks at what
//! the cart's lines cost, before any discount.

mod rates;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "shipping-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::shipping::{Cart, Guest, Rate, Refusal};

/// The plug-in.
pub struct Flat;

impl Guest for Flat {
    fn rates(cart: Cart) -> Result<Vec<Rate>, Refusal> {
        let Some(flat) = rates::flat(&cart.currency) else {
            return Err(Refusal {
                code: "currency-not-supported".to_owned(),
                message: format!("There is no shipping rate in {}.", cart.currency),
            });
        };
        let lines = cart.lines.iter().map(|line| (line.quantity, line.unit_price_minor));
        let subtotal = rates::subtotal(lines).ok_or_else(|| Refusal {
            code: "amount-too-large".to_owned(),
            message: "The order is too large; split it.".to_owned(),
        })?;
        let amount_minor = flat.price(subtotal);
        let label = if amount_minor == 0 { "Free shipping" } else { "Flat rate" };
        Ok(vec![Rate { method: "standard".to_owned(), label: label.to_owned(), amount_minor }])
    }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{Flat, bindings};
    bindings::export!(Flat with_types_in bindings);
}
