//! What a shopper reads: lists, search, details, stock, documents.

use crate::access::{APIS, document};
use anyhow::{Result, ensure};
use serde_json::Value;
use souk_tests::{
    api::{int, text},
    run::Suite,
    shop::Shop,
    wait,
};
use std::{collections::BTreeSet, sync::Arc};

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("a_new_product_is_listed_found_and_shown", found);
    suite.test("pages_of_the_list_are_complete_and_never_repeat", pages);
    suite.test("an_edit_reaches_readers_through_the_cache", edit);
    suite.test("every_service_is_healthy_and_documents_itself", documents);
    suite.test("every_answer_carries_a_request_id_and_unknown_routes_are_problems", unknown_routes);
}

async fn found(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1234, 7).await?;
    let slug = sku.to_lowercase();
    let product = shop.api.get(&format!("/api/catalog/products/{slug}")).await?.expect(200)?;
    ensure!(text(&product, "/variants/0/sku")? == sku, "{product}");
    ensure!(int(&product, "/variants/0/price/amount_minor")? == 1234, "{product}");
    let by_id = shop.api.get(&format!("/api/catalog/products/{}", text(&product, "/id")?)).await?.expect(200)?;
    ensure!(by_id == product);
    let stock = format!("/api/inventory/stock/{sku}");
    ensure!(shop.api.raw("HEAD", &stock, &[], "").await?.status == 200, "HEAD of an ordinary route");
    let word = slug.rsplit('-').next().unwrap_or_default().to_owned();
    wait::until("the search to find it", || async {
        let list = shop.api.get(&format!("/api/catalog/products?q={word}")).await?.expect(200)?;
        Ok(list.to_string().contains(&slug).then_some(()))
    })
    .await
}

async fn pages(shop: Arc<Shop>) -> Result<()> {
    for price in [100, 200, 300, 400, 500] {
        shop.product(price, 1).await?;
    }
    let (mut seen, mut cursor) = (BTreeSet::new(), None::<String>);
    loop {
        let tail = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = shop.api.get(&format!("/api/catalog/products?limit=2&sort=price_asc{tail}")).await?.expect(200)?;
        for item in page.get("items").and_then(Value::as_array).into_iter().flatten() {
            ensure!(seen.insert(text(item, "/id")?), "{item} came twice");
        }
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    ensure!(seen.len() >= 5, "{} products", seen.len());
    Ok(())
}

async fn edit(shop: Arc<Shop>) -> Result<()> {
    let sku = shop.product(1000, 1).await?;
    let path = format!("/api/catalog/products/{}", sku.to_lowercase());
    for price in [1100, 1200, 1300] {
        shop.api.get(&path).await?.expect(200)?;
        shop.reprice(&sku, price).await?;
        wait::until("the new price", || async {
            let product = shop.api.get(&path).await?.expect(200)?;
            Ok((int(&product, "/variants/0/price/amount_minor")? == price).then_some(()))
        })
        .await?;
    }
    Ok(())
}

async fn documents(shop: Arc<Shop>) -> Result<()> {
    for api in APIS {
        for path in ["healthz", "openapi.json"] {
            let head = shop.api.raw("HEAD", &format!("/api/{api}/{path}"), &[], "").await?;
            ensure!(head.status == 200, "HEAD {path} of {api}: {head:?}");
        }
        shop.api.get(&format!("/api/{api}/healthz")).await?.expect(200)?;
        shop.api.get(&format!("/api/{api}/readyz")).await?.expect(200)?;
        let document = document(&shop, api).await?;
        ensure!(text(&document, "/openapi")?.starts_with("3.1"), "{api}");
        let paths = document.get("paths").and_then(Value::as_object).map(|paths| paths.len()).unwrap_or_default();
        ensure!(paths > 0, "{api} documents no path");
    }
    Ok(())
}

async fn unknown_routes(shop: Arc<Shop>) -> Result<()> {
    for api in APIS {
        shop.api.get(&format!("/api/{api}/no/such/thing/at/all")).await?.problem(404, "no-such-route")?;
        let answer = shop.api.raw("PATCH", &format!("/api/{api}/healthz"), &[], "").await?;
        // Where /{id} takes a PATCH, "healthz" is an id like any other, and nobody's.
        ensure!([401, 404, 405].contains(&answer.status), "{answer:?}");
        answer.is_problem()?;
    }
    Ok(())
}
