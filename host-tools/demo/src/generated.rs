//! Further products for large catalogues, named and described from the vocabularies of `demo/catalogue/series.txt`.
//! The n-th product is a function of n alone.

use crate::catalogue::{SERIES, SHELVES};
use crate::curated::tags;
use crate::hash;
use crate::product::{Pricing, Product, variants};
use crate::source::{Item, Kind, OptionSet, Series, Shelf, series, shelf};
use std::collections::HashSet;

/// SKU numbers of generated products start above those of the hand-written ones.
const FIRST_NUMBER: usize = 100_000;
/// Walks a list of combinations in an order that does not look sorted; prime, so that it visits each of them once.
const STRIDE: usize = 7_919;

/// Makes one product after the other, taking turns between the kinds.
pub(crate) struct Generator {
    shelves: Vec<Shelf<'static>>,
    series: Series<'static>,
    /// Titles that the hand-written shop already has.
    taken: HashSet<&'static str>,
    next: usize,
}

impl Generator {
    pub(crate) fn new() -> Self {
        let shelves: Vec<_> = SHELVES.iter().map(|text| shelf(text).0).collect();
        let kinds = shelves.iter().flat_map(|shelf| &shelf.kinds);
        let taken = kinds.flat_map(|kind| kind.items.iter().map(|item| item.title)).collect();
        Generator { shelves, series: series(SERIES).0, taken, next: 0 }
    }

    fn nth_product(&self, n: usize) -> Option<Product> {
        let kinds =
            self.shelves.iter().enumerate().flat_map(|(i, shelf)| shelf.kinds.iter().map(move |kind| (i, shelf, kind)));
        let total = kinds.clone().count();
        let (category, shelf, kind) = kinds.into_iter().nth(n.checked_rem(total)?)?;
        let (place, title) = self.title(kind, n.checked_div(total)?)?;
        let seed = |salt| hash::of(&title, salt);
        let vendor = *hash::choose(&kind.vendors, seed(11))?;
        let byline =
            hash::choose(&self.series.bylines, seed(12))?.replace("{place}", place).replace("{vendor}", vendor);
        let sayings = self.sayings(kind.name).or_else(|| self.sayings(shelf.category))?;
        let text = format!("{byline} {}", hash::choose(sayings, seed(13))?);
        let note = hash::choose(&kind.notes, seed(14)).map(|note| (*note).to_owned());
        let price_cents = price(kind, seed(15), seed(16))?;
        let pricing = Pricing {
            prefix: shelf.prefix,
            number: FIRST_NUMBER + n,
            category_number: category + 1,
            price_cents,
            compare_at_cents: (seed(17) % 12 == 0).then(|| (price_cents * 6 / 5).div_ceil(10) * 10),
            grams: kind.grams,
        };
        let options: &[OptionSet<'_>] = match kind.options.first() {
            // The title names the colour already.
            Some(option) if option.name != "Colour" && seed(18) % 2 == 0 => &kind.options,
            _ => &[],
        };
        Some(Product {
            paragraphs: std::iter::once(text).chain(note).collect(),
            vendor: vendor.to_owned(),
            category: shelf.category.to_owned(),
            kind: kind.name.to_owned(),
            tags: tags(kind, &title),
            option_names: options.iter().map(|option| option.name.to_owned()).collect(),
            variants: variants(&pricing, options),
            title,
        })
    }

    fn sayings(&self, about: &str) -> Option<&[&'static str]> {
        self.series.sayings.iter().find(|(name, _)| *name == about).map(|(_, sayings)| sayings.as_slice())
    }

    /// Place, noun and finish of the `turn`-th product of a kind; a number is added once all combinations are used.
    fn title(&self, kind: &Kind<'_>, turn: usize) -> Option<(&'static str, String)> {
        let (_, nouns, finishes) = self.series.names.iter().find(|(name, ..)| *name == kind.name)?;
        let places = &self.series.places;
        let all = places.len() * nouns.len() * finishes.len();
        let spot = (turn % all) * STRIDE % all;
        let place = *places.get(spot % places.len())?;
        let noun = nouns.get(spot / places.len() % nouns.len())?;
        let finish = finishes.get(spot / places.len() / nouns.len())?;
        let joined = ["in ", "with ", "of ", "for "].iter().any(|word| finish.starts_with(word));
        let comma = if joined { "" } else { "," };
        let mut title = format!("{place} {noun}{comma} {finish}");
        let round = turn / all + usize::from(self.taken.contains(title.as_str()));
        if round > 0 {
            title.push_str(&format!(", No. {}", round + 1));
        }
        Some((place, title))
    }
}

impl Iterator for Generator {
    type Item = Product;

    fn next(&mut self) -> Option<Product> {
        let product = self.nth_product(self.next);
        self.next += 1;
        product
    }
}

/// Near the price of one of the kind's hand-written products, and never far from their middle.
fn price(kind: &Kind<'_>, which: u64, how_much: u64) -> Option<u64> {
    let mut prices: Vec<u64> = kind.items.iter().map(|item: &Item<'_>| item.price_cents).collect();
    prices.sort_unstable();
    let middle = *prices.get(prices.len() / 2)?;
    let near = (*hash::choose(&prices, which)?).clamp(middle * 6 / 10, middle * 17 / 10);
    Some((near * (85 + how_much % 36) / 100).div_ceil(10) * 10)
}
