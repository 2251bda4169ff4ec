//! Facets on a real Postgres: they count what the list shows, and no more than they say.

use super::super::list::tests::{catalogue, fill, native};
use super::*;
use crate::views::Facets;
use anyhow::Result;
use serde_json::Value;
use tokio_postgres::{Client, types::ToSql};

async fn facets_of(db: &Client, query: &str, found_by: Match) -> Result<Facets> {
    let statement = statement(&Listing::parse(query)?, found_by);
    let params = native(&statement.params)?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    let json: Value = db.query_one(&statement.sql, &params).await?.get(0);
    Ok(serde_json::from_value(json)?)
}

async fn count(db: &Client, condition: &str) -> Result<i64> {
    let sql = format!("SELECT count(*) FROM products WHERE status = 'active' AND {condition}");
    Ok(db.query_one(&sql, &[]).await?.get(0))
}

#[tokio::test]
async fn facets_count_what_each_filter_would_find() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 600).await?;
    for (query, condition) in [
        ("", "true"),
        ("q=kettle", "title ~ 'kettle'"),
        ("category=shelf-1&in_stock=true", "category <> 'shelf-0' AND in_stock"),
        ("tag=tag+3&vendor=Maker+3", "'tag 3' = ANY (tags) AND vendor = 'Maker 3'"),
        (
            "option=Colour:c2&min_price=1000",
            "option_value('Colour', 'c2') = ANY (option_values) AND price_from_minor >= 1000",
        ),
    ] {
        let facets = facets_of(&db, query, Match::Words).await?;
        let counted = async |more: &str| count(&db, &format!("{condition} AND {more}")).await;
        assert_eq!((facets.products, facets.complete), (counted("true").await?, true), "{query}");
        assert!(facets.products > 5, "{query} finds something");
        assert_eq!(facets.in_stock, counted("in_stock").await?, "{query}");
        for category in &facets.categories {
            let below = format!("category IN (SELECT category_tree('{}'))", category.slug);
            assert_eq!(category.products, counted(&below).await?, "{query}: {}", category.slug);
        }
        for price in &facets.prices {
            let span = format!("price_from_minor BETWEEN {} AND {}", price.min, price.max.unwrap_or(i64::MAX));
            assert_eq!(price.products, counted(&span).await?, "{query}: {span}");
        }
        for vendor in &facets.vendors {
            assert_eq!(vendor.products, counted(&format!("vendor = '{}'", vendor.value)).await?, "{query}");
        }
        for tag in &facets.tags {
            assert_eq!(tag.products, counted(&format!("'{}' = ANY (tags)", tag.value)).await?, "{query}");
        }
        for option in &facets.options {
            for value in &option.values {
                let has = format!("option_value('{}', '{}') = ANY (option_values)", option.name, value.value);
                assert_eq!(value.products, counted(&has).await?, "{query}: {has}");
            }
        }
        // Nothing is left uncounted: each product has one price, one maker, and at least one value of each option.
        let sum = |values: &[crate::views::ValueFacet]| values.iter().map(|value| value.products).sum::<i64>();
        assert_eq!(facets.prices.iter().map(|price| price.products).sum::<i64>(), facets.products, "{query}");
        assert_eq!(sum(&facets.vendors), facets.products, "{query}");
        let names: Vec<_> = facets.options.iter().map(|option| option.name.as_str()).collect();
        assert_eq!(names, ["Colour", "Size"], "{query}");
        assert!(facets.options.iter().all(|option| sum(&option.values) == facets.products), "{query}");
        assert!(facets.vendors.is_sorted_by_key(|vendor| -vendor.products), "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn facets_of_a_misspelt_search_count_what_it_shows() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 300).await?;
    let facets = facets_of(&db, "q=kettel", Match::Similar).await?;
    assert_eq!(facets.products, count(&db, "title ~ 'kettle'").await?);
    Ok(())
}

#[tokio::test]
async fn facets_of_nothing_are_empty() -> Result<()> {
    let facets = facets_of(&catalogue().await?, "q=x&category=y&facets=true", Match::Words).await?;
    assert_eq!((facets.products, facets.in_stock, facets.complete), (0, 0, true));
    assert!(facets.categories.is_empty() && facets.prices.is_empty() && facets.vendors.is_empty());
    assert!(facets.tags.is_empty() && facets.options.is_empty());
    Ok(())
}

#[tokio::test]
async fn facets_stop_counting_where_they_say() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 13_000).await?;
    for query in ["", "q=copper+or+brass+or+walnut+or+linen"] {
        let facets = facets_of(&db, query, Match::Words).await?;
        assert_eq!((facets.products, facets.complete), (i64::from(COUNTED), false), "{query}");
    }
    Ok(())
}
