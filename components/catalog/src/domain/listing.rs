//! What a request for a list of products means: parsed strictly, with one canonical text for all ways of writing the same
//! query, which names it in the cache.

use super::position::{Match, Position, Sort};
use super::query_string::{self, QueryStringError};
use super::reference::MAX_SLUG;
use super::variant::MAX_PRICE_MINOR;
use souk_core::page::{self, PageError};
use std::fmt::Write;

/// The most characters of a search.
pub const MAX_WORDS: usize = 200;

/// The most values of one filter.
pub const MAX_VALUES: usize = 20;
/// The most characters of a filter's value.
pub const MAX_VALUE: usize = 200;

const PARAMETERS: [&str; 10] =
    ["q", "category", "min_price", "max_price", "in_stock", "sort", "cursor", "limit", "facets", "status"];
/// May be given more than once.
const LISTS: [&str; 3] = ["vendor", "tag", "option"];

/// Which products a list shows by their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Active ones: what everybody sees.
    Public,
    /// Those of one status, for the merchant.
    Status(&'static str),
    /// All, for the merchant.
    All,
}

/// A request for one page of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Words to search for, in lower case with single spaces.
    pub words: Option<String>,
    /// Slug of a category; products below it count as well.
    pub category: Option<String>,
    /// Cheapest variant costs at least this many minor units.
    pub min_price: Option<i64>,
    /// Cheapest variant costs at most this many minor units.
    pub max_price: Option<i64>,
    /// Only products of which something is in stock.
    pub in_stock: bool,
    /// Only products of one of these makers; sorted.
    pub vendors: Vec<String>,
    /// Only products with all of these tags; sorted.
    pub tags: Vec<String>,
    /// Only products with a variant that is so, as in `Colour:Indigo`: one of the values of each name given; sorted.
    pub options: Vec<String>,
    /// Whether the page comes with counts of what the filters would find.
    pub facets: bool,
    /// Order of the list.
    pub sort: Sort,
    /// Where the page begins; the list's beginning when absent.
    pub after: Option<Position>,
    /// Most items on the page.
    pub limit: u32,
    /// Products of which status.
    pub shelf: Shelf,
}

/// Why a list cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// The query string itself is broken.
    #[error(transparent)]
    QueryString(#[from] QueryStringError),
    /// Page size or cursor.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Too long a search.
    #[error("q has at most {MAX_WORDS} characters")]
    Words,
    /// Not a category slug.
    #[error("category is a slug as listed by /api/catalog/categories, as in tea-coffee")]
    Category,
    /// Not a price.
    #[error("{0} is a whole number of minor units from 0 to {MAX_PRICE_MINOR}, as in 1250 for 12.50 EUR")]
    Price(&'static str),
    /// Nothing can cost that.
    #[error("min_price is greater than max_price")]
    PriceRange,
    /// Neither true nor false.
    #[error("{0} is true or false")]
    Flag(&'static str),
    /// Too much of a filter.
    #[error("{0} is given at most {MAX_VALUES} times, with at most {MAX_VALUE} characters each")]
    Values(&'static str),
    /// No option.
    #[error("option is a name and a value with a colon between them, as in Colour:Indigo")]
    Option,
    /// No such order.
    #[error("sort is one of relevance, newest, price_asc, price_desc, title")]
    Sort,
    /// No such status.
    #[error("status is one of active, draft, archived, all")]
    Status,
}

impl Listing {
    /// Reads a query string.
    pub fn parse(raw: &str) -> Result<Self, ListingError> {
        let mut listing = Self {
            words: None,
            category: None,
            min_price: None,
            max_price: None,
            in_stock: false,
            vendors: Vec::new(),
            tags: Vec::new(),
            options: Vec::new(),
            facets: false,
            sort: Sort::Newest,
            after: None,
            limit: page::DEFAULT_LIMIT,
            shelf: Shelf::Public,
        };
        let (mut sort, mut cursor) = (None, None);
        query_string::visit(raw, &PARAMETERS, &LISTS, |name, value| {
            // A form sends its empty fields, too.
            if value.is_empty() {
                return Ok(());
            }
            match name {
                "q" => listing.words = words(&value)?,
                "category" => listing.category = Some(category(&value)?),
                "min_price" => listing.min_price = Some(price("min_price", &value)?),
                "max_price" => listing.max_price = Some(price("max_price", &value)?),
                "in_stock" => listing.in_stock = flag("in_stock", &value)?,
                "facets" => listing.facets = flag("facets", &value)?,
                "vendor" => add("vendor", &mut listing.vendors, &value)?,
                "tag" => add("tag", &mut listing.tags, &value)?,
                "option" if value.contains(':') => add("option", &mut listing.options, &value)?,
                "option" => return Err(ListingError::Option),
                "sort" => sort = Some(Sort::parse(&value).ok_or(ListingError::Sort)?),
                "limit" => listing.limit = page::limit(Some(value.parse().map_err(|_| PageError::Limit)?))?,
                "cursor" => cursor = Some(value),
                _ => listing.shelf = shelf(&value)?,
            }
            Ok::<(), ListingError>(())
        })?;
        listing.sort = match (sort, &listing.words) {
            (None, Some(_)) => Sort::Relevance,
            // Without words everything is as relevant.
            (Some(Sort::Relevance) | None, None) => Sort::Newest,
            (Some(sort), _) => sort,
        };
        if listing.min_price.zip(listing.max_price).is_some_and(|(min, max)| min > max) {
            return Err(ListingError::PriceRange);
        }
        listing.after = cursor.map(|cursor| Position::decode(&cursor, listing.sort)).transpose()?;
        if listing.words.is_none() && listing.after.as_ref().is_some_and(|after| after.found_by == Match::Similar) {
            return Err(PageError::Cursor.into());
        }
        Ok(listing)
    }

    /// The same text for every way of writing this query, and another one for every other query.
    pub fn canonical(&self) -> String {
        let mut text = String::with_capacity(64);
        let sort = match self.sort {
            Sort::Relevance => 'r',
            Sort::Newest => 'n',
            Sort::PriceAsc => 'p',
            Sort::PriceDesc => 'd',
            Sort::Title => 't',
        };
        // Fields that cannot hold a separator come first, free text last; that has no control characters.
        let (in_stock, facets) = (if self.in_stock { "s" } else { "" }, if self.facets { "f" } else { "" });
        let _ = write!(text, "{sort}{}{in_stock}{facets}", self.limit);
        let _ = write!(text, "|{}|", self.category.as_deref().unwrap_or(""));
        if let Some(min) = self.min_price {
            let _ = write!(text, "{min}");
        }
        text.push('-');
        if let Some(max) = self.max_price {
            let _ = write!(text, "{max}");
        }
        text.push('|');
        if let Some(after) = &self.after {
            text.push_str(&after.encode());
        }
        text.push('|');
        text.push_str(self.words.as_deref().unwrap_or(""));
        for (mark, values) in [("\u{1}", &self.vendors), ("\u{2}", &self.tags), ("\u{3}", &self.options)] {
            for value in values {
                text.push_str(mark);
                text.push_str(value);
            }
        }
        text
    }
}

fn flag(name: &'static str, value: &str) -> Result<bool, ListingError> {
    value.parse().map_err(|_| ListingError::Flag(name))
}

/// Keeps the values sorted and each once, so that their order in the query does not matter.
fn add(name: &'static str, values: &mut Vec<String>, value: &str) -> Result<(), ListingError> {
    let Err(place) = values.binary_search_by(|known| known.as_str().cmp(value)) else { return Ok(()) };
    if values.len() == MAX_VALUES || value.chars().count() > MAX_VALUE {
        return Err(ListingError::Values(name));
    }
    values.insert(place, value.to_owned());
    Ok(())
}

/// A search in lower case with single spaces; `None` when nothing is searched for.
pub fn words(value: &str) -> Result<Option<String>, ListingError> {
    // Counted before anything is copied.
    if value.len() > MAX_WORDS * 4 || value.chars().count() > MAX_WORDS {
        return Err(ListingError::Words);
    }
    let mut words = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase));
    }
    Ok(Some(words).filter(|words| !words.is_empty()))
}

fn category(value: &str) -> Result<String, ListingError> {
    let clean = value.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if clean && value.len() <= MAX_SLUG { Ok(value.to_owned()) } else { Err(ListingError::Category) }
}

fn price(name: &'static str, value: &str) -> Result<i64, ListingError> {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    let price = value.parse().ok().filter(|price| digits && (0..=MAX_PRICE_MINOR).contains(price));
    price.ok_or(ListingError::Price(name))
}

fn shelf(value: &str) -> Result<Shelf, ListingError> {
    Ok(match value {
        "active" => Shelf::Public,
        "draft" => Shelf::Status("draft"),
        "archived" => Shelf::Status("archived"),
        "all" => Shelf::All,
        _ => return Err(ListingError::Status),
    })
}

#[cfg(test)]
mod tests {
    use super::super::position::SortKey;
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn canonical(raw: &str) -> String {
        Listing::parse(raw).unwrap().canonical()
    }

    #[test]
    fn ways_of_writing_one_query_share_one_name() {
        let name = canonical("q=Copper+Kettle&limit=20");
        for same in [
            "limit=20&q=copper%20kettle",
            "q=++copper++KETTLE+",
            "q=copper+kettle&sort=relevance&in_stock=false&cursor=",
        ] {
            assert_eq!(canonical(same), name, "{same}");
        }
        for other in [
            "q=copper",
            "q=copper+kettle&limit=21",
            "q=copper+kettle&sort=newest",
            "q=copper+kettle&in_stock=true",
            "q=copper+kettle&facets=true",
            "q=copper+kettle&tag=brass",
            "q=copper+kettle&vendor=brass",
            "q=copper+kettle&option=a:brass",
        ] {
            assert_ne!(canonical(other), name, "{other}");
        }
        assert_eq!(canonical("tag=b&tag=a&tag=b"), canonical("tag=a&tag=b"));
    }

    #[test]
    fn bad_parameters_are_named() {
        let error = |raw: &str| Listing::parse(raw).unwrap_err();
        assert_eq!(error(&format!("q={}", "x".repeat(201))), ListingError::Words);
        assert_eq!(error("category=Tea%20%26%20Coffee"), ListingError::Category);
        assert_eq!(error("in_stock=maybe"), ListingError::Flag("in_stock"));
        assert_eq!(error("facets=1"), ListingError::Flag("facets"));
        assert_eq!(error("option=Indigo"), ListingError::Option);
        assert_eq!(error(&format!("tag={}", "x".repeat(201))), ListingError::Values("tag"));
        let many: Vec<String> = (0..21).map(|n| format!("vendor=v{n}")).collect();
        assert_eq!(error(&many.join("&")), ListingError::Values("vendor"));
        assert_eq!(error("sort=random"), ListingError::Sort);
        assert_eq!(error("status=secret"), ListingError::Status);
        assert_eq!(error("min_price=2000&max_price=1000"), ListingError::PriceRange);
        for bad in ["-1", "1.5", "+5", "1e3", "99999999999999999999", "1000000000001"] {
            assert_eq!(
                error(&format!("min_price={}", bad.replace('+', "%2B"))),
                ListingError::Price("min_price"),
                "{bad}"
            );
        }
        for bad in ["0", "-1", "101", "1e9", "99999999999999999999"] {
            assert_eq!(error(&format!("limit={bad}")), ListingError::Page(PageError::Limit), "{bad}");
        }
        assert_eq!(error("cursor=AAAA"), ListingError::Page(PageError::Cursor));
        assert_eq!(error("q=%00"), ListingError::QueryString(QueryStringError::Control));
    }

    fn any_sort() -> impl Strategy<Value = Sort> {
        prop_oneof![
            Just(Sort::Relevance),
            Just(Sort::Newest),
            Just(Sort::PriceAsc),
            Just(Sort::PriceDesc),
            Just(Sort::Title)
        ]
    }

    prop_compose! {
        fn any_listing()(
            words in proptest::option::of("[a-z|-]{1,8}( [a-z|-]{1,8}){0,2}"),
            category in proptest::option::of("[a-z]{1,8}"),
            prices in (proptest::option::of(0_i64..100), proptest::option::of(100_i64..200)),
            in_stock: bool, facets: bool, sort in any_sort(), limit in 1_u32..=100,
            lists in proptest::collection::vec(proptest::collection::btree_set("[a-z:|]{1,6}", 0..3), 3),
            after in proptest::option::of((any::<i64>(), any::<u128>())),
        ) -> Listing {
            let sort = if words.is_none() && sort == Sort::Relevance { Sort::Newest } else { sort };
            let after = after.map(|(number, id)| Position {
                sort, found_by: Match::Words, id: Uuid::from_u128(id),
                key: match sort {
                    Sort::Newest => SortKey::None,
                    Sort::Title => SortKey::Text(number.to_string()),
                    _ => SortKey::Number(number),
                },
            });
            let mut lists = lists.into_iter().map(|values| values.into_iter().collect::<Vec<_>>());
            let mut list = || lists.next().unwrap_or_default();
            let (vendors, tags) = (list(), list());
            let options = list().into_iter().map(|value| format!("a{value}:")).collect::<std::collections::BTreeSet<_>>();
            Listing {
                words, category, min_price: prices.0, max_price: prices.1, in_stock, vendors, tags,
                options: options.into_iter().collect(), facets, sort, after, limit, shelf: Shelf::Public,
            }
        }
    }

    fn written(listing: &Listing) -> String {
        let mut raw = format!("limit={}&in_stock={}&facets={}", listing.limit, listing.in_stock, listing.facets);
        for (name, values) in [("vendor", &listing.vendors), ("tag", &listing.tags), ("option", &listing.options)] {
            for value in values.iter().rev() {
                let _ = write!(raw, "&{name}={value}");
            }
        }
        let sort = match listing.sort {
            Sort::Relevance => "relevance",
            Sort::Newest => "newest",
            Sort::PriceAsc => "price_asc",
            Sort::PriceDesc => "price_desc",
            Sort::Title => "title",
        };
        let _ = write!(raw, "&sort={sort}");
        for (name, value) in [
            ("q", listing.words.clone()),
            ("category", listing.category.clone()),
            ("min_price", listing.min_price.map(|p| p.to_string())),
            ("max_price", listing.max_price.map(|p| p.to_string())),
            ("cursor", listing.after.as_ref().map(Position::encode)),
        ] {
            if let Some(value) = value {
                let _ = write!(raw, "&{name}={}", value.replace(' ', "+"));
            }
        }
        raw
    }

    proptest! {
        #[test]
        fn a_query_means_what_was_written(listing in any_listing()) {
            prop_assert_eq!(Listing::parse(&written(&listing)), Ok(listing));
        }

        #[test]
        fn two_queries_share_a_name_only_when_they_are_one(a in any_listing(), b in any_listing()) {
            prop_assert_eq!(a.canonical() == b.canonical(), a == b);
        }

        #[test]
        fn no_query_string_panics(raw in "(q=|&|cursor=|limit=|sort=title|%|[ -~]|é){0,30}") {
            let _ = Listing::parse(&raw);
        }
    }
}
