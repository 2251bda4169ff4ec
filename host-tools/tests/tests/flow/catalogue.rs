//! The catalogue as readers and merchants call it: conditional requests, edits that meet, facets, suggestions, the tree of
//! categories, collections, and files.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use souk_tests::{
    api::{Answer, Api, text},
    run::Suite,
    shop::Shop,
    wait,
};
use std::sync::Arc;
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("what_a_reader_holds_is_not_sent_again_until_it_changes", conditional);
    suite.test("an_edit_for_an_old_version_is_refused_and_shows_the_new_one", concurrency);
    suite.test("drafts_and_archived_products_are_for_merchants_alone", hidden);
    suite.test("facets_count_what_each_filter_finds", facets);
    suite.test("what_is_typed_is_completed_and_what_is_misspelt_is_found", suggestions);
    suite.test("a_category_lists_what_is_below_it_and_never_is_within_itself", tree);
    suite.test("a_collection_keeps_its_order_and_its_version", collection);
    suite.test("an_export_is_imported_again_without_a_change", round_trip);
    suite.test("a_file_with_bad_rows_says_which_and_writes_none_unless_asked", bad_file);
}

const PRODUCTS: &str = "/api/catalog/products";
const IMPORT: &str = "/api/catalog/import";

/// A word that no other test uses, of letters alone, since digits are words of their own to a search.
fn word() -> String {
    let digits = Uuid::new_v4().simple().to_string();
    digits.bytes().take(16).map(|digit| char::from(b'a' + (digit % 16))).collect()
}

/// A product of one variant for each colour; its slug is `handle`.
fn product(handle: &str, title: &str, colours: &[&str], more: Value) -> Value {
    let price = json!({"amount_minor": 1200, "currency": "EUR"});
    let variant = |colour: &&str| json!({"sku": format!("{handle}-{colour}"), "options": [colour], "price": price});
    let variants: Vec<Value> = colours.iter().map(variant).collect();
    let mut product = json!({"handle": handle, "title": title, "category": "Tea", "status": "active",
                             "options": ["Colour"], "variants": variants});
    if let (Some(product), Some(more)) = (product.as_object_mut(), more.as_object()) {
        product.extend(more.clone());
    }
    product
}

async fn create(shop: &Shop, product: &Value) -> Result<Value> {
    shop.admin.post(PRODUCTS, product).await?.expect(201)
}

/// A change made for the version with this ETag.
async fn change(api: &Api, method: &str, path: &str, etag: &str, body: &Value) -> Result<Answer> {
    api.raw(method, path, &[("content-type", "application/json"), ("if-match", etag)], body.to_string()).await
}

/// Status, ETag, Cache-Control and size of an answer to somebody who holds `etag`.
async fn read(api: &Api, path: &str, etag: &str) -> Result<(u16, String, String, usize)> {
    let answer = api.whole("GET", path, &[("if-none-match", etag)], "").await?;
    let header = |name: &str| {
        let value = answer.headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned).with_context(|| format!("{path} has no {name}"))
    };
    Ok((answer.status.as_u16(), header("etag")?, header("cache-control")?, answer.body.len()))
}

async fn conditional(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    create(&shop, &product(&word, &format!("Cup {word}"), &["red"], json!({}))).await?;
    let (detail, list) = (format!("{PRODUCTS}/{word}"), format!("{PRODUCTS}?q={word}"));
    for (n, (path, keeps)) in [(&detail, "public, no-cache"), (&list, "public, max-age=5")].into_iter().enumerate() {
        let (status, etag, cache_control, size) = read(&shop.api, path, "\"other\"").await?;
        ensure!((status, cache_control.as_str()) == (200, keeps) && size > 50, "{path}: {status} {cache_control}");
        // From the cache, too, which the first answer filled.
        for _ in 0..2 {
            ensure!(read(&shop.api, path, &etag).await? == (304, etag.clone(), keeps.to_owned(), 0), "{path}");
        }
        let body = json!({"title": format!("Mug {n} {word}")});
        change(&shop.admin, "PATCH", &detail, "*", &body).await?.expect(200)?;
        wait::until("the change to show", || async {
            let (status, new, _, size) = read(&shop.api, path, &etag).await?;
            Ok((status == 200 && new != etag && size > 50).then_some(()))
        })
        .await?;
    }
    Ok(())
}

async fn concurrency(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    create(&shop, &product(&word, "Pot", &["red"], json!({}))).await?;
    let path = format!("{PRODUCTS}/{word}");
    let (_, etag, ..) = read(&shop.api, &path, "").await?;
    let body = json!({"vendor": "Ana"});
    shop.admin.json("PATCH", &path, &body).await?.problem(428, "if-match-missing")?;
    shop.admin.raw("DELETE", &path, &[], "").await?.problem(428, "if-match-missing")?;
    // That something was sold since is no reason to refuse an edit.
    let sku = format!("{word}-red");
    let goods = json!({"lines": [{"sku": sku, "received": 5}], "reason": "test"});
    shop.admin.post("/api/inventory/stock/batch", &goods).await?.expect(200)?;
    wait::until("the stock to show", || async {
        Ok((shop.api.get(&path).await?.expect(200)?["in_stock"] == true).then_some(()))
    })
    .await?;
    let changed = change(&shop.admin, "PATCH", &path, &etag, &body).await?.expect(200)?;
    ensure!(changed["vendor"] == "Ana" && changed["version"] == 2, "{changed}");
    let refused = change(&shop.admin, "PATCH", &path, &etag, &json!({"vendor": "Ben"})).await?;
    ensure!(refused.problem(412, "version-conflict")?["version"] == 2);
    change(&shop.admin, "DELETE", &path, "\"1\"", &json!(null)).await?.problem(412, "version-conflict")?;
    ensure!(shop.api.get(&path).await?.expect(200)?["vendor"] == "Ana", "the refused change was not made");
    let none = format!("{PRODUCTS}/no-such-{word}");
    change(&shop.admin, "PATCH", &none, "*", &body).await?.problem(404, "no-such-product")?;
    shop.admin.post(PRODUCTS, &product(&word, "Pot", &["blue"], json!({}))).await?.problem(409, "handle-taken")?;
    Ok(())
}

async fn hidden(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    create(&shop, &product(&word, &format!("Bowl {word}"), &["red"], json!({"status": "draft"}))).await?;
    let path = format!("{PRODUCTS}/{word}");
    let list = |status: &str| format!("{PRODUCTS}?q={word}&status={status}");
    let shopper = shop.shopper().await?.api;
    let found = async |api: &Api, path: &str| {
        let page = api.get(path).await?.expect(200)?;
        Ok::<_, anyhow::Error>(page["items"].as_array().context("no items")?.len())
    };
    for (status, next) in [("draft", "active"), ("active", "archived"), ("archived", "archived")] {
        let is_public = status == "active";
        ensure!(shop.api.get(&path).await?.status == if is_public { 200 } else { 404 }, "{status}");
        ensure!(shopper.get(&path).await?.status == if is_public { 200 } else { 404 }, "{status}");
        ensure!(shop.admin.get(&path).await?.expect(200)?["status"] == status);
        ensure!(found(&shop.admin, &list(status)).await? == 1 && found(&shop.admin, &list("all")).await? == 1);
        ensure!(found(&shop.api, &format!("{PRODUCTS}?q={word}")).await? == usize::from(is_public), "{status}");
        change(&shop.admin, "PATCH", &path, "*", &json!({"status": next})).await?.expect(200)?;
    }
    shopper.get(&list("draft")).await?.problem(403, "role-missing")?;
    shop.api.get(&list("all")).await?.problem(401, "token-missing")?;
    change(&shop.admin, "PATCH", &path, "*", &json!({"status": "active"})).await?.expect(200)?;
    change(&shop.admin, "DELETE", &path, "*", &json!(null)).await?.expect(204)?;
    shop.api.get(&path).await?.problem(404, "no-such-product")?;
    Ok(())
}

async fn facets(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    let vendor = format!("Maker {word}");
    for (n, colours) in [&["red", "blue"][..], &["red"], &["green"]].into_iter().enumerate() {
        let more = json!({"vendor": vendor, "tags": [format!("t{}", n % 2), word]});
        create(&shop, &product(&format!("{word}-{n}"), &format!("Jar {n}"), colours, more)).await?;
    }
    let query = format!("vendor={}", vendor.replace(' ', "+"));
    let page = shop.api.get(&format!("{PRODUCTS}?{query}&facets=true")).await?.expect(200)?;
    let facets = &page["facets"];
    ensure!(facets["products"] == 3 && facets["in_stock"] == 0 && facets["complete"] == true, "{facets}");
    ensure!(facets["vendors"] == json!([{"value": vendor, "products": 3}]), "{facets}");
    ensure!(facets["categories"][0]["products"] == 3, "{facets}");
    ensure!(facets["prices"] == json!([{"min": 1000, "max": 2499, "products": 3}]), "{facets}");
    let mut counted = Vec::new();
    for value in facets["options"][0]["values"].as_array().context("no options")? {
        counted.push((format!("option=Colour:{}", text(value, "/value")?), value["products"].clone()));
    }
    for value in facets["tags"].as_array().context("no tags")? {
        counted.push((format!("tag={}", text(value, "/value")?), value["products"].clone()));
    }
    ensure!(counted.len() == 6, "{counted:?}");
    for (filter, products) in counted {
        let page = shop.api.get(&format!("{PRODUCTS}?{query}&{filter}")).await?.expect(200)?;
        ensure!(page["items"].as_array().map(Vec::len).map(Value::from) == Some(products), "{filter}: {page}");
    }
    Ok(())
}

async fn suggestions(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    create(&shop, &product(&word, &format!("Lantern {word}"), &["red"], json!({}))).await?;
    let typed = word.get(..9).context("a long word")?.to_uppercase();
    let path = format!("/api/catalog/suggestions?q={typed}");
    let suggested = shop.api.get(&path).await?.expect(200)?;
    ensure!(suggested["products"].as_array().is_some_and(|all| all.len() == 1), "{suggested}");
    ensure!(suggested["products"][0]["slug"] == word, "{suggested}");
    ensure!(read(&shop.api, &path, "").await?.2 == "public, max-age=5");
    let nothing = shop.api.get("/api/catalog/suggestions").await?.expect(200)?;
    ensure!(nothing == json!({"products": [], "categories": []}), "{nothing}");
    // One letter too few in the middle.
    let typo: String = word.chars().enumerate().filter(|(n, _)| *n != 8).map(|(_, letter)| letter).collect();
    for path in [format!("{PRODUCTS}?q={typo}"), format!("{PRODUCTS}?q=lantern+{typo}")] {
        let page = shop.api.get(&path).await?.expect(200)?;
        ensure!(page["approximate"] == true && page["items"][0]["slug"] == word, "{path}: {page}");
    }
    let page = shop.api.get(&format!("{PRODUCTS}?q={word}")).await?.expect(200)?;
    ensure!(page["approximate"] == false && page["items"][0]["slug"] == word, "{page}");
    Ok(())
}

async fn tree(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    let (above, below) = (format!("{word}-a"), format!("{word}-b"));
    let categories = "/api/catalog/categories";
    let made = shop.admin.post(categories, &json!({"title": "Above", "slug": above})).await?.expect(201)?;
    ensure!(made["depth"] == 0 && made["parent"].is_null(), "{made}");
    let body = json!({"title": "Below", "slug": below, "parent": above});
    ensure!(shop.admin.post(categories, &body).await?.expect(201)?["depth"] == 1);
    shop.admin.post(categories, &body).await?.problem(409, "category-taken")?;
    let nowhere = json!({"title": "X", "slug": format!("{word}-c"), "parent": format!("{word}-no")});
    shop.admin.post(categories, &nowhere).await?.problem(409, "no-such-parent")?;
    let in_below = format!("{above} > {below}");
    create(&shop, &product(&word, "Bell", &["red"], json!({"category": in_below}))).await?;
    for slug in [&above, &below] {
        let page = shop.api.get(&format!("{PRODUCTS}?category={slug}")).await?.expect(200)?;
        ensure!(page["items"].as_array().is_some_and(|all| all.len() == 1 && all[0]["slug"] == word), "{slug}: {page}");
    }
    let list = shop.api.get(categories).await?.expect(200)?;
    let shown = |slug: &str| list["items"].as_array().and_then(|all| all.iter().find(|one| one["slug"] == slug));
    let (one, other) = (shown(&above).context("above")?, shown(&below).context("below")?);
    ensure!(one["products"] == 1 && other["products"] == 1 && other["parent"] == above, "{list}");
    let path = format!("{categories}/{above}");
    shop.admin.json("PATCH", &path, &json!({"parent": below})).await?.problem(409, "category-cycle")?;
    shop.admin.raw("DELETE", &path, &[], "").await?.problem(409, "category-not-empty")?;
    let moved =
        shop.admin.json("PATCH", &format!("{categories}/{below}"), &json!({"parent": null})).await?.expect(200)?;
    ensure!(moved["depth"] == 0 && moved["title"] == "Below", "{moved}");
    shop.admin.raw("DELETE", &path, &[], "").await?.expect(204)?;
    shop.admin.raw("DELETE", &path, &[], "").await?.problem(404, "no-such-category")?;
    Ok(())
}

async fn collection(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    let handles: Vec<String> = ["c", "a", "b"].iter().map(|end| format!("{word}-{end}")).collect();
    for handle in &handles {
        create(&shop, &product(handle, "Bead", &["red"], json!({}))).await?;
    }
    let body = json!({"title": "Beads", "slug": word, "products": handles});
    shop.admin.post("/api/catalog/collections", &body).await?.expect(201)?;
    shop.admin.post("/api/catalog/collections", &body).await?.problem(409, "collection-taken")?;
    let path = format!("/api/catalog/collections/{word}");
    let first = shop.api.get(&format!("{path}?limit=2")).await?.expect(200)?;
    let cursor = text(&first, "/next_cursor")?;
    let rest = shop.api.get(&format!("{path}?limit=2&cursor={cursor}")).await?.expect(200)?;
    let slugs = [&first["items"][0]["slug"], &first["items"][1]["slug"], &rest["items"][0]["slug"]];
    ensure!(json!(slugs) == json!(handles) && rest["next_cursor"].is_null(), "{first} {rest}");
    let (_, etag, ..) = read(&shop.api, &path, "").await?;
    ensure!(read(&shop.api, &path, &etag).await?.0 == 304);
    let fewer = json!({"products": [handles[2]]});
    shop.admin.json("PATCH", &path, &fewer).await?.problem(428, "if-match-missing")?;
    let changed = change(&shop.admin, "PATCH", &path, &etag, &fewer).await?.expect(200)?;
    ensure!(changed["products"] == 1 && changed["version"] == 2, "{changed}");
    change(&shop.admin, "PATCH", &path, &etag, &fewer).await?.problem(412, "version-conflict")?;
    let unknown = json!({"products": [handles[0], "no-such-thing"]});
    change(&shop.admin, "PATCH", &path, "*", &unknown).await?.is_problem()?;
    ensure!(shop.api.get(&path).await?.expect(200)?["collection"]["version"] == 2);
    change(&shop.admin, "DELETE", &path, &etag, &json!(null)).await?.problem(412, "version-conflict")?;
    change(&shop.admin, "DELETE", &path, "\"2\"", &json!(null)).await?.expect(204)?;
    shop.api.get(&path).await?.problem(404, "no-such-collection")?;
    Ok(())
}

async fn import(shop: &Shop, query: &str, file: impl Into<Vec<u8>>) -> Result<Answer> {
    let path = format!("{IMPORT}{query}");
    shop.admin.raw("POST", &path, &[("content-type", "text/csv; charset=utf-8")], file).await
}

/// What the shop exports of the products whose handles begin so, beneath the header.
async fn exported(shop: &Shop, handle: &str) -> Result<String> {
    let answer = shop.admin.whole("GET", "/api/catalog/export", &[], "").await?;
    ensure!(
        answer.status == 200 && answer.headers.get("cache-control").is_some_and(|value| value == "private, no-store")
    );
    let file = String::from_utf8(answer.body.to_vec())?;
    let mut lines = file.lines();
    let header = lines.next().context("no header")?;
    let own = lines.filter(|line| line.starts_with(handle));
    Ok([header].into_iter().chain(own).map(|line| format!("{line}\n")).collect())
}

async fn round_trip(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    for (handle, colours, more) in [
        (format!("{word}-a"), &["red", "blue"][..], json!({"title": "Rug, \"woven\"", "tags": ["soft", "a & b"]})),
        (format!("{word}-b"), &["red"], json!({"status": "draft", "description_html": "<p>One &amp; two</p>"})),
    ] {
        create(&shop, &product(&handle, "Rug", colours, more)).await?;
    }
    let file = exported(&shop, &word).await?;
    ensure!(file.lines().count() == 4, "{file}");
    let again = import(&shop, "", file.clone()).await?.expect(200)?;
    ensure!(again["unchanged"] == 2 && again["created"] == 0 && again["updated"] == 0, "{again}");
    ensure!(again["errors"] == json!([]), "{again}");
    let dearer = file.replacen("12.00", "13.00", 1);
    ensure!(dearer != file, "{file}");
    let changed = import(&shop, "", dearer.clone()).await?.expect(200)?;
    ensure!(changed["updated"] == 1 && changed["unchanged"] == 1, "{changed}");
    ensure!(exported(&shop, &word).await? == dearer, "what was imported is exported");
    Ok(())
}

async fn bad_file(shop: Arc<Shop>) -> Result<()> {
    let word = word();
    let header = "Handle,Title,Variant SKU,Variant Price,Status";
    let file = format!("{header}\n{word}-a,Good,{word}-1,4.00,active\n{word}-b,Bad,{word}-2,four,active\n");
    let refused = import(&shop, "", file.clone()).await?.problem(422, "invalid-rows")?;
    ensure!(refused["errors"][0]["line"] == 3 && refused["errors"][0]["column"] == "Variant Price", "{refused}");
    ensure!(refused["left_out"] == 1, "{refused}");
    shop.api.get(&format!("{PRODUCTS}/{word}-a")).await?.problem(404, "no-such-product")?;

    let partly = import(&shop, "?partial=true", file).await?.expect(200)?;
    ensure!(partly["created"] == 1 && partly["left_out"] == 1 && partly["errors"][0]["line"] == 3, "{partly}");
    shop.api.get(&format!("{PRODUCTS}/{word}-b")).await?.problem(404, "no-such-product")?;
    let owned = format!("{header}\n{word}-c,Thief,{word}-1,4.00,active\n");
    let refused = import(&shop, "", owned).await?.problem(409, "sku-taken")?;
    ensure!(refused["conflicts"][0]["owner"] == format!("{word}-a"), "{refused}");

    let wrong_type = [("content-type", "application/json")];
    shop.admin.raw("POST", IMPORT, &wrong_type, header).await?.problem(415, "not-csv")?;
    import(&shop, "", "Colour,Shape\nred,round\n").await?.problem(422, "no-product-csv")?;
    import(&shop, "?currency=euro", header).await?.problem(400, "invalid-query")?;
    let noise = import(&shop, "", vec![0xff, 0xfe, 0x00, 0x22]).await?;
    ensure!([400, 422].contains(&noise.status), "{noise:?}");
    noise.is_problem()?;
    let huge = import(&shop, "", vec![b'x'; 3 * 1024 * 1024]).await?;
    ensure!(huge.status == 413, "{huge:?}");
    Ok(())
}
