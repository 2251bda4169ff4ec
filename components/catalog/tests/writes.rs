//! What the database promises about changes of products, whoever calls it.

mod common;

use anyhow::Result;
use common::{apply, catalogue, detail, events, json_of, product, stock, write};
use serde_json::{Value, json};
use tokio_postgres::Client;

fn changed(slug: &str, version: i64) -> (String, String, i64) {
    ("product.changed".to_owned(), slug.to_owned(), version)
}

async fn patch(db: &Client, slug: &str, patch: Value, expected: Option<&[i64]>) -> Result<Value> {
    json_of(db, "SELECT patch_product(NULL, $1, $2, $3, NULL)", &[&slug, &patch, &expected]).await
}

async fn archive(db: &Client, slug: &str, expected: Option<&[i64]>) -> Result<Value> {
    json_of(db, "SELECT archive_product(NULL, $1, $2, NULL)", &[&slug, &expected]).await
}

#[tokio::test]
async fn writing_the_same_again_changes_nothing_and_says_nothing() -> Result<()> {
    let db = catalogue().await?;
    let batch = [product("a", &[("A1", 1000), ("A2", 1200)]), product("b", &[("B1", 500)])];
    let first = write(&db, &batch).await?;
    assert_eq!((&first["created"], &first["updated"], &first["unchanged"]), (&json!(2), &json!(0), &json!(0)));
    assert_eq!(events(&db).await?, [changed("a", 1), changed("b", 1)]);

    let again = write(&db, &batch).await?;
    assert_eq!((&again["created"], &again["updated"], &again["unchanged"]), (&json!(0), &json!(0), &json!(2)));
    assert_eq!(again["changed"], json!([]));
    assert_eq!(events(&db).await?, []);
    assert_eq!(detail(&db, "a").await?["version"], 1);
    Ok(())
}

#[tokio::test]
async fn only_what_differs_gets_a_version_and_an_event() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000)]), product("b", &[("B1", 500)])]).await?;
    events(&db).await?;
    let outcome =
        write(&db, &[product("a", &[("A1", 1000)]), product("b", &[("B1", 550)]), product("c", &[("C1", 1)])]).await?;
    assert_eq!((&outcome["created"], &outcome["updated"], &outcome["unchanged"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(events(&db).await?, [changed("b", 2), changed("c", 1)]);
    assert_eq!(detail(&db, "b").await?["price_from"], json!({"amount_minor": 550, "currency": "EUR"}));
    Ok(())
}

#[tokio::test]
async fn every_field_and_every_variant_field_counts_as_a_change() -> Result<()> {
    let db = catalogue().await?;
    let base = product("a", &[("A1", 1000), ("A2", 1200)]);
    write(&db, std::slice::from_ref(&base)).await?;
    for (path, value) in [
        ("/title", json!("t")),
        ("/description_html", json!("d")),
        ("/vendor", json!("v")),
        ("/product_type", json!("p")),
        ("/tags", json!(["x"])),
        ("/status", json!("draft")),
        ("/image_url", json!("/y.svg")),
        ("/image_alt", json!("i")),
        ("/media", json!([{"url": "/2.svg", "alt": ""}, {"url": "/3.svg", "alt": "Side"}])),
        ("/category", json!("other")),
        ("/options", json!(["Colour"])),
        ("/variants/1/price_minor", json!(1)),
        ("/variants/1/compare_at_minor", json!(5000)),
        ("/variants/0/grams", json!(1)),
        ("/variants/0/barcode", json!("1")),
        ("/variants/0/options", json!(["z"])),
        ("/variants/0/currency", json!("USD")),
        ("/variants/0/sku", json!("A3")),
    ] {
        let mut different = base.clone();
        *different.pointer_mut(path).expect("a field of the example") = value;
        assert_eq!(write(&db, &[different.clone()]).await?["updated"], 1, "{path}");
        assert_eq!(write(&db, &[different]).await?["unchanged"], 1, "{path}");
        assert_eq!(write(&db, std::slice::from_ref(&base)).await?["updated"], 1, "{path} back");
    }
    Ok(())
}

#[tokio::test]
async fn a_sku_of_another_product_is_refused_and_nothing_of_the_batch_is_written() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000)])]).await?;
    events(&db).await?;
    let mut new_category = product("b", &[("B1", 1)]);
    new_category["category"] = json!("lamps");
    let outcome = write(&db, &[new_category, product("c", &[("C1", 1), ("A1", 2)])]).await?;
    assert_eq!(outcome, json!({"outcome": "sku_conflict", "conflicts": [{"sku": "A1", "slug": "c", "owner": "a"}]}));
    let counts = "SELECT jsonb_build_array((SELECT count(*) FROM products), (SELECT count(*) FROM categories), (SELECT count(*) FROM outbox))";
    assert_eq!(json_of(&db, counts, &[]).await?, json!([1, 1, 0]));
    Ok(())
}

#[tokio::test]
async fn skus_may_swap_places_and_products_within_one_batch() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("X", 1), ("Y", 2)]), product("b", &[("Z", 3)])]).await?;
    let outcome = write(&db, &[product("a", &[("Y", 2), ("Z", 3)]), product("b", &[("X", 1)])]).await?;
    assert_eq!(outcome["updated"], 2);
    let skus = |product: &Value| {
        product["variants"].as_array().map(|all| all.iter().map(|v| v["sku"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(skus(&detail(&db, "a").await?), Some(vec![json!("Y"), json!("Z")]));
    assert_eq!(skus(&detail(&db, "b").await?), Some(vec![json!("X")]));
    Ok(())
}

#[tokio::test]
async fn the_event_carries_what_other_services_live_on() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000), ("A2", 1200)])]).await?;
    let event = json_of(&db, "SELECT event FROM outbox", &[]).await?;
    let id = detail(&db, "a").await?["id"].clone();
    assert_eq!(
        (&event["type"], &event["key"], &event["traceparent"]),
        (&json!("product.changed"), &id, &json!("trace"))
    );
    let variant = |sku: &str, price: i64| json!({"sku": sku, "title": sku, "price": {"amount_minor": price, "currency": "EUR"}, "grams": 100});
    assert_eq!(
        event["data"],
        json!({
            "product_id": id, "slug": "a", "title": "a", "status": "active", "category": "tea-coffee", "tags": ["copper"],
            "image_url": "/x.svg", "version": 1, "variants": [variant("A1", 1000), variant("A2", 1200)],
        })
    );
    Ok(())
}

#[tokio::test]
async fn creating_refuses_a_taken_slug_and_returns_the_new_product() -> Result<()> {
    let db = catalogue().await?;
    let create = async |content: Value| json_of(&db, "SELECT create_product($1, NULL)", &[&content]).await;
    let created = create(product("a", &[("A1", 1000)])).await?;
    assert_eq!((&created["outcome"], &created["product"]["slug"]), (&json!("ok"), &json!("a")));
    assert_eq!(create(product("a", &[("A9", 1)])).await?, json!({"outcome": "slug_conflict"}));
    assert_eq!(create(product("b", &[("A1", 1)])).await?["outcome"], "sku_conflict");
    assert_eq!(events(&db).await?, [changed("a", 1)]);
    Ok(())
}

#[tokio::test]
async fn a_patch_changes_what_it_names_at_the_version_it_was_made_for() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000), ("A2", 1200)])]).await?;
    let before = detail(&db, "a").await?;
    let patched = patch(&db, "a", json!({"title": "New"}), Some(&[1])).await?;
    assert_eq!((&patched["product"]["title"], &patched["product"]["version"]), (&json!("New"), &json!(2)));
    assert_eq!(patched["product"]["variants"], before["variants"]);
    assert_eq!(
        patch(&db, "a", json!({"title": "Newer"}), Some(&[1])).await?,
        json!({"outcome": "version_conflict", "version": 2})
    );
    assert_eq!(patch(&db, "a", json!({"title": "New"}), None).await?["changed"], json!([]));
    assert_eq!(patch(&db, "zz", json!({}), None).await?, json!({"outcome": "not_found"}));
    assert_eq!(events(&db).await?, [changed("a", 1), changed("a", 2)]);
    Ok(())
}

#[tokio::test]
async fn of_several_changes_made_for_one_version_exactly_one_wins() -> Result<()> {
    let database = souk_testkit::Postgres::shared().migrated("catalog").await?;
    let db = database.connect().await?;
    write(&db, &[product("a", &[("A1", 1000)])]).await?;
    let mut admins = Vec::new();
    for admin in 0..8 {
        let client = database.connect().await?;
        admins.push(tokio::spawn(async move {
            match admin {
                7 => archive(&client, "a", Some(&[1])).await,
                _ => patch(&client, "a", json!({"title": format!("By {admin}")}), Some(&[1])).await,
            }
        }));
    }
    let mut outcomes = Vec::new();
    for admin in admins {
        let outcome = admin.await??;
        outcomes.push((outcome["outcome"].clone(), outcome["version"].clone()));
    }
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|(outcome, _)| outcome == "ok");
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|(outcome, version)| outcome == "version_conflict" && version == 2), "{lost:?}");
    assert_eq!(events(&db).await?.len(), 2, "the creation and the one change");
    Ok(())
}

#[tokio::test]
async fn a_change_for_no_known_version_never_happens() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000)])]).await?;
    let conflict = json!({"outcome": "version_conflict", "version": 1});
    assert_eq!(patch(&db, "a", json!({"title": "New"}), Some(&[])).await?, conflict);
    assert_eq!(archive(&db, "a", Some(&[2, 3])).await?, conflict);
    assert_eq!(archive(&db, "a", Some(&[2, 1])).await?["outcome"], "ok");
    Ok(())
}

#[tokio::test]
async fn pictures_keep_their_order_and_a_patch_of_the_first_keeps_the_others() -> Result<()> {
    let db = catalogue().await?;
    let mut one = product("a", &[("A1", 1000)]);
    one["media"] = json!([{"url": "/b.svg", "alt": "B"}, {"url": "/a.svg", "alt": ""}]);
    write(&db, &[one]).await?;
    let urls = |product: &Value| {
        let media = product["media"].as_array().cloned().unwrap_or_default();
        media.iter().map(|picture| (picture["position"].clone(), picture["url"].clone())).collect::<Vec<_>>()
    };
    let all = |first: &str| vec![(json!(1), json!(first)), (json!(2), json!("/b.svg")), (json!(3), json!("/a.svg"))];
    assert_eq!(urls(&detail(&db, "a").await?), all("/x.svg"));
    patch(&db, "a", json!({"image_url": "/y.svg"}), None).await?;
    assert_eq!(urls(&detail(&db, "a").await?), all("/y.svg"));
    assert_eq!(detail(&db, "a").await?["image_url"], "/y.svg");
    patch(&db, "a", json!({"image_url": "/z.svg", "media": []}), None).await?;
    assert_eq!(urls(&detail(&db, "a").await?), [(json!(1), json!("/z.svg"))]);
    Ok(())
}

#[tokio::test]
async fn filters_see_the_option_values_that_the_variants_have() -> Result<()> {
    let db = catalogue().await?;
    let values = async || json_of(&db, "SELECT to_jsonb(option_values) FROM products", &[]).await;
    write(&db, &[product("a", &[("A1", 1), ("A2", 2)])]).await?;
    assert_eq!(values().await?, json!(["Size\u{1f}A1", "Size\u{1f}A2"]));
    write(&db, &[product("a", &[("A1", 1)])]).await?;
    assert_eq!(values().await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn archiving_says_so_once_and_keeps_the_skus() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[product("a", &[("A1", 1000)])]).await?;
    events(&db).await?;
    for expected in [1, 0] {
        let outcome = archive(&db, "a", None).await?;
        assert_eq!(outcome["changed"].as_array().map(Vec::len), Some(expected));
    }
    assert_eq!(events(&db).await?, [("product.removed".to_owned(), "a".to_owned(), 2)]);
    assert_eq!(write(&db, &[product("b", &[("A1", 1)])]).await?["outcome"], "sku_conflict");
    assert_eq!(write(&db, &[product("a", &[("A1", 1000)])]).await?["updated"], 1, "giving it again brings it back");
    assert_eq!(detail(&db, "a").await?["version"], 3);
    Ok(())
}

#[tokio::test]
async fn a_category_keeps_its_title_until_a_new_one_is_given() -> Result<()> {
    let db = catalogue().await?;
    let titled = |slug: &str, title: &str| {
        let mut one = product(slug, &[(slug, 1)]);
        one["category_title"] = json!(title);
        one
    };
    let title = async || json_of(&db, "SELECT to_jsonb(title) FROM categories", &[]).await;
    write(&db, &[titled("a", "tea-coffee"), titled("b", "Tea & Coffee")]).await?;
    assert_eq!(title().await?, "Tea & Coffee");
    write(&db, &[titled("c", "tea-coffee")]).await?;
    assert_eq!(title().await?, "Tea & Coffee");
    write(&db, &[titled("d", "Coffee & Tea")]).await?;
    assert_eq!(title().await?, "Coffee & Tea");
    Ok(())
}

#[tokio::test]
async fn what_must_never_be_stored_is_refused_by_the_database_itself() -> Result<()> {
    let db = catalogue().await?;
    for (path, value) in [
        ("/slug", json!("Not A Slug")),
        ("/slug", json!("01890a5d-ac96-774b-bcce-b302099a8057")),
        ("/title", json!("")),
        ("/status", json!("secret")),
        ("/variants/0/price_minor", json!(-1)),
        ("/variants/0/currency", json!("eur")),
        ("/variants/0/sku", json!("a b")),
        ("/variants/0/grams", json!(-1)),
        ("/variants/0/options", Value::Null),
        ("/variants/1/options", json!(["A1"])),
    ] {
        let mut bad = product("a", &[("A1", 1), ("A2", 2)]);
        *bad.pointer_mut(path).expect("a field of the example") = value.clone();
        assert!(write(&db, &[bad]).await.is_err(), "{path} = {value}");
    }
    assert_eq!(json_of(&db, "SELECT to_jsonb(count(*)) FROM products", &[]).await?, 0);
    Ok(())
}

#[tokio::test]
async fn batches_and_stock_that_arrive_together_neither_deadlock_nor_lose_anything() -> Result<()> {
    let database = souk_testkit::Postgres::shared().migrated("catalog").await?;
    let mut writers = Vec::new();
    for round in 0..8_u32 {
        let (merchant, consumer) = (database.connect().await?, database.connect().await?);
        writers.push(tokio::spawn(async move {
            let mut slugs: Vec<u32> = (0..20).collect();
            if round % 2 == 1 {
                slugs.reverse();
            }
            let products: Vec<Value> =
                slugs.iter().map(|n| product(&format!("p{n}"), &[(&format!("S{n}"), i64::from(round) + 1)])).collect();
            let stock: Vec<Value> = slugs.iter().map(|n| stock(&format!("S{n}"), 5, round + 1)).collect();
            tokio::try_join!(write(&merchant, &products), apply(&consumer, &stock)).map(drop)
        }));
    }
    for writer in writers {
        writer.await??;
    }
    let db = database.connect().await?;
    // However writes and stock interleaved, what the products say agrees with the stock.
    assert_eq!(json_of(&db, "SELECT to_jsonb(count(*)) FROM products WHERE in_stock", &[]).await?, 20);
    let versions = json_of(&db, "SELECT to_jsonb(sum(version)) FROM products", &[]).await?;
    let announced = json_of(&db, "SELECT to_jsonb(count(*)) FROM outbox", &[]).await?;
    assert_eq!(versions, announced, "one event for each version");
    Ok(())
}
