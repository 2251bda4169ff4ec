//! The arithmetic: what is taxed, and the tax on it.

/// Subtotal of `lines` (quantity, unit price) less the discount, plus shipping, never below zero; `None` when it does
/// not fit.
pub fn taxed_amount(
    mut lines: impl Iterator<Item = (u32, i64)>,
    discount_minor: i64,
    shipping_minor: i64,
) -> Option<i64> {
    let subtotal = lines.try_fold(0_i64, |sum, (quantity, price)| sum.checked_add(price.checked_mul(quantity.into())?));
    Some(subtotal?.checked_sub(discount_minor)?.checked_add(shipping_minor)?.max(0))
}

/// `per_mille` of a non-negative amount, rounded half up; `None` when it does not fit.
pub fn of(base_minor: i64, per_mille: u16) -> Option<i64> {
    let thousandths = i128::from(base_minor) * i128::from(per_mille);
    i64::try_from((thousandths + 500) / 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(of(1000, 230), Some(230));
        assert_eq!(of(50, 190), Some(10), "9.5 becomes 10");
        assert_eq!(of(47, 190), Some(9), "8.93 becomes 9");
        assert_eq!(of(100, 255), Some(26), "25.5 becomes 26");
        assert_eq!(of(0, 250), Some(0));
    }

    #[test]
    fn shipping_is_taxed_and_a_discount_is_not() {
        assert_eq!(taxed_amount([(2, 500), (1, 250)].into_iter(), 100, 490), Some(1640));
        assert_eq!(taxed_amount([(1, 100)].into_iter(), 500, 0), Some(0));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(taxed_amount([(2, i64::MAX)].into_iter(), 0, 0), None);
        assert_eq!(taxed_amount([(1, i64::MAX)].into_iter(), 0, 1), None);
    }

    proptest! {
        #[test]
        fn the_tax_is_within_half_a_minor_unit_of_the_exact_one(base in 0_i64..1_000_000_000_000_000, per_mille in 0_u16..1000) {
            let tax = i128::from(of(base, per_mille).unwrap()) * 1000;
            let exact = i128::from(base) * i128::from(per_mille);
            prop_assert!(exact - 500 < tax && tax <= exact + 500);
        }
    }
}
