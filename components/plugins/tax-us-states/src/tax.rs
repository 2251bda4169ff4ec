//! The arithmetic: what is taxed, and the tax on it.

/// Subtotal of `lines` (quantity, unit price) less the discount, plus taxed shipping, never below zero; `None` when it
/// does not fit.
pub fn taxed_amount(
    mut lines: impl Iterator<Item = (u32, i64)>,
    discount_minor: i64,
    shipping_minor: i64,
) -> Option<i64> {
    let subtotal = lines.try_fold(0_i64, |sum, (quantity, price)| sum.checked_add(price.checked_mul(quantity.into())?));
    subtotal?.checked_sub(discount_minor)?.max(0).checked_add(shipping_minor.max(0))
}

/// `rate` thousandths of a percent of a non-negative amount, rounded half up to the cent; `None` when it does not fit.
/// Half up is the rule of the Streamlined Sales and Use Tax Agreement (section 324: to the third decimal, up above 4).
pub fn of(base_minor: i64, rate: u32) -> Option<i64> {
    let exact = i128::from(base_minor) * i128::from(rate);
    i64::try_from((exact + 50_000) / 100_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(of(10_000, 6_875), Some(688), "687.5 becomes 688");
        assert_eq!(of(9_999, 6_875), Some(687), "687.43 becomes 687");
        assert_eq!(of(200, 7_250), Some(15), "14.5 becomes 15");
        assert_eq!(of(0, 7_250), Some(0));
        assert_eq!(of(i64::MAX, 0), Some(0));
    }

    #[test]
    fn a_discount_lowers_what_is_taxed_but_never_the_shipping() {
        assert_eq!(taxed_amount([(2, 500), (1, 250)].into_iter(), 100, 490), Some(1640));
        assert_eq!(taxed_amount([(1, 100)].into_iter(), 500, 490), Some(490));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(taxed_amount([(2, i64::MAX)].into_iter(), 0, 0), None);
        assert_eq!(taxed_amount([(1, i64::MAX)].into_iter(), 0, 1), None);
    }

    proptest! {
        #[test]
        fn the_tax_is_within_half_a_cent_of_the_exact_one(base in 0_i64..1_000_000_000_000_000, rate in 0_u32..10_000) {
            let tax = i128::from(of(base, rate).unwrap()) * 100_000;
            let exact = i128::from(base) * i128::from(rate);
            prop_assert!(exact - 50_000 < tax && tax <= exact + 50_000);
        }

        #[test]
        fn a_dearer_cart_is_never_taxed_less(base in 0_i64..1_000_000_000, more in 0_i64..1000, rate in 0_u32..10_000) {
            prop_assert!(of(base + more, rate).unwrap() >= of(base, rate).unwrap());
        }

        #[test]
        fn no_cart_makes_the_tax_negative_or_the_sum_wrap(
            lines in proptest::collection::vec((any::<u32>(), 0..i64::MAX), 0..5),
            discount in 0..i64::MAX,
            shipping in any::<i64>(),
        ) {
            if let Some(base) = taxed_amount(lines.into_iter(), discount, shipping) {
                prop_assert!(base >= 0);
                prop_assert!(of(base, 7_250).is_none_or(|tax| (0..=base).contains(&tax)));
            }
        }
    }
}
