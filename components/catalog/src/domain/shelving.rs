//! Where products stand: categories and the paths that name them, and collections.

use super::input::{CategoryInput, CategoryPatch, CollectionInput, CollectionPatch};
use super::pictures::{MAX_ALT, check_url};
use super::product::{Content, Faults, description};
use super::reference::is_slug;
use serde::Serialize;
use souk_core::address::FieldError;
use souk_core::text;

/// The most levels of a category's path.
pub const MAX_LEVELS: usize = 8;
/// The most products of a collection.
pub const MAX_COLLECTED: usize = 1000;
const MAX_CATEGORY_TITLE: usize = 80;
const MAX_SLUG: usize = 80;
const MAX_POSITION: i64 = 1_000_000;
/// Between the titles of a path.
pub const BELOW: &str = " > ";

/// One category of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
}

/// Whether `slug` can name a category or a collection.
pub fn is_shelf_slug(slug: &str) -> bool {
    is_slug(slug) && !slug.contains('_') && slug.len() <= MAX_SLUG
}

/// Reads a category as a product names it: the levels from the top of the tree down, at least one.
pub fn check_path(given: &str, field: &str, faults: &mut Faults) -> Vec<Level> {
    let given = if given.trim().is_empty() { "Other" } else { given };
    let mut levels: Vec<Level> = Vec::new();
    for title in given.split(BELOW).take(MAX_LEVELS + 1) {
        let title = faults.text(field.to_owned(), text::line(title, 1, MAX_CATEGORY_TITLE));
        let slug = souk_art::slug(&title);
        if slug.is_empty() {
            faults.add(field.to_owned(), "must contain a Latin letter or a digit");
        } else if levels.iter().any(|above| above.slug == slug) {
            faults.add(field.to_owned(), "names a category within itself");
        }
        levels.push(Level { slug, title });
    }
    if levels.len() > MAX_LEVELS {
        faults.add(field.to_owned(), format!("has at most {MAX_LEVELS} levels"));
    }
    levels
}

/// A path as [`check_path`] reads it back. A category whose title would give another slug is named by its slug, so that
/// reading the path finds the same category again.
pub fn written_path<'a>(levels: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let name = |(slug, title): (&'a str, &'a str)| {
        if souk_art::slug(title) == slug && !title.contains(BELOW) { title } else { slug }
    };
    levels.into_iter().map(name).collect::<Vec<_>>().join(BELOW)
}

/// A new category that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCategory {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Slug of the category that it is within.
    pub parent: Option<String>,
    /// Place among its siblings.
    pub position: i32,
}

/// Checks a new category.
pub fn check_category(given: &CategoryInput) -> Result<NewCategory, Vec<FieldError>> {
    let mut faults = Faults::default();
    let title = category_title(&given.title, &mut faults);
    let slug = new_slug(given.slug.as_deref(), &title, &mut faults);
    let parent = given.parent.clone().filter(|parent| !parent.is_empty());
    let position = position(given.position, &mut faults);
    faults.or(NewCategory { slug, title, parent, position })
}

/// Checks what is to be changed of a category.
pub fn check_category_patch(given: &CategoryPatch) -> Result<Content, Vec<FieldError>> {
    let mut faults = Faults::default();
    let mut content = Content::default();
    content.set("title", given.title.as_deref().map(|title| category_title(title, &mut faults)));
    content.set("parent", given.parent.as_ref().map(|parent| parent.as_deref().filter(|parent| !parent.is_empty())));
    content.set("position", given.position.map(|place| position(place, &mut faults)));
    faults.or(content)
}

/// Checks a new collection; returns its slug as well.
pub fn check_collection(given: &CollectionInput) -> Result<(String, Content), Vec<FieldError>> {
    let mut faults = Faults::default();
    let patch = CollectionPatch {
        title: Some(given.title.clone()),
        description_html: Some(given.description_html.clone()),
        image_url: Some(given.image_url.clone()),
        image_alt: Some(given.image_alt.clone()),
        position: Some(given.position),
        products: Some(given.products.clone()),
    };
    let mut content = collection_content(&patch, &mut faults);
    let slug = new_slug(given.slug.as_deref(), &given.title, &mut faults);
    content.set("slug", Some(&slug));
    faults.or((slug, content))
}

/// Checks what is to be changed of a collection.
pub fn check_collection_patch(given: &CollectionPatch) -> Result<Content, Vec<FieldError>> {
    let mut faults = Faults::default();
    let content = collection_content(given, &mut faults);
    faults.or(content)
}

fn collection_content(given: &CollectionPatch, faults: &mut Faults) -> Content {
    let mut content = Content::default();
    let title = given.title.as_deref().map(|title| faults.text("title".to_owned(), text::line(title, 1, 200)));
    let html = given.description_html.as_deref().map(|html| description(html, "", faults));
    let image_url = given.image_url.as_deref().map(|url| check_url(url, 0, "image_url".to_owned(), faults));
    let image_alt =
        given.image_alt.as_deref().map(|alt| faults.text("image_alt".to_owned(), text::line(alt, 0, MAX_ALT)));
    content.set("title", title);
    content.set("description_html", html);
    content.set("image_url", image_url);
    content.set("image_alt", image_alt);
    content.set("position", given.position.map(|place| position(place, faults)));
    if let Some(products) = &given.products {
        check_collected(products, faults);
        content.set("products", Some(products));
    }
    content
}

fn check_collected(products: &[String], faults: &mut Faults) {
    if products.len() > MAX_COLLECTED {
        faults.add("products".to_owned(), format!("has at most {MAX_COLLECTED} products"));
        return;
    }
    let mut seen = std::collections::HashSet::new();
    for (index, slug) in products.iter().enumerate() {
        if !is_slug(slug) {
            faults.add(format!("products[{index}]"), "is not the slug of a product");
        } else if !seen.insert(slug) {
            faults.add(format!("products[{index}]"), "is given twice");
        }
    }
}

fn category_title(given: &str, faults: &mut Faults) -> String {
    let title = faults.text("title".to_owned(), text::line(given, 1, MAX_CATEGORY_TITLE));
    if title.contains(BELOW) {
        faults.add("title".to_owned(), "must not contain ` > `, which separates the categories of a path");
    }
    title
}

/// The slug given, or one made of the title.
fn new_slug(given: Option<&str>, title: &str, faults: &mut Faults) -> String {
    let slug = given.map_or_else(|| souk_art::slug(title), str::to_owned);
    if !is_shelf_slug(&slug) {
        let message =
            "must be lower-case letters and digits joined by single dashes, at most 80 characters, and not a UUID";
        faults.add("slug".to_owned(), message);
    }
    slug
}

fn position(given: i64, faults: &mut Faults) -> i32 {
    let position = i32::try_from(given).ok().filter(|_| (0..=MAX_POSITION).contains(&given));
    position.unwrap_or_else(|| {
        faults.add("position".to_owned(), format!("must be 0 to {MAX_POSITION}"));
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn path(given: &str) -> Result<Vec<Level>, usize> {
        let mut faults = Faults::default();
        let levels = check_path(given, "category", &mut faults);
        if faults.count() == 0 { Ok(levels) } else { Err(faults.count()) }
    }

    #[test]
    fn a_path_names_categories_from_the_top_down() {
        let level = |slug: &str, title: &str| Level { slug: slug.to_owned(), title: title.to_owned() };
        assert_eq!(
            path(" Home & Garden >  Tea "),
            Ok(vec![level("home-garden", "Home & Garden"), level("tea", "Tea")])
        );
        assert_eq!(path(""), Ok(vec![level("other", "Other")]));
        assert_eq!(path("a>b").map(|levels| levels.len()), Ok(1));
        for bad in ["茶", "Tea > ", "Tea > tea", "1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9", "a\u{0}b"] {
            assert!(path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_renamed_category_is_written_by_its_slug() {
        assert_eq!(written_path([("home", "Home"), ("tea", "Tea")]), "Home > Tea");
        assert_eq!(written_path([("home", "Home"), ("tea", "Infusions"), ("a-b", "A > B")]), "Home > tea > a-b");
    }

    #[test]
    fn moving_to_the_top_differs_from_not_moving() {
        let patch = |patch: Value| {
            serde_json::to_value(check_category_patch(&serde_json::from_value(patch).unwrap()).unwrap()).unwrap()
        };
        assert_eq!(patch(json!({"title": "Tea"})), json!({"title": "Tea"}));
        assert_eq!(patch(json!({"parent": null})), json!({"parent": null}));
        assert_eq!(patch(json!({"parent": "home", "position": 2})), json!({"parent": "home", "position": 2}));
    }

    #[test]
    fn each_fault_of_a_shelf_is_named() {
        let collection = |value: Value| {
            let faults = check_collection(&serde_json::from_value(value).unwrap()).unwrap_err();
            faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        assert_eq!(collection(json!({"title": "  ", "slug": "x"})), ["title"]);
        assert_eq!(collection(json!({"title": "茶"})), ["slug"]);
        assert_eq!(collection(json!({"title": "x", "slug": "a_b"})), ["slug"]);
        assert_eq!(collection(json!({"title": "x", "products": ["a", "A b", "a"]})), ["products[1]", "products[2]"]);
        assert_eq!(collection(json!({"title": "x", "image_url": "//evil", "position": -1})), ["image_url", "position"]);
        let category = |value: Value| check_category(&serde_json::from_value(value).unwrap());
        assert_eq!(category(json!({"title": "A > B"})).unwrap_err()[0].field, "title");
        assert_eq!(category(json!({"title": "Tea & Co", "parent": ""})).unwrap().slug, "tea-co");
    }

    proptest! {
        #[test]
        fn a_written_path_is_read_back_to_the_same_categories(titles in proptest::collection::vec("[a-zA-Z0-9 &>é']{1,12}", 1..4), moved in "[a-z]{1,6}") {
            if let Ok(levels) = path(&titles.join(BELOW)) {
                let slugs = |levels: &[Level]| levels.iter().map(|level| level.slug.clone()).collect::<Vec<_>>();
                let text = written_path(levels.iter().map(|level| (level.slug.as_str(), level.title.as_str())));
                prop_assert_eq!(slugs(&path(&text).unwrap()), slugs(&levels));
                // Renamed since: still found by its slug.
                let text = written_path(levels.iter().map(|level| (level.slug.as_str(), moved.as_str())));
                prop_assert_eq!(slugs(&path(&text).unwrap()), slugs(&levels));
            }
        }
    }
}
