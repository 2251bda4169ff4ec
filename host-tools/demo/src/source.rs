//! Reads the line format of `demo/catalogue/`; `demo/README.md` describes it.
//! The sources are compiled in, so a line that cannot be read is a mistake of this repository: it is collected, not
//! thrown, and a test demands that there is none.

/// One category with its kinds of products.
#[derive(Default, Debug)]
pub(crate) struct Shelf<'a> {
    pub(crate) category: &'a str,
    /// The first part of every SKU.
    pub(crate) prefix: &'a str,
    pub(crate) kinds: Vec<Kind<'a>>,
}

/// A kind of product and what its products have in common.
#[derive(Default, Debug)]
pub(crate) struct Kind<'a> {
    pub(crate) name: &'a str,
    pub(crate) vendors: Vec<&'a str>,
    pub(crate) tags: Vec<&'a str>,
    pub(crate) options: Vec<OptionSet<'a>>,
    /// Shipping weight of the smallest variant.
    pub(crate) grams: u32,
    pub(crate) notes: Vec<&'a str>,
    pub(crate) items: Vec<Item<'a>>,
}

/// The name of an option and its values, smallest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OptionSet<'a> {
    pub(crate) name: &'a str,
    pub(crate) values: Vec<&'a str>,
}

/// One product as it was written down.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) title: &'a str,
    pub(crate) price_cents: u64,
    pub(crate) compare_at_cents: Option<u64>,
    pub(crate) options: Vec<OptionSet<'a>>,
    pub(crate) text: &'a str,
    pub(crate) note: Option<&'a str>,
}

/// Words for generated products: of the whole market, of each category and of each kind.
#[derive(Default, Debug)]
pub(crate) struct Series<'a> {
    pub(crate) places: Vec<&'a str>,
    /// Sentences with `{place}` and `{vendor}` in them.
    pub(crate) bylines: Vec<&'a str>,
    /// A category or a kind, and sentences that fit all of it.
    pub(crate) sayings: Vec<(&'a str, Vec<&'a str>)>,
    /// Kind name, nouns, finishes.
    pub(crate) names: Vec<(&'a str, Vec<&'a str>, Vec<&'a str>)>,
}

/// Reads one category; the second part are the lines that could not be read.
pub(crate) fn shelf(text: &str) -> (Shelf<'_>, Vec<&str>) {
    let (mut shelf, mut unread) = (Shelf::default(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let read = match (word, shelf.kinds.last_mut()) {
            ("category", None) => {
                shelf.category = rest;
                true
            }
            ("prefix", None) => {
                shelf.prefix = rest;
                true
            }
            ("type", _) => {
                shelf.kinds.push(Kind { name: rest, ..Kind::default() });
                true
            }
            (word, Some(kind)) => kind_line(kind, word, rest).is_some(),
            _ => false,
        };
        if !read {
            unread.push(line);
        }
    }
    (shelf, unread)
}

fn kind_line<'a>(kind: &mut Kind<'a>, word: &str, rest: &'a str) -> Option<()> {
    match word {
        "vendors" => kind.vendors = split(rest, '|'),
        "tags" => kind.tags = split(rest, ','),
        "options" => kind.options = options(rest)?,
        "grams" => kind.grams = rest.parse().ok()?,
        "note" => kind.notes.push(rest),
        "item" => {
            let item = item(kind, rest)?;
            kind.items.push(item);
        }
        _ => return None,
    }
    Some(())
}

fn item<'a>(kind: &Kind<'a>, line: &'a str) -> Option<Item<'a>> {
    let mut fields = line.split('|').map(str::trim);
    let (title, price, choice, text, note) =
        (fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let (price, compare_at) = match price.split_once('<') {
        Some((now, before)) => (now, Some(cents(before)?)),
        None => (price, None),
    };
    let options = match choice {
        "*" => kind.options.clone(),
        "-" => Vec::new(),
        given => options(given)?,
    };
    let note = match note {
        "-" => None,
        number => Some(*kind.notes.get(number.parse::<usize>().ok()?.checked_sub(1)?)?),
    };
    let done = fields.next().is_none() && !title.is_empty() && !text.is_empty();
    done.then_some(Item { title, price_cents: cents(price)?, compare_at_cents: compare_at, options, text, note })
}

fn options(text: &str) -> Option<Vec<OptionSet<'_>>> {
    let read = |part| {
        let (name, values): (&str, &str) = str::split_once(part, ": ")?;
        Some(OptionSet { name: name.trim(), values: split(values, ',') })
    };
    text.split(';').map(read).collect()
}

fn cents(price: &str) -> Option<u64> {
    let (euros, rest) = price.split_once('.')?;
    let two = (rest.len() == 2).then_some(rest)?;
    Some(euros.parse::<u64>().ok()? * 100 + two.parse::<u64>().ok()?)
}

fn split(list: &str, at: char) -> Vec<&str> {
    list.split(at).map(str::trim).collect()
}

/// Reads the vocabulary of generated products; the second part are the lines that could not be read.
pub(crate) fn series(text: &str) -> (Series<'_>, Vec<&str>) {
    let (mut series, mut unread) = (Series::default(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, series.sayings.last_mut(), series.names.last_mut()) {
            ("places", ..) => series.places = split(rest, '|'),
            ("bylines", ..) => series.bylines = split(rest, '|'),
            ("about", ..) => series.sayings.push((rest, Vec::new())),
            ("type", ..) => series.names.push((rest, Vec::new(), Vec::new())),
            ("say", Some((_, sayings)), _) => sayings.push(rest),
            ("noun", _, Some((_, nouns, _))) => *nouns = split(rest, '|'),
            ("finish", _, Some((.., finishes))) => *finishes = split(rest, '|'),
            _ => unread.push(line),
        }
    }
    (series, unread)
}
