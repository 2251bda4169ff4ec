//! The shop's own products, from the hand-written catalogue.

use crate::catalogue::SHELVES;
use crate::product::{Pricing, Product, variants};
use crate::source::{Item, Kind, Shelf, shelf};

/// Materials and occasions that become tags when a product's title names them.
const TAG_WORDS: [&str; 34] = [
    "wool",
    "linen",
    "cotton",
    "silk",
    "cashmere",
    "leather",
    "copper",
    "brass",
    "bronze",
    "iron",
    "steel",
    "walnut",
    "oak",
    "beech",
    "olivewood",
    "cedar",
    "maple",
    "cherry",
    "terracotta",
    "porcelain",
    "glass",
    "marble",
    "willow",
    "beeswax",
    "rose",
    "lavender",
    "mint",
    "saffron",
    "smoked",
    "engraved",
    "embroidered",
    "carved",
    "travel",
    "children",
];

/// All products, in the order of the catalogue.
pub(crate) fn products() -> Vec<Product> {
    let mut out = Vec::new();
    for (index, text) in SHELVES.iter().enumerate() {
        let (shelf, _) = shelf(text);
        let mut number = 0;
        for kind in &shelf.kinds {
            for (position, item) in kind.items.iter().enumerate() {
                number += 1;
                out.push(product(&shelf, kind, item, position, number, index + 1));
            }
        }
    }
    out
}

fn product(
    shelf: &Shelf<'_>,
    kind: &Kind<'_>,
    item: &Item<'_>,
    position: usize,
    number: usize,
    category: usize,
) -> Product {
    let vendor = kind.vendors.get(position.checked_rem(kind.vendors.len()).unwrap_or(0)).copied().unwrap_or("Souk");
    let pricing = Pricing {
        prefix: shelf.prefix,
        number,
        category_number: category,
        price_cents: item.price_cents,
        compare_at_cents: item.compare_at_cents,
        grams: kind.grams,
    };
    Product {
        title: item.title.to_owned(),
        paragraphs: std::iter::once(item.text).chain(item.note).map(str::to_owned).collect(),
        vendor: vendor.to_owned(),
        category: shelf.category.to_owned(),
        kind: kind.name.to_owned(),
        tags: tags(kind, item.title),
        option_names: item.options.iter().map(|option| option.name.to_owned()).collect(),
        variants: variants(&pricing, &item.options),
    }
}

/// The tags of the kind, then the words of [`TAG_WORDS`] that the title names.
pub(crate) fn tags(kind: &Kind<'_>, title: &str) -> Vec<String> {
    let mut tags: Vec<String> = kind.tags.iter().map(|tag| (*tag).to_owned()).collect();
    for word in TAG_WORDS {
        if has_word(title, word) && !kind.tags.contains(&word) {
            tags.push(word.to_owned());
        }
    }
    tags
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|found| found.eq_ignore_ascii_case(word))
}
