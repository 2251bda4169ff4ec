//! Exports on a real Postgres: complete, in order, and equal to themselves after a way through an empty shop.

use super::*;
use crate::domain::product::check_one;
use crate::handlers::import::input;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use souk_testkit::Postgres;
use tokio_postgres::Client;

async fn catalogue() -> Result<Client> {
    Postgres::shared().migrated("catalog").await?.connect().await
}

async fn exported(db: &Client, at_once: i32) -> Result<String> {
    let (mut text, mut after) = (csv::header(), String::new());
    loop {
        let json: Value = db.query_one("SELECT export_products($1, $2)", &[&after, &at_once]).await?.get(0);
        let products = understand(&json.to_string())?;
        let Some(last) = products.last() else { return Ok(text) };
        after.clone_from(&last.handle);
        products.iter().for_each(|product| csv::rows(product, &mut text));
    }
}

async fn import(db: &Client, text: &str) -> Result<Value> {
    let import = csv::parse(text.as_bytes(), Currency::EUR)?;
    assert_eq!(import.errors, []);
    let contents: Vec<_> = import.products.iter().map(|product| check_one(&input(product))).collect();
    let contents: Vec<_> = contents.into_iter().collect::<Result<_, _>>().ok().context("the catalog takes it")?;
    Ok(db.query_one("SELECT write_products($1, NULL)", &[&json!(contents)]).await?.get(0))
}

async fn write(db: &Client, products: Value) -> Result<()> {
    let products: Vec<crate::domain::input::ProductInput> = serde_json::from_value(products)?;
    let contents: Vec<_> = products.iter().map(|product| check_one(product).expect("a good product")).collect();
    let outcome: Value = db.query_one("SELECT write_products($1, NULL)", &[&json!(contents)]).await?.get(0);
    assert_eq!(outcome["outcome"], "ok");
    Ok(())
}

/// Everything that a product can have and that a file could get wrong.
fn products() -> Value {
    let price = |amount_minor: i64, currency: &str| json!({"amount_minor": amount_minor, "currency": currency});
    json!([
        {
            "handle": "zebra-rug", "title": "Rug, \"Zebra\"", "description_html": "<p>Wool,\r\n\"soft\" &amp; warm.</p>\n<ul><li>x</li></ul>",
            "vendor": "Söhne & Co, Ltd", "category": "Home > Textiles > Rugs", "product_type": "Rug", "tags": ["wool", "black & white"],
            "status": "draft", "media": [
                {"url": "/a.svg", "alt": "Front, lit"}, {"url": "https://cdn.example/b.jpg?x=1,2"}, {"url": "/c.svg"}, {"url": "/c.svg"}],
            "options": ["Size", "Colour: outside"], "variants": [
                {"sku": "RUG-1", "options": ["120 × 80", "Ivory, aged"], "price": price(1_000_000_000_000, "EUR"), "grams": 4000, "barcode": "2010"},
                {"sku": "RUG-2", "options": ["200 × 140", "Ivory, aged"], "price": price(5, "EUR"), "compare_at": price(105, "EUR")}]
        },
        {"handle": "yen-cup", "title": "Cup", "category": "Home > Ceramics", "status": "archived",
         "variants": [{"sku": "CUP", "price": price(1200, "JPY")}]},
        {"handle": "dinar_pot", "title": "=Pot", "category": "Ceramics", "status": "active", "image_alt": "Drawn",
         "variants": [{"sku": "pot.1", "price": price(1234, "KWD"), "barcode": "  "}]},
        {"handle": "plain", "title": "Plain", "variants": [{"sku": "P", "price": price(0, "EUR")}]}
    ])
}

#[tokio::test]
async fn an_export_into_an_empty_shop_exports_the_same_bytes() -> Result<()> {
    let shop = catalogue().await?;
    write(&shop, products()).await?;
    // A merchant has renamed and moved categories since.
    for sql in [
        "SELECT change_category('textiles', '{\"title\": \"Woven > knotted\"}')",
        "SELECT change_category('ceramics', '{\"parent\": null, \"title\": \"Clay\"}')",
    ] {
        shop.execute(sql, &[]).await?;
    }
    let first = exported(&shop, 100).await?;
    assert_eq!(exported(&shop, 1).await?, first, "pages do not show");
    let again = import(&shop, &first).await?;
    assert_eq!((&again["unchanged"], &again["changed"]), (&json!(4), &json!([])), "importing it here changes nothing");

    let empty = catalogue().await?;
    assert_eq!(import(&empty, &first).await?["created"], 4);
    assert_eq!(exported(&empty, 3).await?, first);
    let content = "SELECT jsonb_agg(product_content(p) ORDER BY slug) FROM products p";
    let (was, is): (Value, Value) =
        (shop.query_one(content, &[]).await?.get(0), empty.query_one(content, &[]).await?.get(0));
    assert_eq!(is, was);
    let parent: Option<String> =
        empty.query_one("SELECT parent FROM categories WHERE slug = 'rugs'", &[]).await?.get(0);
    assert_eq!(parent.as_deref(), Some("textiles"));
    Ok(())
}

#[tokio::test]
async fn an_empty_shop_exports_a_header_that_is_refused_by_nobody() -> Result<()> {
    let db = catalogue().await?;
    let text = exported(&db, 10).await?;
    assert_eq!(text, csv::header());
    assert_eq!(csv::parse(text.as_bytes(), Currency::EUR)?.products, []);
    Ok(())
}

#[tokio::test]
async fn products_that_come_and_go_while_a_file_is_made_lose_no_other() -> Result<()> {
    let db = catalogue().await?;
    let many = |slugs: &[&str]| {
        let one = |slug: &&str| json!({"handle": slug, "title": slug, "variants": [{"sku": slug, "price": {"amount_minor": 1, "currency": "EUR"}}]});
        json!(slugs.iter().map(one).collect::<Vec<_>>())
    };
    write(&db, many(&["b", "d", "f"])).await?;
    let page = async |after: &str| -> Result<Vec<String>> {
        let json: Value = db.query_one("SELECT export_products($1, 1)", &[&after]).await?.get(0);
        Ok(understand(&json.to_string())?.into_iter().map(|product| product.handle).collect())
    };
    assert_eq!(page("").await?, ["b"]);
    write(&db, many(&["a", "c"])).await?;
    db.execute("DELETE FROM products WHERE slug = 'd'", &[]).await?;
    assert_eq!((page("b").await?, page("c").await?, page("f").await?), (vec!["c".into()], vec!["f".into()], vec![]));
    Ok(())
}
