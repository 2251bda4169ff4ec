//! What a set of rules earns on a cart.

use std::fmt;

/// What a rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Benefit {
    /// Hundredths of a percent off, rounded half up to the minor unit.
    Percentage(u32),
    /// A fixed amount off, in minor units.
    Fixed(i64),
    /// Of every `buy + get` pieces, the `get` cheapest are free.
    BuyGet {
        /// Pieces to pay.
        buy: u32,
        /// Pieces on top.
        get: u32,
    },
    /// Shipping costs nothing.
    FreeShipping,
}

/// The rule of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: String,
    /// What the shopper reads.
    pub label: String,
    /// What it gives.
    pub benefit: Benefit,
    /// What the lines that it counts for must cost at least.
    pub min_subtotal_minor: i64,
    /// The SKUs that it counts for; none: all.
    pub skus: Option<Vec<String>>,
    /// Whether it may be used beside other discounts.
    pub combinable: bool,
}

/// A line of the cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is bought.
    pub sku: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one.
    pub unit_price_minor: i64,
}

/// What one code gives on this cart.
#[derive(Debug, PartialEq, Eq)]
pub struct Earned {
    /// The code.
    pub code: String,
    /// What the shopper reads.
    pub label: String,
    /// Zero or more.
    pub amount_minor: i64,
    /// Whether shipping costs nothing.
    pub free_shipping: bool,
}

/// Why a set of codes was refused; the text is shown to the shopper.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing in the cart that the code counts for, or not enough of it.
    NotApplicable(String, String),
    /// Two discounts of which one wants to be alone.
    DoNotCombine(String, String),
    /// The cart's subtotal does not fit.
    TooLarge,
}

impl Refused {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotApplicable(..) => "promotion-not-applicable",
            Self::DoNotCombine(..) => "promotions-do-not-combine",
            Self::TooLarge => "amount-too-large",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotApplicable(code, label) => write!(f, "{code} does not apply to this cart: {label}."),
            Self::DoNotCombine(one, other) => write!(f, "{one} and {other} cannot be combined; leave one out."),
            Self::TooLarge => f.write_str("The order is too large; split it."),
        }
    }
}

/// What `rules` earn on `lines`. Never more than the lines cost in sum: a later rule only takes what the earlier ones
/// left over.
pub fn earned(rules: &[Rule], lines: &[Line]) -> Result<Vec<Earned>, Refused> {
    let mut left = subtotal(lines.iter()).ok_or(Refused::TooLarge)?;
    let mut all: Vec<Earned> = Vec::new();
    let mut alone: Option<&Rule> = None;
    for rule in rules {
        let counts = |line: &&Line| rule.skus.as_ref().is_none_or(|skus| skus.contains(&line.sku));
        let within = subtotal(lines.iter().filter(counts)).ok_or(Refused::TooLarge)?;
        let not_applicable = || Refused::NotApplicable(rule.code.clone(), rule.label.clone());
        if within < rule.min_subtotal_minor || !lines.iter().any(|line| counts(&line)) {
            return Err(not_applicable());
        }
        let amount = match rule.benefit {
            Benefit::FreeShipping => 0,
            Benefit::Percentage(hundredths) => share_of(within, hundredths).ok_or(Refused::TooLarge)?,
            Benefit::Fixed(off_minor) => off_minor.clamp(0, within),
            Benefit::BuyGet { buy, get } => free_pieces(lines.iter().filter(counts), buy, get),
        };
        let free_shipping = rule.benefit == Benefit::FreeShipping;
        if matches!(rule.benefit, Benefit::BuyGet { .. }) && amount == 0 {
            return Err(not_applicable());
        }
        if !free_shipping {
            let before = all.iter().find(|earned| !earned.free_shipping);
            if let Some(before) = before.filter(|_| alone.is_some() || !rule.combinable) {
                return Err(Refused::DoNotCombine(before.code.clone(), rule.code.clone()));
            }
            alone = alone.or(Some(rule).filter(|rule| !rule.combinable));
        }
        let amount_minor = amount.min(left);
        left -= amount_minor;
        all.push(Earned { code: rule.code.clone(), label: rule.label.clone(), amount_minor, free_shipping });
    }
    Ok(all)
}

/// What the lines cost; `None` when it does not fit.
fn subtotal<'a>(mut lines: impl Iterator<Item = &'a Line>) -> Option<i64> {
    lines.try_fold(0_i64, |sum, line| sum.checked_add(line.unit_price_minor.checked_mul(line.quantity.into())?))
}

fn share_of(amount_minor: i64, hundredths: u32) -> Option<i64> {
    i64::try_from((i128::from(amount_minor) * i128::from(hundredths) + 5_000) / 10_000).ok()
}

/// The price of the cheapest pieces, as many as are free.
fn free_pieces<'a>(lines: impl Iterator<Item = &'a Line>, buy: u32, get: u32) -> i64 {
    let mut lines: Vec<&Line> = lines.collect();
    lines.sort_by_key(|line| line.unit_price_minor);
    let pieces: u64 = lines.iter().map(|line| u64::from(line.quantity)).sum();
    let group = u64::from(buy) + u64::from(get);
    let mut free = if get == 0 { 0 } else { pieces / group * u64::from(get) };
    let mut amount = 0_i64;
    for line in lines {
        let taken = free.min(line.quantity.into());
        free -= taken;
        amount = amount.saturating_add(line.unit_price_minor.saturating_mul(i64::try_from(taken).unwrap_or(i64::MAX)));
    }
    amount
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(code: &str, benefit: Benefit) -> Rule {
        Rule {
            code: code.to_owned(),
            label: "a label".to_owned(),
            benefit,
            min_subtotal_minor: 0,
            skus: None,
            combinable: false,
        }
    }

    fn lines(lines: &[(&str, u32, i64)]) -> Vec<Line> {
        let line = |(sku, quantity, unit_price_minor): &(&str, u32, i64)| Line {
            sku: (*sku).to_owned(),
            quantity: *quantity,
            unit_price_minor: *unit_price_minor,
        };
        lines.iter().map(line).collect()
    }

    fn earn(rules: &[Rule], cart: &[(&str, u32, i64)]) -> Result<Vec<i64>, &'static str> {
        let earned = earned(rules, &lines(cart)).map_err(|refused| refused.code())?;
        Ok(earned.iter().map(|earned| earned.amount_minor).collect())
    }

    #[test]
    fn a_percentage_is_rounded_half_up() {
        let ten = [rule("TEN", Benefit::Percentage(1000))];
        assert_eq!(earn(&ten, &[("A", 1, 1234)]), Ok(vec![123]));
        assert_eq!(earn(&ten, &[("A", 1, 1235)]), Ok(vec![124]));
        assert_eq!(earn(&[rule("ALL", Benefit::Percentage(10_000))], &[("A", 3, 1235)]), Ok(vec![3705]));
    }

    #[test]
    fn a_minimum_counts_what_the_rule_counts_for() {
        let mut five = rule("FIVE", Benefit::Fixed(500));
        five.min_subtotal_minor = 3000;
        assert_eq!(earn(&[five.clone()], &[("A", 3, 1000)]), Ok(vec![500]));
        assert_eq!(earn(&[five.clone()], &[("A", 1, 2999)]), Err("promotion-not-applicable"));
        five.skus = Some(vec!["A".to_owned()]);
        assert_eq!(earn(&[five.clone()], &[("A", 1, 100), ("B", 9, 1000)]), Err("promotion-not-applicable"));
        five.min_subtotal_minor = 0;
        assert_eq!(earn(&[five.clone()], &[("A", 1, 100), ("B", 9, 1000)]), Ok(vec![100]), "no more than A costs");
        assert_eq!(earn(&[five], &[("B", 9, 1000)]), Err("promotion-not-applicable"));
    }

    #[test]
    fn of_three_pieces_the_cheapest_is_free() {
        let offer = [rule("3FOR2", Benefit::BuyGet { buy: 2, get: 1 })];
        assert_eq!(earn(&offer, &[("A", 2, 1000), ("B", 1, 300)]), Ok(vec![300]));
        assert_eq!(earn(&offer, &[("A", 7, 1000)]), Ok(vec![2000]));
        assert_eq!(earn(&offer, &[("A", 2, 1000)]), Err("promotion-not-applicable"));
    }

    #[test]
    fn discounts_combine_only_where_both_allow_it_and_free_shipping_always() {
        let free = rule("FREE", Benefit::FreeShipping);
        let (ten, five) = (rule("TEN", Benefit::Percentage(1000)), rule("FIVE", Benefit::Fixed(500)));
        assert_eq!(earn(&[free.clone(), ten.clone()], &[("A", 1, 1000)]), Ok(vec![0, 100]));
        assert_eq!(earn(&[five.clone(), ten.clone()], &[("A", 1, 5000)]), Err("promotions-do-not-combine"));
        let friendly = |rule: &Rule| Rule { combinable: true, ..rule.clone() };
        for (one, other) in [(friendly(&five), ten.clone()), (five.clone(), friendly(&ten))] {
            assert_eq!(earn(&[one, other], &[("A", 1, 5000)]), Err("promotions-do-not-combine"));
        }
        assert_eq!(earn(&[friendly(&five), free, friendly(&ten)], &[("A", 1, 5000)]), Ok(vec![500, 0, 500]));
    }

    proptest! {
        #[test]
        fn a_discount_is_never_negative_and_never_more_than_the_subtotal(
            cart in proptest::collection::vec((1_u32..1000, 0_i64..10_000_000), 1..8),
            rules in proptest::collection::vec((0_u8..4, 0_u32..20_000, any::<bool>()), 0..5),
        ) {
            let cart: Vec<Line> = cart.iter().enumerate().map(|(n, (quantity, price))| Line {
                sku: format!("S{n}"), quantity: *quantity, unit_price_minor: *price,
            }).collect();
            let rules: Vec<Rule> = rules.iter().map(|(kind, value, narrow)| Rule {
                combinable: true,
                skus: narrow.then(|| vec!["S0".to_owned()]),
                ..rule("C", match kind {
                    0 => Benefit::Percentage(*value),
                    1 => Benefit::Fixed(i64::from(*value)),
                    2 => Benefit::BuyGet { buy: value % 5, get: value % 3 },
                    _ => Benefit::FreeShipping,
                })
            }).collect();
            if let Ok(earned) = earned(&rules, &cart) {
                let sum: i64 = earned.iter().map(|earned| earned.amount_minor).sum();
                prop_assert!(earned.iter().all(|earned| earned.amount_minor >= 0));
                prop_assert!(sum <= subtotal(cart.iter()).unwrap());
            }
        }
    }
}
