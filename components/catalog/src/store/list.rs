//! One page of products. Each combination of order and filters is a statement of its own, made of the pieces below, so
//! that each can use the index made for it; values only ever travel as parameters.

use super::defect;
use crate::domain::listing::{Listing, Shelf};
use crate::domain::position::{Match, Position, Sort, SortKey};
use souk_host::db::{Db, DbError, p};
use std::fmt::Write;
use uuid::Uuid;

/// A page as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// A JSON array of at most as many product cards as asked for.
    pub items: String,
    /// Where the next page begins, if there is one.
    pub next: Option<Position>,
    /// How they were found.
    pub found_by: Match,
    /// Nothing was found.
    pub is_empty: bool,
}

/// The page that `listing` asks for, without its facets. A search that finds no product with its words looks for similar spellings.
pub async fn page(listing: &Listing) -> Result<Found, DbError> {
    let found_by = listing.after.as_ref().map_or(Match::Words, |after| after.found_by);
    let found = run(listing, found_by).await?;
    if found.is_empty && listing.words.is_some() && listing.after.is_none() && listing.shelf == Shelf::Public {
        return run(listing, Match::Similar).await;
    }
    Ok(found)
}

async fn run(listing: &Listing, found_by: Match) -> Result<Found, DbError> {
    let statement = Statement::of(listing, found_by);
    let row = Db::connect().await?.one(&statement.sql, statement.params).await?;
    let row = row.ok_or_else(|| defect("a list is one row"))?;
    Row { count: row.int(0)?, items: row.json_opt(1)?, last_key: row.text_opt(2)?, last_id: row.text_opt(3)? }
        .page(listing, found_by)
}

/// What a list's statement returns. One more row than asked for is read: it says whether there is another page.
struct Row {
    count: i64,
    items: Option<String>,
    last_key: Option<String>,
    last_id: Option<String>,
}

impl Row {
    fn page(self, listing: &Listing, found_by: Match) -> Result<Found, DbError> {
        let more = self.count > i64::from(listing.limit);
        let next = more.then(|| {
            let id = self.last_id.as_deref().and_then(|id| Uuid::parse_str(id).ok());
            let key = SortKey::parse(listing.sort, self.last_key.as_deref());
            let (key, id) = key.zip(id).ok_or_else(|| defect("a list's last row has no key"))?;
            Ok::<_, DbError>(Position { sort: listing.sort, found_by, key, id })
        });
        Ok(Found {
            items: self.items.unwrap_or_else(|| "[]".to_owned()),
            next: next.transpose()?,
            found_by,
            is_empty: self.count == 0,
        })
    }
}

/// A statement and its parameters.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) params: Vec<p::ParameterValue>,
}

impl Statement {
    fn of(listing: &Listing, found_by: Match) -> Self {
        let mut it = Self { sql: String::with_capacity(1400), params: Vec::new() };
        let words = Words::bind(&mut it, listing, found_by);
        let key = match (listing.sort, &words) {
            (Sort::Relevance, Some(words)) if words.similar => "s.closeness".to_owned(),
            // A scalar subquery, so that the words are parsed once and not for each row.
            (Sort::Relevance, Some(words)) => {
                format!("search_rank(p.search, (SELECT search_query({})))", words.parameter)
            }
            (Sort::PriceAsc | Sort::PriceDesc, _) => "p.price_from_minor".to_owned(),
            (Sort::Title, _) => "lower(p.title)".to_owned(),
            (Sort::Newest | Sort::Relevance, _) => "NULL".to_owned(),
        };
        let last = format!("FILTER (WHERE r.ordinal = {})", listing.limit);
        let _ = write!(
            it.sql,
            "SELECT count(*), jsonb_agg(jsonb_build_object('id', r.id, 'slug', r.slug, 'title', r.title, \
             'vendor', r.vendor, 'category', r.category, 'price_from', money(r.price_from_minor, r.currency), \
             'in_stock', r.in_stock, 'image_url', r.image_url, 'image_alt', r.image_alt, 'status', r.status) \
             ORDER BY r.ordinal) FILTER (WHERE r.ordinal <= {limit}), \
             max(r.key::text) {last}, max(r.id::text) {last} \
             FROM (SELECT p.*, row_number() OVER () AS ordinal FROM (",
            limit = listing.limit,
        );
        // Each category of a branch has its own stretch of an index in the list's order: the first rows of each, merged.
        let branch = listing.category.as_deref().filter(|_| words.is_none() && listing.shelf == Shelf::Public);
        if let Some(category) = branch {
            let category = it.bind(p::text(category));
            it.push(&format!("SELECT p.* FROM category_tree({category}) AS shelf (slug) CROSS JOIN LATERAL ("));
        }
        it.push(
            "SELECT p.id, p.slug, p.title, p.vendor, p.category, p.price_from_minor, p.currency, p.in_stock, \
             p.image_url, p.image_alt, p.status, ",
        );
        it.push(&key);
        it.push(" AS key");
        it.find(listing, words.as_ref(), branch.is_some());
        it.continue_after(listing.after.as_ref(), &key);
        it.order(listing.sort, &key, listing.limit + 1);
        if branch.is_some() {
            it.push(") p");
            it.order(listing.sort, "p.key", listing.limit + 1);
        }
        it.push(") p) r");
        it
    }

    /// The products that pass the filters. With `of_shelf` they are those of the category `shelf.slug` alone.
    pub(super) fn find(&mut self, listing: &Listing, words: Option<&Words>, of_shelf: bool) {
        self.push(" FROM products p");
        if let Some(words) = words.filter(|words| words.similar) {
            self.push(&format!(" JOIN similar_products({}) s ON s.product_id = p.id", words.parameter));
        }
        self.push(" WHERE ");
        self.filter(listing, words);
        match &listing.category {
            Some(_) if of_shelf => self.push(" AND p.category = shelf.slug"),
            Some(category) => {
                let category = self.bind(p::text(category));
                self.push(&format!(" AND p.category = ANY (ARRAY(SELECT category_tree({category})))"));
            }
            None => {}
        }
    }

    fn filter(&mut self, listing: &Listing, words: Option<&Words>) {
        match listing.shelf {
            // Written out, so that the partial indexes on active products are used.
            Shelf::Public => self.push("p.status = 'active'"),
            Shelf::Status(status) => {
                let status = self.bind(p::text(status));
                self.push(&format!("p.status = {status}"));
            }
            Shelf::All => self.push("true"),
        }
        if let Some(Words { parameter, similar }) = words {
            self.push(&match similar {
                false => format!(" AND p.search @@ (SELECT search_query({parameter}))"),
                true => format!(
                    " AND NOT EXISTS (SELECT FROM products w WHERE w.status = 'active' AND w.search @@ (SELECT search_query({parameter})))"
                ),
            });
        }
        if let Some(min) = listing.min_price {
            let min = self.bind(p::int(min));
            self.push(&format!(" AND p.price_from_minor >= {min}"));
        }
        if let Some(max) = listing.max_price {
            let max = self.bind(p::int(max));
            self.push(&format!(" AND p.price_from_minor <= {max}"));
        }
        if listing.in_stock {
            self.push(" AND p.in_stock");
        }
        if !listing.vendors.is_empty() {
            let vendors = self.bind(p::text_array(&listing.vendors));
            self.push(&format!(" AND p.vendor = ANY ({vendors})"));
        }
        if !listing.tags.is_empty() {
            let tags = self.bind(p::text_array(&listing.tags));
            self.push(&format!(" AND p.tags @> {tags}"));
        }
        // Values of one name are alternatives, and stand together, since they are sorted.
        let name = |option: &String| option.split(':').next().map(str::to_owned);
        for values in listing.options.chunk_by(|one, other| name(one) == name(other)) {
            let values = self.bind(p::text_array(values.iter().flat_map(|value| stored_options(value))));
            self.push(&format!(" AND p.option_values && {values}"));
        }
    }

    /// Rows that sort behind the last one shown; a row comparison, so that an index on both columns serves it.
    fn continue_after(&mut self, after: Option<&Position>, key: &str) {
        let Some(after) = after else { return };
        let beyond = if ascending(after.sort) { '>' } else { '<' };
        let id = self.bind(p::uuid(after.id));
        let bound = match &after.key {
            SortKey::None => return self.push(&format!(" AND p.id {beyond} {id}")),
            SortKey::Number(number) => self.bind(p::int(*number)),
            SortKey::Text(text) => self.bind(p::text(text)),
        };
        self.push(&format!(" AND ({key}, p.id) {beyond} ({bound}, {id})"));
    }

    fn order(&mut self, sort: Sort, key: &str, limit: u32) {
        let direction = if ascending(sort) { "" } else { " DESC" };
        self.push(" ORDER BY ");
        if sort != Sort::Newest {
            self.push(&format!("{key}{direction}, "));
        }
        self.push(&format!("p.id{direction} LIMIT {limit}"));
    }

    pub(super) fn push(&mut self, piece: &str) {
        self.sql.push_str(piece);
    }

    pub(super) fn bind(&mut self, value: p::ParameterValue) -> String {
        self.params.push(value);
        format!("${}", self.params.len())
    }
}

/// How a search is made: the parameter that holds the words, and whether similar spellings are looked for.
pub(super) struct Words {
    parameter: String,
    similar: bool,
}

impl Words {
    pub(super) fn bind(statement: &mut Statement, listing: &Listing, found_by: Match) -> Option<Self> {
        let words = listing.words.as_deref()?;
        Some(Self { parameter: statement.bind(p::text(words)), similar: found_by == Match::Similar })
    }
}

/// What `Name:value` may be stored as. Either may hold a colon itself, so each colon is tried as the one between them.
fn stored_options(option: &str) -> impl Iterator<Item = String> {
    option.match_indices(':').filter_map(|(at, _)| {
        let (name, value) = option.split_at_checked(at)?;
        Some(format!("{name}\u{1f}{}", value.get(1..)?))
    })
}

fn ascending(sort: Sort) -> bool {
    matches!(sort, Sort::PriceAsc | Sort::Title)
}

#[cfg(test)]
#[path = "list_tests.rs"]
pub(super) mod tests;
