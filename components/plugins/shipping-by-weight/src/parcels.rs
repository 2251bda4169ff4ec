//! The price list: what a parcel of a weight costs by method and zone, and how a heavy order is split into parcels.

use crate::zones::Zone;

/// The heaviest single parcel, in grams (31.5 kg, the usual limit of parcel carriers in Europe).
const PARCEL_GRAMS: u64 = 31_500;
/// The heaviest order: 20 full parcels.
pub const MAX_GRAMS: u64 = 20 * PARCEL_GRAMS;

/// Up to so many grams, one parcel costs so many cents. The last step is a full parcel.
type Steps = [(u64, i64); 4];

const fn steps(prices: [i64; 4]) -> Steps {
    let [letter, small, medium, full] = prices;
    [(1_000, letter), (5_000, small), (10_000, medium), (PARCEL_GRAMS, full)]
}

/// A way to send.
pub struct Method {
    /// Stable name.
    pub name: &'static str,
    domestic: (&'static str, Steps),
    union: (&'static str, Steps),
    world: (&'static str, Steps),
}

/// Every way to send there is.
pub const METHODS: [Method; 2] = [
    Method {
        name: "standard",
        domestic: ("Standard, 2-3 working days", steps([490, 690, 990, 1690])),
        union: ("Standard, 4-7 working days", steps([990, 1490, 1990, 3490])),
        world: ("Standard, 10-20 working days", steps([1690, 2990, 4990, 9990])),
    },
    Method {
        name: "express",
        domestic: ("Express, next working day", steps([1190, 1490, 1990, 3490])),
        union: ("Express, 1-2 working days", steps([2490, 3490, 4990, 8990])),
        world: ("Express, 3-5 working days", steps([3990, 5990, 9990, 21990])),
    },
];

impl Method {
    fn of(&self, zone: Zone) -> &(&'static str, Steps) {
        match zone {
            Zone::Domestic => &self.domestic,
            Zone::Union => &self.union,
            Zone::World => &self.world,
        }
    }

    /// What the shopper reads.
    pub fn label(&self, zone: Zone) -> &'static str {
        self.of(zone).0
    }

    /// Its prices in a zone.
    pub fn steps(&self, zone: Zone) -> &Steps {
        &self.of(zone).1
    }
}

/// The weight of a cart's lines (quantity, grams a piece), in grams.
pub fn weight(lines: impl Iterator<Item = (u32, u32)>) -> u64 {
    lines.fold(0, |sum, (quantity, grams)| sum.saturating_add(u64::from(quantity) * u64::from(grams)))
}

/// What `grams` cost: full parcels, and one for the rest; `None` beyond [`MAX_GRAMS`].
pub fn price(grams: u64, steps: &Steps) -> Option<i64> {
    if grams > MAX_GRAMS {
        return None;
    }
    let full = grams / PARCEL_GRAMS;
    let rest = grams % PARCEL_GRAMS;
    let full_price = steps.last().map(|(_, price)| *price)?.checked_mul(i64::try_from(full).ok()?)?;
    let rest_price = match rest {
        0 if full > 0 => 0,
        _ => steps.iter().find(|(up_to, _)| rest <= *up_to).map(|(_, price)| *price)?,
    };
    full_price.checked_add(rest_price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZONES: [Zone; 3] = [Zone::Domestic, Zone::Union, Zone::World];

    #[test]
    fn a_parcel_costs_what_its_step_says() {
        let home = METHODS[0].steps(Zone::Domestic);
        for (grams, cents) in [(0, 490), (1_000, 490), (1_001, 690), (10_000, 990), (10_001, 1690), (31_500, 1690)] {
            assert_eq!(price(grams, home), Some(cents), "{grams} g");
        }
    }

    #[test]
    fn a_heavy_order_travels_in_several_parcels() {
        let home = METHODS[0].steps(Zone::Domestic);
        assert_eq!(price(31_501, home), Some(1690 + 490));
        assert_eq!(price(63_000, home), Some(2 * 1690));
        assert_eq!(price(MAX_GRAMS, home), Some(20 * 1690));
        assert_eq!(price(MAX_GRAMS + 1, home), None);
    }

    #[test]
    fn the_weight_of_the_largest_cart_is_just_a_large_number() {
        assert_eq!(weight([(1000, 10_000_000); 100].into_iter()), 1_000_000_000_000);
        assert_eq!(weight([(u32::MAX, u32::MAX); 9].into_iter()), u64::MAX);
    }

    proptest! {
        #[test]
        fn more_weight_and_more_distance_never_cost_less(grams in 0..MAX_GRAMS, more in 0_u64..1000, method in 0_usize..2) {
            let method = &METHODS[method];
            let prices = ZONES.map(|zone| price(grams, method.steps(zone)).unwrap());
            prop_assert!(prices.is_sorted());
            for zone in ZONES {
                let heavier = price((grams + more).min(MAX_GRAMS), method.steps(zone)).unwrap();
                prop_assert!(heavier >= price(grams, method.steps(zone)).unwrap());
            }
        }
    }
}
