//! Which place ships which pieces of an order: one place for everything when there is one, else as few as the lines allow.

use souk_core::{quantity::Quantity, sku::Sku};
use std::collections::BTreeMap;

/// What an order asks for: at least one line, each SKU once, lines of one SKU added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines(BTreeMap<Sku, i64>);

impl Lines {
    /// Adds lines up by SKU; none when there are no lines.
    pub fn of(lines: impl IntoIterator<Item = (Sku, Quantity)>) -> Option<Self> {
        Self::sum(lines.into_iter().map(|(sku, quantity)| (sku, i64::from(quantity.get()))))
    }

    /// The same of pieces that were counted; SKUs without any are left out.
    pub(super) fn sum(pieces: impl IntoIterator<Item = (Sku, i64)>) -> Option<Self> {
        let mut sums = BTreeMap::new();
        for (sku, pieces) in pieces.into_iter().filter(|(_, pieces)| *pieces > 0) {
            *sums.entry(sku).or_insert(0) += pieces;
        }
        (!sums.is_empty()).then_some(Self(sums))
    }

    /// SKUs and pieces, in SKU order.
    pub fn iter(&self) -> impl Iterator<Item = (&Sku, i64)> {
        self.0.iter().map(|(sku, pieces)| (sku, *pieces))
    }
}

/// What one place ships of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The SKU.
    pub sku: Sku,
    /// The place's code.
    pub place: String,
    /// Pieces.
    pub pieces: i64,
    /// Pieces of these that came back.
    pub returned: i64,
}

/// Distributes lines that fit over `places`, the first preferred. The first place that has the whole order ships it;
/// when none has, each line comes from the first place that has all of it; a line that no place has is split.
pub fn allocate(lines: &Lines, places: &[&str], available: impl Fn(&Sku, &str) -> i64) -> Vec<Part> {
    let part = |sku: &Sku, place: &str, pieces| Part { sku: sku.clone(), place: place.to_owned(), pieces, returned: 0 };
    let has = |place: &str, sku: &Sku, wanted| available(sku, place) >= wanted;
    let whole_order = places.iter().find(|place| lines.iter().all(|(sku, wanted)| has(place, sku, wanted)));
    let mut parts = Vec::new();
    for (sku, wanted) in lines.iter() {
        let whole_line = || places.iter().find(|place| has(place, sku, wanted));
        if let Some(place) = whole_order.or_else(whole_line) {
            parts.push(part(sku, place, wanted));
            continue;
        }
        let mut missing = wanted;
        for place in places {
            let pieces = missing.min(available(sku, place));
            if pieces > 0 {
                parts.push(part(sku, place, pieces));
                missing -= pieces;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, as `SKU place pieces`, of an order over places with this stock.
    fn shipped(wanted: &[(&str, i64)], stock: &[(&str, &[(&str, i64)])]) -> Vec<String> {
        let sku = |name: &str| Sku::parse(name).unwrap();
        let lines = Lines::of(wanted.iter().map(|(name, q)| (sku(name), Quantity::new(*q).unwrap()))).unwrap();
        let places: Vec<&str> = stock.iter().map(|(place, _)| *place).collect();
        let parts = allocate(&lines, &places, |sku, place| {
            let (_, levels) = stock.iter().find(|(name, _)| *name == place).unwrap();
            levels.iter().find(|(name, _)| *name == sku.as_str()).map_or(0, |(_, pieces)| *pieces)
        });
        parts.iter().map(|part| format!("{} {} {}", part.sku, part.place, part.pieces)).collect()
    }

    #[test]
    fn one_place_ships_everything_even_if_it_is_not_the_first() {
        let stock: &[(&str, &[(&str, i64)])] = &[("near", &[("A", 9)]), ("far", &[("A", 1), ("B", 1)])];
        assert_eq!(shipped(&[("A", 1), ("B", 1)], stock), ["A far 1", "B far 1"]);
        assert_eq!(shipped(&[("A", 1)], stock), ["A near 1"]);
    }

    #[test]
    fn a_line_stays_whole_when_one_place_has_it() {
        let stock: &[(&str, &[(&str, i64)])] = &[("near", &[("A", 2), ("B", 5)]), ("far", &[("A", 3)])];
        assert_eq!(shipped(&[("A", 3), ("B", 1)], stock), ["A far 3", "B near 1"]);
    }

    #[test]
    fn a_line_that_no_place_has_is_split_in_order() {
        let stock: &[(&str, &[(&str, i64)])] =
            &[("a", &[("A", 2)]), ("b", &[]), ("c", &[("A", 2)]), ("d", &[("A", 2)])];
        assert_eq!(shipped(&[("A", 5)], stock), ["A a 2", "A c 2", "A d 1"]);
    }
}
