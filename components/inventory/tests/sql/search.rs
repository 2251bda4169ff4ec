//! SKUs are found by what they are called.

use crate::support::*;
use anyhow::Result;
use serde_json::{Value, json};
use souk_inventory::{
    domain::search,
    views::{LedgerPage, LowStock, StockByLocation},
};
use tokio_postgres::Client;
use uuid::Uuid;

/// A lamp in two colours, a rug of one kind, and a SKU that the catalogue has not told of.
async fn bazaar() -> Result<(souk_testkit::Database, Client)> {
    let (database, db) = shop(&[("LAM-1-GREEN", 3), ("LAM-1-RED", 0), ("RUG_2", 4), ("MYSTERY", 1)]).await?;
    let variants = json!([{"sku": "LAM-1-GREEN", "title": "Green"}, {"sku": "LAM-1-RED", "title": "Red"}]);
    let lamp = json!({"product_id": "p", "slug": "lamp", "title": "Çini Lamp", "variants": variants});
    let rug = json!({"product_id": "q", "slug": "rug", "title": "Rug 100% wool", "variants": [{"sku": "RUG_2", "title": ""}]});
    apply(&db, &[envelope("product.changed", "p", lamp), envelope("product.changed", "q", rug)]).await?;
    Ok((database, db))
}

async fn listed(db: &Client, q: &str, after: Option<&str>, limit: i64) -> Result<(Vec<LowStock>, Option<String>)> {
    let patterns = Some(search::patterns(q)).filter(|patterns| !patterns.is_empty());
    let sql = "SELECT items, next FROM low_stock($1, 1000000, $2, $3, 5)";
    let row = db.query_one(sql, &[&patterns, &after, &limit]).await?;
    Ok((serde_json::from_value(row.get(0))?, row.get(1)))
}

#[tokio::test]
async fn every_word_must_be_in_the_title_or_every_word_in_the_sku() -> Result<()> {
    let (_database, db) = bazaar().await?;
    for (q, wanted) in [
        ("lamp", &["LAM-1-GREEN", "LAM-1-RED"][..]),
        ("GREEN çINI", &["LAM-1-GREEN"]),
        ("lam-1", &["LAM-1-GREEN", "LAM-1-RED"]),
        ("1-red lam", &["LAM-1-RED"]),
        ("mys", &["MYSTERY"]),
        ("g", &["LAM-1-GREEN", "RUG_2"]),
        ("100%", &["RUG_2"]),
        ("_", &["RUG_2"]),
        ("lamp rug", &[]),
        ("", &["LAM-1-GREEN", "LAM-1-RED", "MYSTERY", "RUG_2"]),
    ] {
        let found: Vec<String> = listed(&db, q, None, 10).await?.0.into_iter().map(|item| item.sku).collect();
        assert_eq!(found, wanted, "{q:?}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_of_what_was_found_neither_repeat_nor_skip() -> Result<()> {
    let (_database, db) = bazaar().await?;
    for q in ["", "lam", "r"] {
        let (all, next) = listed(&db, q, None, 10).await?;
        assert_eq!(next, None);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (items, next) = listed(&db, q, after.as_deref(), 1).await?;
            seen.extend(items);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all, "{q:?}");
    }
    Ok(())
}

#[tokio::test]
async fn lists_say_what_a_sku_is_called() -> Result<()> {
    let (_database, db) = bazaar().await?;
    let (items, _) = listed(&db, "", None, 10).await?;
    let names = |item: &LowStock| (item.title.clone(), item.variant.clone(), item.slug.clone());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(names(&items[0]), (some("Çini Lamp"), "Green".to_owned(), some("lamp")));
    assert_eq!(names(&items[2]), (None, String::new(), None), "the catalogue has not said");
    assert_eq!(names(&items[3]), (some("Rug 100% wool"), String::new(), some("rug")));

    let stock: Value = db.query_one("SELECT stock_by_location('LAM-1-RED', 5)", &[]).await?.get(0);
    let stock: StockByLocation = serde_json::from_value(stock)?;
    assert_eq!((stock.title, stock.variant, stock.slug), (some("Çini Lamp"), "Red".to_owned(), some("lamp")));
    let sql = "SELECT jsonb_build_object('product', product, 'items', items, 'next_cursor', next)
               FROM ledger_page('LAM-1-GREEN', NULL, NULL, 20)";
    let page: LedgerPage = serde_json::from_value(db.query_one(sql, &[]).await?.get(0))?;
    assert_eq!((page.product.sku.as_str(), page.product.title), ("LAM-1-GREEN", some("Çini Lamp")));
    assert_eq!(page.items.len(), 1);
    Ok(())
}

#[tokio::test]
async fn of_two_names_the_later_one_stays() -> Result<()> {
    let (_database, db) = bazaar().await?;
    let named = |title: &str, at: &str| {
        let variants = json!([{"sku": "RUG_2", "title": ""}]);
        let data = json!({"product_id": "q", "slug": "rug", "title": title, "variants": variants});
        let mut event = envelope("product.changed", "q", data);
        event["occurred_at"] = json!(at);
        event
    };
    // Ids of one batch are applied in the order of the batch, also when they were made in one millisecond.
    let moment = "2026-02-01T00:00:00.000Z";
    apply(&db, &[named("First", moment), named("Second", moment), named("Third", moment)]).await?;
    apply(&db, &[named("Late news of old", "2026-01-15T00:00:00.000Z")]).await?;
    let (items, _) = listed(&db, "RUG_2", None, 10).await?;
    assert_eq!(items[0].title.as_deref(), Some("Third"));
    assert!(listed(&db, "wool", None, 10).await?.0.is_empty(), "not found by what it was called before");
    Ok(())
}

/// How often an index of `stock` was read so far.
async fn reads_of(db: &Client, index: &str) -> Result<i64> {
    db.batch_execute("SELECT pg_stat_force_next_flush()").await?;
    let sql = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = $1";
    Ok(db.query_one(sql, &[&index]).await?.get(0))
}

#[tokio::test]
async fn orders_never_read_the_index_of_the_search() -> Result<()> {
    let skus: Vec<String> = (0..1000).map(|n| format!("SOUK-DEMO-{n:04}")).collect();
    let stock: Vec<_> = skus.iter().map(|sku| (sku.as_str(), 1000)).collect();
    let (_database, db) = shop(&stock).await?;
    for lines in stock.chunks(50) {
        let order = Uuid::now_v7();
        let lines: Vec<_> = lines.iter().map(|(sku, _)| (*sku, 1)).collect();
        apply(&db, &[placed(order, &lines)]).await?;
        apply(&db, &[confirmed(order, &lines)]).await?;
    }
    assert_eq!(reads_of(&db, "stock_sku_like").await?, 0, "each is slower by far than one of the primary key");
    assert!(reads_of(&db, "stock_pkey").await? > 0);

    db.batch_execute("ANALYZE stock; SET enable_seqscan = off; SET random_page_cost = 1.1").await?;
    assert_eq!(listed(&db, "demo-0007", None, 10).await?.0.len(), 1);
    assert!(reads_of(&db, "stock_sku_like").await? > 0, "the search does");
    Ok(())
}
