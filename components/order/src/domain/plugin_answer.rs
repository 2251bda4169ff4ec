//! What is checked of a plug-in's answer before anything is made of it. A plug-in is believed about its subject; an
//! amount or a text outside of what its contract allows fails the request, by the plug-in's name.

use super::{
    promotion::Rule,
    quote::{Discount, QuoteError, Rate, Refusal, Tax},
};
use souk_core::text;

/// What JSON readers hold exactly. With it no sum of a quote's parts overflows.
const MOST: i64 = 9_007_199_254_740_991;
/// The longest label.
const LABEL: usize = 200;

/// The ways to send a cart.
pub fn rates(rates: Result<Vec<Rate>, Refusal>) -> Result<Vec<Rate>, QuoteError> {
    let rates = rates.map_err(|refusal| refused("shipping", refusal))?;
    for (n, rate) in rates.iter().enumerate() {
        let again = rates.iter().take(n).any(|other| other.method == rate.method);
        if again || !is_amount(rate.amount_minor) || !is_line(&rate.method, 64) || !is_line(&rate.label, LABEL) {
            return Err(QuoteError::Plugin("shipping", format!("the rate {rate:?}")));
        }
    }
    Ok(rates)
}

/// What the rules earn: one discount for each, together no more than `subtotal_minor`.
pub fn discounts(
    discounts: Result<Vec<Discount>, Refusal>,
    rules: &[Rule],
    subtotal_minor: i64,
) -> Result<Vec<Discount>, QuoteError> {
    let discounts = discounts.map_err(|refusal| refused("promotions", refusal))?;
    let broken = |what: String| Err(QuoteError::Plugin("promotions", what));
    if !discounts.iter().map(|discount| &discount.code).eq(rules.iter().map(|rule| &rule.code)) {
        return broken(format!("{discounts:?} for other rules than these"));
    }
    let mut left = subtotal_minor;
    for discount in &discounts {
        if !(0..=left).contains(&discount.amount_minor) || !is_line(&discount.label, LABEL) {
            return broken(format!("the discount {discount:?} with {left} left"));
        }
        left -= discount.amount_minor;
    }
    Ok(discounts)
}

/// The tax on a cart.
pub fn tax(tax: Result<Tax, Refusal>) -> Result<Tax, QuoteError> {
    let tax = tax.map_err(|refusal| refused("tax", refusal))?;
    match is_amount(tax.amount_minor) && is_line(&tax.label, LABEL) {
        true => Ok(tax),
        false => Err(QuoteError::Plugin("tax", format!("{tax:?}"))),
    }
}

/// A refusal's code becomes part of a problem type, whatever language the plug-in is written in.
fn refused(plugin: &'static str, refusal: Refusal) -> QuoteError {
    let is_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match (1..=64).contains(&refusal.code.len()) && refusal.code.bytes().all(is_slug) {
        true => QuoteError::Refused(refusal),
        false => QuoteError::Plugin(plugin, format!("a refusal with the code {:?}", refusal.code)),
    }
}

fn is_amount(amount_minor: i64) -> bool {
    (0..=MOST).contains(&amount_minor)
}

fn is_line(text: &str, max: usize) -> bool {
    text::line(text, 1, max).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(method: &str, label: &str, amount_minor: i64) -> Rate {
        Rate { method: method.to_owned(), label: label.to_owned(), amount_minor }
    }

    fn at_fault<T>(outcome: Result<T, QuoteError>) -> Option<&'static str> {
        match outcome {
            Err(QuoteError::Plugin(name, _)) => Some(name),
            _ => None,
        }
    }

    #[test]
    fn a_rate_has_a_name_of_its_own_a_label_and_a_sane_price() {
        let given = vec![rate("standard", "Standard", 0), rate("express", "Express", MOST)];
        assert_eq!(rates(Ok(given.clone())), Ok(given));
        for bad in [
            rate("standard", "Standard", -1),
            rate("standard", "Standard", MOST + 1),
            rate("", "Standard", 1),
            rate("standard", "a\u{0}b", 1),
            rate("standard", &"x".repeat(201), 1),
        ] {
            assert_eq!(at_fault(rates(Ok(vec![bad.clone()]))), Some("shipping"), "{bad:?}");
        }
        assert_eq!(at_fault(rates(Ok(vec![rate("a", "A", 1), rate("a", "B", 2)]))), Some("shipping"));
    }

    #[test]
    fn a_tax_is_not_negative_and_can_be_read() {
        let said = |amount_minor, label: &str| tax(Ok(Tax { amount_minor, label: label.to_owned() }));
        assert!(said(0, "VAT 0 %").is_ok());
        for bad in [said(-1, "VAT"), said(i64::MAX, "VAT"), said(1, "\n")] {
            assert_eq!(at_fault(bad), Some("tax"));
        }
    }

    #[test]
    fn a_plug_in_cannot_smuggle_anything_into_a_problem_type() {
        let refusal = |code: &str| Refusal { code: code.to_owned(), message: "No.".to_owned() };
        assert_eq!(tax(Err(refusal("state-unknown"))), Err(QuoteError::Refused(refusal("state-unknown"))));
        for code in ["", "Über", "a b", "a\r\nx: y", &"a".repeat(65)] {
            assert_eq!(at_fault(tax(Err(refusal(code)))), Some("tax"), "{code:?}");
        }
    }
}
