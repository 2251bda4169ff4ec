//! Facets of a list: one statement that looks at the products which pass the list's filters and counts what they have.

use super::defect;
use super::list::{Statement, Words};
use crate::domain::listing::Listing;
use crate::domain::position::Match;
use souk_host::db::{Db, DbError};

/// The most products that are counted: what keeps the first page of a shop with a million products fast.
const COUNTED: u32 = 10_000;

/// The facets of the whole list that a page belongs to, as the JSON of [`Facets`](crate::views::Facets). `found_by` is how
/// the page was found.
pub async fn facets(listing: &Listing, found_by: Match) -> Result<String, DbError> {
    let statement = statement(listing, found_by);
    let json = Db::connect().await?.json(&statement.sql, statement.params).await?;
    json.ok_or_else(|| defect("facets are one row"))
}

fn statement(listing: &Listing, found_by: Match) -> Statement {
    let mut it = Statement::default();
    let words = Words::bind(&mut it, listing, found_by);
    it.push(
        "WITH matched AS MATERIALIZED (SELECT p.category, p.price_from_minor AS price, p.in_stock, p.vendor, p.tags, \
         p.option_values",
    );
    it.find(listing, words.as_ref(), false);
    // Without a search the newest are counted: an index has them in this order. Sorting what a search found would
    // mean to fetch all of it.
    if words.is_none() {
        it.push(" ORDER BY p.id DESC");
    }
    it.push(&format!(" LIMIT {COUNTED}){COUNTS}"));
    it.push(&format!(" 'complete', (SELECT count(*) < {COUNTED} FROM matched))"));
    it
}

/// Prices are counted in spans that end at 5, 10, 25, 50, 100, ... of a currency with cents.
const COUNTS: &str = ", \
ladder AS ( \
  SELECT row_number() OVER (ORDER BY low) AS step, low, lead(low) OVER (ORDER BY low) - 1 AS high \
  FROM (SELECT 0::bigint AS low \
        UNION ALL SELECT m * (10::numeric ^ e)::bigint FROM unnest(ARRAY[5, 10, 25]::bigint[]) m, generate_series(2, 10) e) AS lows \
), by_category AS ( \
  SELECT category AS slug, count(*) AS products FROM matched GROUP BY category \
), by_step AS ( \
  SELECT width_bucket(price, (SELECT array_agg(low ORDER BY low) FROM ladder)) AS step, count(*) AS products FROM matched GROUP BY 1 \
), by_vendor AS ( \
  SELECT vendor AS value, count(*) AS products FROM matched WHERE vendor <> '' GROUP BY vendor ORDER BY 2 DESC, 1 LIMIT 20 \
), by_tag AS ( \
  SELECT tag AS value, count(*) AS products FROM matched, unnest(tags) AS tag GROUP BY tag ORDER BY 2 DESC, 1 LIMIT 30 \
), by_option AS ( \
  SELECT option, count(*) AS products FROM matched, unnest(option_values) AS option GROUP BY option \
), ranked_option AS ( \
  SELECT split_part(option, E'\\x1f', 1) AS name, split_part(option, E'\\x1f', 2) AS value, products, \
         row_number() OVER (PARTITION BY split_part(option, E'\\x1f', 1) ORDER BY products DESC, option) AS place \
  FROM by_option \
), by_name AS ( \
  SELECT name, jsonb_agg(jsonb_build_object('value', value, 'products', products) ORDER BY place) FILTER (WHERE place <= 30) AS values, \
         sum(products) AS total \
  FROM ranked_option GROUP BY name ORDER BY total DESC, name LIMIT 10 \
) \
SELECT jsonb_build_object( \
  'products', (SELECT count(*) FROM matched), \
  'in_stock', (SELECT count(*) FROM matched WHERE in_stock), \
  'categories', ( \
    WITH RECURSIVE holding AS ( \
      SELECT slug, products FROM by_category \
      UNION ALL \
      SELECT c.parent, h.products FROM holding h JOIN categories c ON c.slug = h.slug WHERE c.parent IS NOT NULL) \
    SELECT coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title, 'parent', c.parent, 'products', n.products) \
                              ORDER BY n.products DESC, lower(c.title), c.slug), '[]') \
    FROM (SELECT slug, sum(products)::bigint AS products FROM holding GROUP BY slug) AS n JOIN categories c ON c.slug = n.slug), \
  'prices', ( \
    SELECT coalesce(jsonb_agg(jsonb_build_object('min', l.low, 'max', l.high, 'products', b.products) ORDER BY l.step), '[]') \
    FROM by_step b JOIN ladder l ON l.step = b.step), \
  'vendors', (SELECT coalesce(jsonb_agg(to_jsonb(by_vendor) ORDER BY products DESC, value), '[]') FROM by_vendor), \
  'tags', (SELECT coalesce(jsonb_agg(to_jsonb(by_tag) ORDER BY products DESC, value), '[]') FROM by_tag), \
  'options', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'values', values) ORDER BY total DESC, name), '[]') FROM by_name),";

#[cfg(test)]
#[path = "facets_tests.rs"]
mod tests;
