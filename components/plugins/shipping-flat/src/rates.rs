//! The price list: a rate and a threshold for each currency.

/// What shipping costs in a currency, in its minor units.
#[derive(Debug, Clone, Copy)]
pub struct Flat {
    currency: &'static str,
    rate_minor: i64,
    free_from_minor: i64,
}

const RATES: [Flat; 4] = [
    Flat { currency: "EUR", rate_minor: 490, free_from_minor: 5_000 },
    Flat { currency: "GBP", rate_minor: 420, free_from_minor: 4_500 },
    Flat { currency: "JPY", rate_minor: 800, free_from_minor: 8_000 },
    Flat { currency: "USD", rate_minor: 590, free_from_minor: 6_000 },
];

/// The rate in a currency by its ISO 4217 code.
pub fn flat(currency: &str) -> Option<Flat> {
    RATES.iter().find(|flat| flat.currency == currency).copied()
}

impl Flat {
    /// What it costs to send a cart of this subtotal.
    pub fn price(self, subtotal_minor: i64) -> i64 {
        if subtotal_minor >= self.free_from_minor { 0 } else { self.rate_minor }
    }
}

/// The sum of `lines` (quantity, unit price); `None` when it does not fit.
pub fn subtotal(mut lines: impl Iterator<Item = (u32, i64)>) -> Option<i64> {
    lines.try_fold(0_i64, |sum, (quantity, price)| sum.checked_add(price.checked_mul(quantity.into())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shipping_is_free_from_the_threshold_on() {
        let euro = flat("EUR").unwrap();
        assert_eq!([0, 4_999, 5_000, i64::MAX].map(|subtotal| euro.price(subtotal)), [490, 490, 0, 0]);
        assert!(flat("CHF").is_none() && flat("eur").is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(subtotal([(2, i64::MAX)].into_iter()), None);
        assert_eq!(subtotal([(1, i64::MAX), (1, 1)].into_iter()), None);
        assert_eq!(subtotal([].into_iter()), Some(0));
    }

    proptest! {
        #[test]
        fn more_in_the_cart_never_costs_more_to_send(
            lines in proptest::collection::vec((1_u32..1000, 0_i64..1_000_000), 0..8),
            more in (1_u32..1000, 0_i64..1_000_000),
            currency in 0_usize..4,
        ) {
            let rate = RATES[currency];
            let before = subtotal(lines.iter().copied()).unwrap();
            let after = subtotal(lines.iter().copied().chain([more])).unwrap();
            prop_assert!(rate.price(after) <= rate.price(before));
            prop_assert!([0, rate.rate_minor].contains(&rate.price(before)));
        }

        #[test]
        fn the_order_of_the_lines_does_not_matter(mut lines in proptest::collection::vec((1_u32..1000, 0_i64..1_000_000), 0..8)) {
            let forwards = subtotal(lines.iter().copied());
            lines.reverse();
            prop_assert_eq!(forwards, subtotal(lines.into_iter()));
        }
    }
}
