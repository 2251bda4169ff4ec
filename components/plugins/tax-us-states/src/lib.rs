//! Sales tax for a shop that sells within the United States: the destination state's own rate.
//!
//! Prices are net. The taxed amount is the subtotal less the discount, plus shipping where the state taxes delivery, and
//! the tax is rounded half up to the cent, once for the whole order. County and city rates are left out. Outside the
//! United States no sales tax is charged.

mod states;
mod tax;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "tax-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::tax::{Cart, Guest, Refusal, Tax};

/// The plug-in.
pub struct UsStates;

impl Guest for UsStates {
    fn compute(cart: Cart, discount_minor: i64, shipping_minor: i64) -> Result<Tax, Refusal> {
        if cart.destination.country != "US" {
            return Ok(Tax { amount_minor: 0, label: "No sales tax outside the US".to_owned() });
        }
        let region = cart.destination.region.unwrap_or_default();
        let Some(state) = states::find(&region) else { return Err(no_state(&region)) };
        let lines = cart.lines.iter().map(|line| (line.quantity, line.unit_price_minor));
        let shipping_minor = if state.taxes_shipping { shipping_minor } else { 0 };
        let amount_minor = tax::taxed_amount(lines, discount_minor, shipping_minor)
            .and_then(|base| tax::of(base, state.rate))
            .ok_or_else(too_large)?;
        Ok(Tax { amount_minor, label: state.label() })
    }
}

fn no_state(region: &str) -> Refusal {
    let message = match region.trim() {
        "" => "Name the state of the address, as in CA or California.".to_owned(),
        region => format!("We know no state {region}; write it as in CA or California."),
    };
    Refusal { code: "state-unknown".to_owned(), message }
}

fn too_large() -> Refusal {
    Refusal { code: "amount-too-large".to_owned(), message: "The order is too large to be taxed; split it.".to_owned() }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{UsStates, bindings};
    bindings::export!(UsStates with_types_in bindings);
}

#[cfg(test)]
mod tests {
    use super::*;
    use bindings::exports::souk::checkout::tax::Cart;
    use bindings::souk::checkout::types::{Address, Line};

    fn compute(country: &str, region: Option<&str>) -> Result<(i64, String), String> {
        let line = Line { sku: "A".to_owned(), quantity: 2, unit_price_minor: 5000, grams: 0 };
        let destination = Address {
            city: "Springfield".to_owned(),
            postal_code: "00000".to_owned(),
            region: region.map(str::to_owned),
            country: country.to_owned(),
        };
        let cart = Cart { currency: "USD".to_owned(), lines: vec![line], destination };
        UsStates::compute(cart, 1000, 500).map(|tax| (tax.amount_minor, tax.label)).map_err(|refusal| refusal.code)
    }

    #[test]
    fn shipping_is_taxed_where_the_state_taxes_it() {
        assert_eq!(compute("US", Some("CA")), Ok((653, "Sales tax 7.25 % (CA)".to_owned())), "652.5 of 90.00");
        assert_eq!(compute("US", Some("MN")), Ok((653, "Sales tax 6.875 % (MN)".to_owned())), "653.125 of 95.00");
        assert_eq!(compute("US", Some("OR")), Ok((0, "No sales tax (OR)".to_owned())));
    }

    #[test]
    fn an_address_without_a_state_is_sent_back_to_the_shopper() {
        assert_eq!(compute("US", None), Err("state-unknown".to_owned()));
        assert_eq!(compute("US", Some("Bavaria")), Err("state-unknown".to_owned()));
        assert_eq!(compute("DE", Some("Bavaria")), Ok((0, "No sales tax outside the US".to_owned())));
    }
}
