//! Discounts by code: percentages, fixed amounts, free pieces and free shipping, computed from the rules that the order
//! service hands over. It knows no codes of its own and keeps nothing.

mod codes;

#[allow(unsafe_code, missing_docs, reason = "generated from wit/checkout")]
mod bindings {
    wit_bindgen::generate!({ world: "promotions-plugin", path: "../../../wit/checkout" });
}

use bindings::exports::souk::checkout::promotions::{Benefit, Cart, Discount, Guest, Refusal, Rule};

/// The plug-in.
pub struct Codes;

impl Guest for Codes {
    fn apply(cart: Cart, rules: Vec<Rule>) -> Result<Vec<Discount>, Refusal> {
        let lines: Vec<codes::Line> = cart
            .lines
            .into_iter()
            .map(|line| codes::Line { sku: line.sku, quantity: line.quantity, unit_price_minor: line.unit_price_minor })
            .collect();
        let rules: Vec<codes::Rule> = rules.into_iter().map(rule).collect();
        let earned = codes::earned(&rules, &lines)
            .map_err(|refused| Refusal { code: refused.code().to_owned(), message: refused.to_string() })?;
        let discount = |earned: codes::Earned| Discount {
            code: earned.code,
            label: earned.label,
            amount_minor: earned.amount_minor,
            free_shipping: earned.free_shipping,
        };
        Ok(earned.into_iter().map(discount).collect())
    }
}

fn rule(rule: Rule) -> codes::Rule {
    codes::Rule {
        code: rule.code,
        label: rule.label,
        benefit: match rule.benefit {
            Benefit::Percentage(hundredths) => codes::Benefit::Percentage(hundredths),
            Benefit::FixedMinor(off_minor) => codes::Benefit::Fixed(off_minor),
            Benefit::BuyXGetY(offer) => codes::Benefit::BuyGet { buy: offer.buy, get: offer.get },
            Benefit::FreeShipping => codes::Benefit::FreeShipping,
        },
        min_subtotal_minor: rule.min_subtotal_minor,
        skus: rule.skus,
        combinable: rule.combinable,
    }
}

// A native library cannot export such names; the tests need none of them.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the generated export glue")]
mod export {
    use super::{Codes, bindings};
    bindings::export!(Codes with_types_in bindings);
}
