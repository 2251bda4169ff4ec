//! What the catalog makes of stock events, in whatever order and however often they come.

mod common;

use anyhow::Result;
use common::{apply, catalogue, detail, product, stock, write};
use serde_json::{Value, json};

fn in_stock(product: &Value) -> (Value, Vec<Value>) {
    let variants = product["variants"].as_array().into_iter().flatten().map(|v| v["in_stock"].clone()).collect();
    (product["in_stock"].clone(), variants)
}

#[tokio::test]
async fn a_product_is_in_stock_while_any_variant_is() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1), ("A2", 2)])]).await?;
    assert_eq!(in_stock(&detail(&db, "a").await?), (json!(false), vec![json!(false), json!(false)]));
    assert_eq!(apply(&db, &[stock("A1", 3, 1), stock("A2", 1, 1)]).await?, ["a"]);
    assert_eq!(in_stock(&detail(&db, "a").await?), (json!(true), vec![json!(true), json!(true)]));
    assert_eq!(apply(&db, &[stock("A1", 0, 2)]).await?, ["a"]);
    assert_eq!(in_stock(&detail(&db, "a").await?), (json!(true), vec![json!(false), json!(true)]));
    assert_eq!(apply(&db, &[stock("A2", 0, 3)]).await?, ["a"]);
    assert_eq!(in_stock(&detail(&db, "a").await?), (json!(false), vec![json!(false), json!(false)]));
    Ok(())
}

#[tokio::test]
async fn pages_only_get_old_when_something_sells_out_or_comes_back() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    assert_eq!(apply(&db, &[stock("A1", 9, 1)]).await?, ["a"]);
    let revision = async || common::json_of(&db, "SELECT to_jsonb(revision) FROM products", &[]).await;
    let before = revision().await?;
    for (available, ms) in [(8, 2), (7, 3), (6, 4)] {
        assert_eq!(apply(&db, &[stock("A1", available, ms)]).await?, Vec::<String>::new());
    }
    assert_eq!(revision().await?, before);
    assert_eq!(apply(&db, &[stock("A1", 5, 5), stock("A1", 0, 6)]).await?, ["a"]);
    assert_ne!(revision().await?, before);
    Ok(())
}

#[tokio::test]
async fn an_old_event_changes_nothing_but_voids_the_page_again() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    let sold_out = stock("A1", 0, 2);
    apply(&db, &[stock("A1", 3, 1)]).await?;
    apply(&db, std::slice::from_ref(&sold_out)).await?;
    apply(&db, &[stock("A1", 4, 3)]).await?;
    // The first delivery may have died before it told the cache.
    assert_eq!(apply(&db, &[sold_out]).await?, ["a"]);
    assert_eq!(in_stock(&detail(&db, "a").await?).0, true);
    Ok(())
}

#[tokio::test]
async fn the_newest_of_several_events_in_one_batch_wins_whatever_their_order() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    apply(&db, &[stock("A1", 0, 9), stock("A1", 5, 3), stock("A1", 5, 8)]).await?;
    assert_eq!(in_stock(&detail(&db, "a").await?).0, false);
    // Two changes within one millisecond: the later one in the stream.
    apply(&db, &[stock("A1", 0, 20), stock("A1", 5, 20)]).await?;
    assert_eq!(in_stock(&detail(&db, "a").await?).0, true);
    Ok(())
}

#[tokio::test]
async fn stock_may_be_known_before_the_product_is() -> Result<()> {
    let db = catalogue().await?;
    assert_eq!(apply(&db, &[stock("A1", 3, 1)]).await?, Vec::<String>::new());
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    assert_eq!(in_stock(&detail(&db, "a").await?), (json!(true), vec![json!(true)]));
    Ok(())
}

#[tokio::test]
async fn a_changed_product_tells_which_pages_are_old_at_which_revision() -> Result<()> {
    let db = catalogue().await?;
    let written = write(&db, &[product("a", &[("A1", 1)])]).await?;
    let event = common::json_of(&db, "SELECT event FROM outbox", &[]).await?;
    let applied = common::json_of(&db, "SELECT apply_events($1)", &[&json!([event])]).await?;
    assert_eq!(applied, written["changed"]);
    Ok(())
}

#[tokio::test]
async fn a_broken_event_is_refused_with_everything_beside_it() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    for (field, value) in [("sku", Value::Null), ("available", json!("many")), ("available", Value::Null)] {
        let mut broken = stock("A1", 1, 5);
        broken["data"][field] = value;
        assert!(apply(&db, &[stock("A1", 3, 1), broken]).await.is_err());
    }
    assert_eq!(in_stock(&detail(&db, "a").await?).0, false);
    Ok(())
}
