//! The statements of lists, run on a real Postgres: complete pages, in order, by an index, and a search that forgives.

use super::*;
use crate::views::ProductCard;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use souk_testkit::Postgres;
use std::collections::HashSet;
use tokio_postgres::{Client, types::ToSql};
use uuid::Uuid;

pub(in crate::store) async fn catalogue() -> Result<Client> {
    Postgres::shared().migrated("catalog").await?.connect().await
}

/// Products `first..=last` in four categories, two of them within a third, in no order, many with the same price or nearly the
/// same title; every fifth is a draft, every third in stock.
pub(in crate::store) async fn fill(db: &Client, first: i32, last: i32) -> Result<()> {
    db.execute("INSERT INTO categories SELECT 'shelf-' || n, 'Shelf ' || n FROM generate_series(0, 3) n ON CONFLICT DO NOTHING", &[])
        .await?;
    db.execute("UPDATE categories SET parent = 'shelf-1' WHERE slug IN ('shelf-2', 'shelf-3') AND parent IS NULL", &[])
        .await?;
    let sql = "
        INSERT INTO products (vendor, tags, option_values, id, slug, title, description_html, category, status, price_from_minor, currency, in_stock)
        SELECT 'Maker ' || n % 6, ARRAY['tag ' || n % 9, 'tag ' || 9 + n % 4],
               ARRAY[option_value('Colour', 'c' || n % 5), option_value('Size', 's' || n % 3)],
               md5(n::text)::uuid, 'p' || n,
               (ARRAY['Copper','Brass','Walnut','Linen','Clay'])[1 + n % 5] || ' ' ||
               (ARRAY['kettle','lantern','bowl','blanket','teapot','basket','mirror'])[1 + n % 7] || ' ' || n % 50,
               '<p>Number ' || n || ', made by hand for a long life.</p>', 'shelf-' || n % 4,
               CASE WHEN n % 5 = 4 THEN 'draft' ELSE 'active' END, 100 * (n * 7 % 90), 'EUR', n % 3 = 0
        FROM generate_series($1::int, $2) n";
    db.execute(sql, &[&first, &last]).await?;
    Ok(())
}

pub(in crate::store) fn native(params: &[p::ParameterValue]) -> Result<Vec<Box<dyn ToSql + Sync + Send>>> {
    let one = |value: &p::ParameterValue| -> Result<Box<dyn ToSql + Sync + Send>> {
        Ok(match value {
            p::ParameterValue::Str(text) => Box::new(text.clone()),
            p::ParameterValue::Int64(number) => Box::new(*number),
            p::ParameterValue::Uuid(uuid) => Box::new(Uuid::parse_str(uuid)?),
            p::ParameterValue::ArrayStr(texts) => Box::new(texts.clone()),
            other => bail!("a list does not use {other:?}"),
        })
    };
    params.iter().map(one).collect()
}

async fn query(db: &Client, prefix: &str, listing: &Listing, found_by: Match) -> Result<tokio_postgres::Row> {
    let statement = Statement::of(listing, found_by);
    let params = native(&statement.params)?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
    Ok(db.query_one(&format!("{prefix}{}", statement.sql), &params).await?)
}

/// The products of one page, read as the type that the OpenAPI document shows, and where the next page begins.
async fn found(db: &Client, listing: &Listing, found_by: Match) -> Result<(Vec<ProductCard>, Option<Position>)> {
    let row = query(db, "", listing, found_by).await?;
    let items: Option<Value> = row.get(1);
    let row = Row {
        count: row.get(0),
        items: items.map(|items| items.to_string()),
        last_key: row.get(2),
        last_id: row.get(3),
    };
    let found = row.page(listing, found_by)?;
    Ok((serde_json::from_str(&found.items)?, found.next))
}

fn listing(query: &str) -> Listing {
    Listing::parse(query).expect("a good query")
}

/// All pages of a list, one after the other; `between` runs after each page.
async fn all_pages(
    db: &Client,
    query: &str,
    mut between: impl AsyncFnMut(usize) -> Result<()>,
) -> Result<Vec<ProductCard>> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    for page in 0.. {
        let listing = listing(&format!("{query}&cursor={cursor}"));
        let (items, next) =
            found(db, &listing, listing.after.as_ref().map_or(Match::Words, |after| after.found_by)).await?;
        all.extend(items);
        between(page).await?;
        match next {
            Some(next) => cursor = next.encode(),
            None => break,
        }
    }
    Ok(all)
}

const LISTS: [&str; 12] = [
    "sort=newest",
    "sort=price_asc",
    "sort=price_desc",
    "sort=title",
    "category=shelf-1&sort=price_asc",
    "category=shelf-2&sort=title&in_stock=true",
    "min_price=1000&max_price=4000&sort=price_desc",
    "tag=tag+3&tag=tag+10&sort=price_asc",
    "vendor=Maker+1&vendor=Maker+2&option=Size:s1&option=Colour:c1&option=Colour:c2",
    "category=shelf-1&sort=newest&tag=tag+3",
    "q=copper",
    "q=kettle+or+bowl&sort=title&category=shelf-3",
];

#[tokio::test]
async fn the_pages_of_a_list_are_complete_and_in_order() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 700).await?;
    for query in LISTS {
        let whole = all_pages(&db, &format!("{query}&limit=100"), async |_| Ok(())).await?;
        let pages = all_pages(&db, &format!("{query}&limit=7"), async |_| Ok(())).await?;
        let ids = |cards: &[ProductCard]| cards.iter().map(|card| card.id).collect::<Vec<_>>();
        assert_eq!(ids(&pages), ids(&whole), "{query}");
        assert_eq!(ids(&pages).into_iter().collect::<HashSet<_>>().len(), pages.len(), "{query} shows one twice");
        assert!(pages.len() > 10, "{query} found {}", pages.len());
        let sorted = |key: fn(&ProductCard) -> (i64, String)| pages.is_sorted_by_key(key);
        if query.contains("price_asc") {
            assert!(sorted(|card| (card.price_from.amount_minor, card.id.to_string())), "{query}");
        } else if query.contains("price_desc") {
            assert!(pages.iter().rev().is_sorted_by_key(|card| card.price_from.amount_minor), "{query}");
        } else if query.contains("title") {
            assert!(sorted(|card| (0, card.title.to_lowercase())), "{query}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn pages_stay_stable_while_products_are_inserted() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 300).await?;
    for (round, query) in LISTS.into_iter().enumerate() {
        let before = all_pages(&db, &format!("{query}&limit=100"), async |_| Ok(())).await?;
        let start = 1000 * (i32::try_from(round)? + 1);
        let pages = all_pages(&db, &format!("{query}&limit=5"), async |page| {
            // More products between the first pages; then the list is let come to its end.
            let first = start + 10 * i32::try_from(page)?;
            if page < 10 { fill(&db, first, first + 9).await } else { Ok(()) }
        })
        .await?;
        let shown: Vec<Uuid> = pages.iter().map(|card| card.id).collect();
        let unique: HashSet<Uuid> = shown.iter().copied().collect();
        assert_eq!(unique.len(), shown.len(), "{query} shows one twice");
        let missed: Vec<_> = before.iter().filter(|card| !unique.contains(&card.id)).collect();
        assert!(missed.is_empty(), "{query} missed {}", missed.len());
    }
    Ok(())
}

#[tokio::test]
async fn filters_show_exactly_what_they_say() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 300).await?;
    let count = async |sql: &str| -> Result<i64> {
        Ok(db.query_one(&format!("SELECT count(*) FROM products WHERE {sql}"), &[]).await?.get(0))
    };
    for (query, sql) in [
        ("", "status = 'active'"),
        ("category=shelf-2", "status = 'active' AND category = 'shelf-2'"),
        ("category=shelf-1", "status = 'active' AND category IN ('shelf-1', 'shelf-2', 'shelf-3')"),
        (
            "category=shelf-1&q=kettle",
            "status = 'active' AND category IN ('shelf-1', 'shelf-2', 'shelf-3') AND title ~ 'kettle'",
        ),
        ("category=no-such", "false"),
        ("vendor=Maker+1&vendor=Maker+2", "status = 'active' AND vendor IN ('Maker 1', 'Maker 2')"),
        ("tag=tag+3&tag=tag+10", "status = 'active' AND tags @> '{tag 3,tag 10}'"),
        ("option=Colour:c1", "status = 'active' AND option_value('Colour', 'c1') = ANY (option_values)"),
        (
            "option=Colour:c1&option=Colour:c2&option=Size:s0",
            "status = 'active' AND option_values && ARRAY[option_value('Colour', 'c1'), option_value('Colour', 'c2')]
             AND option_values @> ARRAY[option_value('Size', 's0')]",
        ),
        ("min_price=700&max_price=2100", "status = 'active' AND price_from_minor BETWEEN 700 AND 2100"),
        ("in_stock=true", "status = 'active' AND in_stock"),
        ("status=draft", "status = 'draft'"),
        ("status=archived", "status = 'archived'"),
        ("status=all", "true"),
        ("q=walnut+-mirror", "status = 'active' AND title LIKE 'Walnut%' AND title NOT LIKE '%mirror%'"),
    ] {
        let shown = all_pages(&db, &format!("{query}&limit=100"), async |_| Ok(())).await?;
        assert_eq!(i64::try_from(shown.len())?, count(sql).await?, "{query}");
    }
    Ok(())
}

async fn product(db: &Client, slug: &str, title: &str, more: Value) -> Result<()> {
    db.execute("INSERT INTO categories VALUES ('home', 'Home') ON CONFLICT DO NOTHING", &[]).await?;
    let sql = "INSERT INTO products (slug, title, description_html, vendor, category, product_type, tags, status, price_from_minor, currency)
               SELECT $1, $2, coalesce(m.description_html, ''), coalesce(m.vendor, ''), 'home', coalesce(m.product_type, ''),
                      coalesce(m.tags, '{}'), coalesce(m.status, 'active'), 100, 'EUR'
               FROM jsonb_to_record($3) AS m (description_html text, vendor text, product_type text, tags text[], status text)";
    db.execute(sql, &[&slug, &title, &more]).await?;
    Ok(())
}

async fn slugs(db: &Client, query: &str, found_by: Match) -> Result<Vec<String>> {
    Ok(found(db, &listing(query), found_by).await?.0.into_iter().map(|card| card.slug).collect())
}

#[tokio::test]
async fn search_knows_inflections_fields_and_what_matters_most() -> Result<()> {
    let db = catalogue().await?;
    product(&db, "mentioned", "Wool blanket", json!({"description_html": "<p>Goes well with our kettles.</p>"}))
        .await?;
    product(&db, "tagged", "Brass pot", json!({"tags": ["kettle"], "vendor": "Söhne"})).await?;
    product(&db, "titled", "Copper Kettle", json!({"product_type": "Teaware"})).await?;
    product(&db, "hidden", "Secret Kettle", json!({"status": "draft"})).await?;
    assert_eq!(slugs(&db, "q=kettles", Match::Words).await?, ["titled", "tagged", "mentioned"]);
    assert_eq!(slugs(&db, "q=s%C3%B6hne", Match::Words).await?, ["tagged"]);
    assert_eq!(slugs(&db, "q=teaware", Match::Words).await?, ["titled"]);
    assert_eq!(slugs(&db, "q=%22copper+kettle%22", Match::Words).await?, ["titled"]);
    assert_eq!(slugs(&db, "q=p", Match::Words).await?, Vec::<String>::new(), "tags of HTML are not words");
    for odd in ["q=%22", "q=-", "q=or", "q=the", "q=%26%7C!()", "q=%27%3B+DROP+TABLE+products", "q=%5C"] {
        slugs(&db, odd, Match::Words).await?;
        slugs(&db, odd, Match::Similar).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_misspelt_word_finds_what_was_meant() -> Result<()> {
    let db = catalogue().await?;
    for (slug, title) in [
        ("kettle", "Copper Kettle"),
        ("blanket", "Wool Blanket"),
        ("lantern", "Brass Lantern"),
        ("bowl", "Ceramic Bowl"),
    ] {
        product(&db, slug, title, json!({})).await?;
    }
    product(&db, "hidden", "Secret Kettel", json!({"status": "draft"})).await?;
    for (typo, meant) in [
        ("kettel", "kettle"),
        ("blnket", "blanket"),
        ("lantren", "lantern"),
        ("cermic", "bowl"),
        ("coper", "kettle"),
        ("KET", "kettle"),
    ] {
        assert_eq!(slugs(&db, &format!("q={typo}"), Match::Words).await?, Vec::<String>::new(), "{typo}");
        let similar = slugs(&db, &format!("q={typo}"), Match::Similar).await?;
        assert_eq!(similar.first().map(String::as_str), Some(meant), "{typo}: {similar:?}");
    }
    // One of two words, either of them, is enough to be misspelt.
    for (typo, meant) in [
        ("copper+kettel", "kettle"),
        ("coper+kettle", "kettle"),
        ("wool+blnket", "blanket"),
        ("wol+blanket", "blanket"),
        ("bras+lanten", "lantern"),
    ] {
        assert_eq!(slugs(&db, &format!("q={typo}"), Match::Words).await?, Vec::<String>::new(), "{typo}");
        let similar = slugs(&db, &format!("q={typo}"), Match::Similar).await?;
        assert_eq!(similar.first().map(String::as_str), Some(meant), "{typo}: {similar:?}");
    }
    assert_eq!(slugs(&db, "q=xylophone", Match::Similar).await?, Vec::<String>::new());
    // Words that do exist are never replaced by others, even when a filter hides all that have them.
    assert_eq!(slugs(&db, "q=kettle&min_price=5000", Match::Similar).await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn similar_titles_come_in_pages_too() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 300).await?;
    let mut shown = Vec::new();
    let mut wanted = listing("q=kettel&limit=4");
    loop {
        let (items, next) = found(&db, &wanted, Match::Similar).await?;
        shown.extend(items.into_iter().map(|card| card.id));
        match next {
            Some(next) => wanted = listing(&format!("q=kettel&limit=4&cursor={}", next.encode())),
            None => break,
        }
    }
    let kettles: i64 = db
        .query_one("SELECT count(*) FROM products WHERE status = 'active' AND title LIKE '%kettle%'", &[])
        .await?
        .get(0);
    assert_eq!(i64::try_from(shown.iter().collect::<HashSet<_>>().len())?, kettles);
    assert_eq!(i64::try_from(shown.len())?, kettles);
    Ok(())
}

/// The kinds of plan nodes, and the rows that the scans threw away.
fn walk(plan: &Value, nodes: &mut Vec<String>, discarded: &mut f64) {
    let name = |key: &str| plan[key].as_str().unwrap_or_default();
    nodes.push([name("Node Type"), name("Relation Name"), name("Index Name")].join(" ").trim().to_owned());
    *discarded += plan["Rows Removed by Filter"].as_f64().unwrap_or(0.0) * plan["Actual Loops"].as_f64().unwrap_or(1.0);
    for child in plan["Plans"].as_array().into_iter().flatten() {
        walk(child, nodes, discarded);
    }
}

#[tokio::test]
async fn with_20_000_products_every_list_reads_an_index_and_little_else() -> Result<()> {
    let db = catalogue().await?;
    fill(&db, 1, 20_000).await?;
    db.batch_execute("VACUUM ANALYZE products").await?;
    let deep = all_pages(&db, "q=copper+kettle+10&limit=100&sort=newest", async |_| Ok(())).await?;
    let middle = deep[deep.len() / 2].id;
    let after = |sort, key| Position { sort, found_by: Match::Words, key, id: middle }.encode();
    for (query, index) in [
        ("".to_owned(), "products_newest"),
        (format!("sort=newest&cursor={}", after(Sort::Newest, SortKey::None)), "products_newest"),
        ("sort=price_asc".to_owned(), "products_price"),
        (format!("sort=price_desc&cursor={}", after(Sort::PriceDesc, SortKey::Number(4500))), "products_price"),
        ("sort=price_asc&min_price=4000&max_price=5000".to_owned(), "products_price"),
        (format!("sort=title&cursor={}", after(Sort::Title, SortKey::Text("linen bowl 3".into()))), "products_title"),
        ("category=shelf-1".to_owned(), "products_category_newest"),
        ("category=shelf-1&sort=price_asc".to_owned(), "products_category_price"),
        ("category=shelf-1&sort=title".to_owned(), "products_category_title"),
        ("category=shelf-2&sort=title".to_owned(), "products_category_title"),
        ("q=copper+kettle+10".to_owned(), "products_search"),
        ("q=lantern&category=shelf-2".to_owned(), "products_search"),
    ] {
        let plan = query_plan(&db, &query).await?;
        let (mut nodes, mut discarded) = (Vec::new(), 0.0);
        walk(&plan[0]["Plan"], &mut nodes, &mut discarded);
        assert!(nodes.iter().any(|node| node.ends_with(index)), "{query}: {nodes:?}");
        assert!(!nodes.iter().any(|node| node.starts_with("Seq Scan products")), "{query}: {nodes:?}");
        assert!(discarded < 5000.0, "{query} threw away {discarded} rows: {nodes:?}");
    }
    Ok(())
}

async fn query_plan(db: &Client, text: &str) -> Result<Value> {
    Ok(query(db, "EXPLAIN (ANALYZE, FORMAT JSON) ", &listing(text), Match::Words).await?.get(0))
}
