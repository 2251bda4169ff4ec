//! What the database promises about categories, collections and suggestions.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod common;

use anyhow::Result;
use common::{catalogue, json_of, product, write};
use serde_json::{Value, json};
use souk_catalog::views::{CategoryList, Collection, ProductCard, Suggestions};
use tokio_postgres::Client;

async fn create(db: &Client, slug: &str, parent: Option<&str>) -> Result<Value> {
    json_of(db, "SELECT create_category($1, initcap($1), $2, 0)", &[&slug, &parent]).await
}

async fn change(db: &Client, slug: &str, patch: Value) -> Result<Value> {
    json_of(db, "SELECT change_category($1, $2)", &[&slug, &patch]).await
}

/// The tree as lines: two blanks for each level, the slug, the number of products.
async fn tree(db: &Client, with_empty: bool) -> Result<Vec<String>> {
    let items = json_of(db, "SELECT list_categories($1)", &[&with_empty]).await?;
    let list: CategoryList = serde_json::from_value(json!({"items": items}))?;
    let line = |item: souk_catalog::views::Category| {
        format!("{}{} {}", "  ".repeat(usize::try_from(item.depth).unwrap_or_default()), item.slug, item.products)
    };
    Ok(list.items.into_iter().map(line).collect())
}

fn in_category(slug: &str, path: &[&str], category: &str) -> Value {
    let mut one = product(slug, &[(slug, 100)]);
    (one["category"], one["category_title"]) = (json!(category), json!(category));
    one["category_path"] = json!(path.iter().map(|slug| json!({"slug": slug, "title": slug})).collect::<Vec<_>>());
    one
}

#[tokio::test]
async fn the_tree_counts_active_products_in_and_below_each_category() -> Result<()> {
    let db = catalogue().await?;
    let mut draft = in_category("d", &["home"], "lamps");
    draft["status"] = json!("draft");
    let given = [
        in_category("a", &["home"], "tea"),
        in_category("b", &["home", "tea"], "black"),
        in_category("c", &[], "home"),
        draft,
    ];
    write(&db, &given).await?;
    assert_eq!(tree(&db, false).await?, ["home 3", "  tea 2", "    black 1"]);
    assert_eq!(tree(&db, true).await?, ["home 3", "  lamps 0", "  tea 2", "    black 1"]);
    change(&db, "lamps", json!({"position": 5})).await?;
    assert_eq!(tree(&db, true).await?, ["home 3", "  tea 2", "    black 1", "  lamps 0"]);
    Ok(())
}

#[tokio::test]
async fn a_category_moves_with_all_that_is_below_it() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[in_category("a", &["home", "tea"], "black"), in_category("b", &[], "kitchen")]).await?;
    let moved = change(&db, "tea", json!({"parent": "kitchen"})).await?;
    assert_eq!((&moved["category"]["parent"], &moved["category"]["depth"]), (&json!("kitchen"), &json!(1)));
    assert_eq!(tree(&db, true).await?, ["home 0", "kitchen 2", "  tea 1", "    black 1"]);
    assert_eq!(change(&db, "tea", json!({"parent": null})).await?["category"]["parent"], Value::Null);
    let renamed = change(&db, "tea", json!({"title": "Infusions"})).await?;
    assert_eq!((&renamed["category"]["slug"], &renamed["category"]["title"]), (&json!("tea"), &json!("Infusions")));
    Ok(())
}

#[tokio::test]
async fn changes_that_would_break_the_tree_are_refused() -> Result<()> {
    let db = catalogue().await?;
    create(&db, "a", None).await?;
    create(&db, "b", Some("a")).await?;
    create(&db, "c", Some("b")).await?;
    let outcome = |value: Value| value["outcome"].clone();
    for parent in ["a", "b", "c"] {
        assert_eq!(outcome(change(&db, "a", json!({"parent": parent})).await?), "cycle", "{parent}");
    }
    assert_eq!(outcome(change(&db, "a", json!({"parent": "zz"})).await?), "no_parent");
    assert_eq!(outcome(change(&db, "zz", json!({})).await?), "not_found");
    assert_eq!(outcome(create(&db, "a", None).await?), "slug_conflict");
    assert_eq!(outcome(create(&db, "d", Some("zz")).await?), "no_parent");
    // Whoever writes past the functions meets the constraint.
    let cycle = db.execute("UPDATE categories SET parent = 'c' WHERE slug = 'a'", &[]).await.expect_err("a cycle");
    assert_eq!(cycle.as_db_error().and_then(|error| error.constraint()), Some("categories_no_cycle"));
    assert!(db.execute("UPDATE categories SET parent = 'a' WHERE slug = 'a'", &[]).await.is_err());
    Ok(())
}

#[tokio::test]
async fn two_moves_at_once_cannot_close_a_cycle() -> Result<()> {
    let database = souk_testkit::Postgres::shared().migrated("catalog").await?;
    let (one, other) = (database.connect().await?, database.connect().await?);
    create(&one, "a", None).await?;
    create(&one, "b", None).await?;
    for _ in 0..20 {
        let to_top = "UPDATE categories SET parent = NULL";
        one.execute(to_top, &[]).await?;
        let (first, second) =
            tokio::join!(change(&one, "a", json!({"parent": "b"})), change(&other, "b", json!({"parent": "a"})));
        let outcomes = [first?["outcome"].clone(), second?["outcome"].clone()];
        assert!(outcomes.contains(&json!("ok")) && outcomes.contains(&json!("cycle")), "{outcomes:?}");
    }
    Ok(())
}

#[tokio::test]
async fn only_a_category_in_which_nothing_is_can_be_deleted() -> Result<()> {
    let db = catalogue().await?;
    let mut archived = in_category("a", &["home"], "tea");
    archived["status"] = json!("archived");
    write(&db, &[archived]).await?;
    let delete = async |slug: &str| json_of(&db, "SELECT delete_category($1)", &[&slug]).await;
    assert_eq!(delete("home").await?, json!({"outcome": "not_empty", "products": 0, "children": 1}));
    assert_eq!(delete("tea").await?, json!({"outcome": "not_empty", "products": 1, "children": 0}));
    write(&db, &[in_category("a", &[], "other")]).await?;
    assert_eq!(delete("tea").await?, json!({"outcome": "ok"}));
    assert_eq!(delete("tea").await?, json!({"outcome": "not_found"}));
    Ok(())
}

#[tokio::test]
async fn an_import_makes_missing_categories_and_moves_none_that_are_there() -> Result<()> {
    let db = catalogue().await?;
    write(&db, &[in_category("a", &[], "tea")]).await?;
    write(&db, &[in_category("b", &["home"], "tea"), in_category("c", &["home", "tea"], "black")]).await?;
    assert_eq!(tree(&db, true).await?, ["home 0", "tea 3", "  black 1"]);
    // Paths that contradict each other still make a tree.
    write(&db, &[in_category("d", &["x"], "y"), in_category("e", &["y"], "x")]).await?;
    assert_eq!(tree(&db, false).await?, ["tea 3", "  black 1", "x 2", "  y 1"]);
    Ok(())
}

async fn collect(db: &Client, slug: &str, products: &[&str]) -> Result<Value> {
    let content = json!({
        "slug": slug, "title": slug, "description_html": "", "image_url": "", "image_alt": "", "position": 0, "products": products,
    });
    json_of(db, "SELECT create_collection($1)", &[&content]).await
}

async fn recollect(db: &Client, slug: &str, patch: Value, expected: Option<&[i64]>) -> Result<Value> {
    json_of(db, "SELECT change_collection($1, $2, $3)", &[&slug, &patch, &expected]).await
}

/// A page of two, and what the next one goes on from.
async fn page(db: &Client, slug: &str, last: &Value) -> Result<(Vec<String>, Value)> {
    let position = last["position"].as_i64().map(i32::try_from).transpose()?;
    let id = last["id"].as_str().map(uuid::Uuid::parse_str).transpose()?;
    let page = json_of(db, "SELECT collection_page($1, $2, $3, 2)", &[&slug, &position, &id]).await?;
    serde_json::from_value::<Collection>(page["collection"].clone())?;
    let cards: Vec<ProductCard> = serde_json::from_value(page["items"].clone())?;
    Ok((cards.into_iter().map(|card| card.slug).collect(), page["last"].clone()))
}

async fn five(db: &Client) -> Result<()> {
    let products: Vec<Value> = ["a", "b", "c", "d", "e"].iter().map(|slug| product(slug, &[(slug, 1)])).collect();
    write(db, &products).await?;
    Ok(())
}

#[tokio::test]
async fn a_collection_shows_its_active_products_in_its_order() -> Result<()> {
    let db = catalogue().await?;
    five(&db).await?;
    assert_eq!(collect(&db, "winter", &["e", "a", "d", "b"]).await?["outcome"], "ok");
    json_of(&db, "SELECT archive_product(NULL, 'a', NULL, NULL)", &[]).await?;
    let (first, last) = page(&db, "winter", &Value::Null).await?;
    assert_eq!(first, ["e", "d"]);
    let (second, end) = page(&db, "winter", &last).await?;
    assert_eq!((second, end), (vec!["b".to_owned()], Value::Null));
    Ok(())
}

#[tokio::test]
async fn pages_of_a_collection_go_on_where_they_ended_whatever_is_put_in_front() -> Result<()> {
    let db = catalogue().await?;
    five(&db).await?;
    collect(&db, "winter", &["a", "b", "c"]).await?;
    let (first, last) = page(&db, "winter", &Value::Null).await?;
    assert_eq!(first, ["a", "b"]);
    recollect(&db, "winter", json!({"products": ["d", "e", "a", "b", "c"]}), None).await?;
    assert_eq!(page(&db, "winter", &last).await?.0, ["c"], "nothing twice, nothing lost");
    recollect(&db, "winter", json!({"products": ["a", "d", "c"]}), None).await?;
    assert_eq!(page(&db, "winter", &last).await?.0, ["c"], "its product has gone: on behind its place");
    Ok(())
}

#[tokio::test]
async fn a_collection_with_unknown_products_is_not_made_and_not_changed() -> Result<()> {
    let db = catalogue().await?;
    five(&db).await?;
    let unknown = json!({"outcome": "unknown_products", "unknown": ["y", "x"]});
    assert_eq!(collect(&db, "winter", &["a", "y", "x"]).await?, unknown);
    assert_eq!(json_of(&db, "SELECT to_jsonb(count(*)) FROM collections", &[]).await?, 0);
    collect(&db, "winter", &["a"]).await?;
    assert_eq!(recollect(&db, "winter", json!({"title": "New", "products": ["y", "b", "x"]}), None).await?, unknown);
    let (items, _) = page(&db, "winter", &Value::Null).await?;
    assert_eq!(items, ["a"]);
    assert_eq!(collect(&db, "winter", &[]).await?, json!({"outcome": "slug_conflict"}));
    Ok(())
}

#[tokio::test]
async fn a_collection_changes_only_at_the_version_that_was_read() -> Result<()> {
    let db = catalogue().await?;
    five(&db).await?;
    collect(&db, "winter", &["a"]).await?;
    let changed = recollect(&db, "winter", json!({"title": "Winter"}), Some(&[1])).await?;
    assert_eq!((&changed["collection"]["title"], &changed["collection"]["version"]), (&json!("Winter"), &json!(2)));
    let conflict = json!({"outcome": "version_conflict", "version": 2});
    assert_eq!(recollect(&db, "winter", json!({"products": []}), Some(&[1])).await?, conflict);
    let delete = async |expected: &[i64]| json_of(&db, "SELECT delete_collection('winter', $1)", &[&expected]).await;
    assert_eq!(delete(&[1]).await?, conflict);
    assert_eq!(delete(&[2]).await?, json!({"outcome": "ok"}));
    assert_eq!(delete(&[2]).await?, json!({"outcome": "not_found"}));
    assert_eq!(json_of(&db, "SELECT to_jsonb(count(*)) FROM products", &[]).await?, 5, "products stay");
    Ok(())
}

#[tokio::test]
async fn suggestions_come_while_a_word_is_typed_and_forgive() -> Result<()> {
    let db = catalogue().await?;
    let titled = |slug: &str, title: &str, category: &str, status: &str| {
        let mut one = in_category(slug, &[], category);
        (one["title"], one["status"]) = (json!(title), json!(status));
        one["category_title"] = json!(category);
        one
    };
    write(
        &db,
        &[
            titled("kettle", "Copper Kettle", "kettles", "active"),
            titled("copper-pot", "Copper Pot", "kitchen", "active"),
            titled("cup", "Tin Cup, 100% copper", "kitchen", "active"),
            titled("secret", "Copper Secret", "secrets", "draft"),
        ],
    )
    .await?;
    let suggest = async |typed: &str| -> Result<(Vec<String>, Vec<String>)> {
        let found = json_of(&db, "SELECT suggestions($1, 8)", &[&typed]).await?;
        let found: Suggestions = serde_json::from_value(found)?;
        Ok((
            found.products.into_iter().map(|one| one.slug).collect(),
            found.categories.into_iter().map(|one| one.slug).collect(),
        ))
    };
    let both = |products: &[&str], categories: &[&str]| {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        (owned(products), owned(categories))
    };
    assert_eq!(suggest("cop").await?, both(&["kettle", "copper-pot", "cup"], &[]));
    assert_eq!(suggest("copper p").await?, both(&["copper-pot"], &[]));
    assert_eq!(suggest("ke").await?, both(&["kettle"], &["kettles"]));
    assert_eq!(suggest("ketl").await?, both(&["kettle"], &["kettles"]));
    assert_eq!(suggest("kettel").await?, both(&["kettle"], &["kettles"]));
    assert_eq!(suggest("c").await?.0, ["kettle", "copper-pot"]);
    assert_eq!(suggest("secr").await?, both(&[], &[]), "neither drafts nor categories without active products");
    for odd in ["%", "_", "\\", "100% c", "'", "zzzz", "é"] {
        let found = suggest(odd).await?.0;
        assert_eq!(found, if odd == "100% c" { vec!["cup".to_owned()] } else { vec![] }, "{odd}");
    }
    Ok(())
}

#[tokio::test]
async fn of_products_with_one_title_always_the_same_are_suggested() -> Result<()> {
    let db = catalogue().await?;
    let cup = |slug: &str| {
        let mut one = in_category(slug, &[], "cups");
        (one["title"], one["status"]) = (json!("Tea Cup"), json!("active"));
        one
    };
    write(&db, &[cup("a"), cup("b"), cup("c")]).await?;
    let suggest = async |typed: &str, most: i32| -> Result<Vec<String>> {
        let found: Suggestions =
            serde_json::from_value(json_of(&db, "SELECT suggestions($1, $2)", &[&typed, &most]).await?)?;
        Ok(found.products.into_iter().map(|one| one.slug).collect())
    };
    let (begun, within) = (suggest("tea", 2).await?, suggest("cup", 3).await?);
    // What was changed last stands last on the disk.
    for slug in ["a", "b"] {
        db.execute("UPDATE products SET title = 'Other' WHERE slug = $1", &[&slug]).await?;
        db.execute("UPDATE products SET title = 'Tea Cup' WHERE slug = $1", &[&slug]).await?;
        assert_eq!((suggest("tea", 2).await?, suggest("cup", 3).await?), (begun.clone(), within.clone()), "{slug}");
    }
    assert_eq!((begun.len(), within.len()), (2, 3));
    Ok(())
}
