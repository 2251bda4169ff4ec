//! The table of codes, and what a set of them earns.

use std::fmt;

enum Benefit {
    /// Percent of the subtotal, rounded half up to the minor unit.
    Percent(u8),
    /// A fixed amount off orders from a minimum subtotal, both in minor units of one currency.
    Amount {
        off_minor: i64,
        from_minor: i64,
        currency: &'static str,
    },
    FreeShipping,
}

struct Code {
    name: &'static str,
    label: &'static str,
    benefit: Benefit,
}

const TABLE: [Code; 3] = [
    Code { name: "WELCOME10", label: "Welcome: 10 % off", benefit: Benefit::Percent(10) },
    Code {
        name: "SOUK5",
        label: "5.00 EUR off from 30.00 EUR",
        benefit: Benefit::Amount { off_minor: 500, from_minor: 3000, currency: "EUR" },
    },
    Code { name: "FREESHIP", label: "Free shipping", benefit: Benefit::FreeShipping },
];

/// What one code gives.
#[derive(Debug, PartialEq, Eq)]
pub struct Earned {
    /// The code as the table spells it.
    pub code: &'static str,
    /// What the shopper reads.
    pub label: &'static str,
    /// Zero or more.
    pub amount_minor: i64,
    /// Whether shipping costs nothing.
    pub free_shipping: bool,
}

/// Why a set of codes was refused; the text is shown to the shopper.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// No such code.
    Unknown(String),
    /// The code asks for more than the cart has, or for another currency.
    NotApplicable(&'static str, &'static str),
    /// Two discounts at once.
    DoNotCombine(&'static str, &'static str),
    /// The cart's subtotal does not fit.
    TooLarge,
}

impl Refused {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "promotion-unknown",
            Self::NotApplicable(..) => "promotion-not-applicable",
            Self::DoNotCombine(..) => "promotions-do-not-combine",
            Self::TooLarge => "amount-too-large",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(code) => write!(f, "There is no code {code}; check its spelling or leave it out."),
            Self::NotApplicable(code, label) => write!(f, "{code} does not apply to this cart: {label}."),
            Self::DoNotCombine(one, other) => write!(f, "{one} and {other} cannot be combined; leave one out."),
            Self::TooLarge => f.write_str("The order is too large; split it."),
        }
    }
}

/// The sum of `lines` (quantity, unit price); `None` when it does not fit.
pub fn subtotal(mut lines: impl Iterator<Item = (u32, i64)>) -> Option<i64> {
    lines.try_fold(0_i64, |sum, (quantity, price)| sum.checked_add(price.checked_mul(quantity.into())?))
}

/// What `codes` earn on a subtotal. Never more than the subtotal in sum, since only one of them lowers it.
pub fn earned(codes: &[String], subtotal_minor: i64, currency: &str) -> Result<Vec<Earned>, Refused> {
    let mut all: Vec<Earned> = Vec::new();
    for asked in codes {
        let code = TABLE
            .iter()
            .find(|code| code.name.eq_ignore_ascii_case(asked.trim()))
            .ok_or_else(|| Refused::Unknown(asked.trim().to_owned()))?;
        if all.iter().any(|earned| earned.code == code.name) {
            continue;
        }
        let amount_minor = match code.benefit {
            Benefit::FreeShipping => 0,
            Benefit::Percent(percent) => percent_of(subtotal_minor, percent).ok_or(Refused::TooLarge)?,
            Benefit::Amount { off_minor, from_minor, currency: wanted } => {
                if currency != wanted || subtotal_minor < from_minor {
                    return Err(Refused::NotApplicable(code.name, code.label));
                }
                off_minor.min(subtotal_minor)
            }
        };
        let free_shipping = matches!(code.benefit, Benefit::FreeShipping);
        if let Some(other) = all.iter().find(|earned| !earned.free_shipping && !free_shipping) {
            return Err(Refused::DoNotCombine(other.code, code.name));
        }
        all.push(Earned { code: code.name, label: code.label, amount_minor, free_shipping });
    }
    Ok(all)
}

fn percent_of(amount_minor: i64, percent: u8) -> Option<i64> {
    i64::try_from((i128::from(amount_minor) * i128::from(percent) + 50) / 100).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn earn(codes: &[&str], subtotal_minor: i64) -> Result<Vec<(&'static str, i64)>, Refused> {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        Ok(earned(&codes, subtotal_minor, "EUR")?.iter().map(|earned| (earned.code, earned.amount_minor)).collect())
    }

    #[test]
    fn ten_percent_is_rounded_half_up() {
        assert_eq!(earn(&["WELCOME10"], 1234), Ok(vec![("WELCOME10", 123)]));
        assert_eq!(earn(&["welcome10 "], 1235), Ok(vec![("WELCOME10", 124)]));
    }

    #[test]
    fn a_fixed_amount_has_a_minimum_and_a_currency() {
        assert_eq!(earn(&["SOUK5"], 3000), Ok(vec![("SOUK5", 500)]));
        assert_eq!(earn(&["SOUK5"], 2999).unwrap_err().code(), "promotion-not-applicable");
        assert_eq!(earned(&["SOUK5".to_owned()], 3000, "JPY").unwrap_err().code(), "promotion-not-applicable");
    }

    #[test]
    fn one_discount_stacks_with_free_shipping_and_two_discounts_do_not() {
        assert_eq!(earn(&["FREESHIP", "WELCOME10"], 1000), Ok(vec![("FREESHIP", 0), ("WELCOME10", 100)]));
        assert_eq!(earn(&["SOUK5", "WELCOME10"], 5000).unwrap_err().code(), "promotions-do-not-combine");
        assert_eq!(earn(&["WELCOME10", "WELCOME10"], 1000), Ok(vec![("WELCOME10", 100)]));
    }

    #[test]
    fn an_unknown_code_is_named() {
        let refused = earn(&["NOPE"], 1000).unwrap_err();
        assert_eq!((refused.code(), refused.to_string().contains("NOPE")), ("promotion-unknown", true));
        assert_eq!(earn(&[], 1000), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn a_discount_is_never_negative_and_never_more_than_the_subtotal(subtotal in 0_i64..i64::MAX, picks in proptest::collection::vec(0_usize..3, 0..4)) {
            let codes: Vec<&str> = picks.iter().map(|i| TABLE[*i].name).collect();
            if let Ok(earned) = earn(&codes, subtotal) {
                let sum: i64 = earned.iter().map(|(_, amount)| amount).sum();
                prop_assert!((0..=subtotal).contains(&sum));
            }
        }
    }
}
