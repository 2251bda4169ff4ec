//! A product as a merchant gives it, and as it is written: checked, trimmed, with clean HTML and its category's slug.
//! Every fault is found in one pass and named by its path, so that an import can be corrected in one go.

use super::html;
use super::input::{BatchInput, MediaInput, ProductInput, ProductPatch, Status};
use super::pictures::{self, Picture};
use super::reference::is_slug;
use super::shelving;
use super::variant::{self, VariantInput};
use serde::Serialize;
use serde_json::{Map, Value};
use souk_core::address::FieldError;
use souk_core::text::{self, TextError};
use std::collections::HashMap;

/// The most products in one batch.
pub const MAX_BATCH: usize = 200;
const MAX_FAULTS: usize = 100;
const MAX_DESCRIPTION: usize = 50_000;

/// A product that passed, as the database's functions take it: a JSON object with the keys that
/// `migrations/V3__writes.sql` and `V7__writes.sql` name. In a patch only what changes is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Content(Map<String, Value>);

impl Content {
    /// Sets a key, when there is a value.
    pub fn set<T: Serialize>(&mut self, key: &str, value: Option<T>) {
        // Texts, numbers and lists of them: writing them as JSON cannot fail.
        if let Some(Ok(value)) = value.map(serde_json::to_value) {
            self.0.insert(key.to_owned(), value);
        }
    }

    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What is wrong with a request, field by field; at most 100 faults are kept.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, field: String, message: impl Into<String>) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(FieldError { field, message: message.into() });
        }
    }

    /// How many were found so far.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The checked text, or its fault.
    pub fn text(&mut self, field: String, checked: Result<&str, TextError>) -> String {
        checked.map(str::to_owned).unwrap_or_else(|error| {
            self.add(field, error.to_string());
            String::new()
        })
    }

    /// What passed, when nothing is wrong.
    pub fn or<T>(self, passed: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() { Ok(passed) } else { Err(self.0) }
    }
}

/// Checks a batch as a whole: every product, and that no handle and no SKU is given twice.
pub fn check_batch(batch: &BatchInput) -> Result<Vec<Content>, Vec<FieldError>> {
    let mut faults = Faults::default();
    if batch.products.is_empty() || batch.products.len() > MAX_BATCH {
        faults.add("products".to_owned(), format!("must have 1 to {MAX_BATCH} products"));
        return faults.or(Vec::new());
    }
    let (mut handles, mut skus) = (HashMap::new(), HashMap::new());
    let mut passed = Vec::with_capacity(batch.products.len());
    for (index, product) in batch.products.iter().enumerate() {
        let path = format!("products[{index}].");
        passed.push(check(product, &path, &mut faults));
        if let Some(first) = handles.insert(product.handle.as_str(), index) {
            faults.add(format!("{path}handle"), format!("is also the handle of products[{first}]"));
        }
        for (variant, given) in product.variants.iter().enumerate() {
            if let Some((first, _)) = skus.insert(given.sku.as_str(), (index, variant)) {
                faults.add(format!("{path}variants[{variant}].sku"), format!("is also a SKU of products[{first}]"));
            }
        }
    }
    faults.or(passed)
}

/// Checks one product by itself.
pub fn check_one(product: &ProductInput) -> Result<Content, Vec<FieldError>> {
    let mut faults = Faults::default();
    let content = check(product, "", &mut faults);
    for (index, variant) in product.variants.iter().enumerate() {
        if product.variants.iter().take(index).any(|other| other.sku == variant.sku) {
            faults.add(format!("variants[{index}].sku"), "is given twice");
        }
    }
    faults.or(content)
}

/// Checks what is to be changed.
pub fn check_patch(patch: &ProductPatch) -> Result<Content, Vec<FieldError>> {
    let mut faults = Faults::default();
    let given = Given {
        title: patch.title.as_deref(),
        description_html: patch.description_html.as_deref(),
        vendor: patch.vendor.as_deref(),
        category: patch.category.as_deref(),
        product_type: patch.product_type.as_deref(),
        tags: patch.tags.as_deref(),
        status: patch.status,
        image_url: patch.image_url.as_deref(),
        image_alt: patch.image_alt.as_deref(),
        media: patch.media.as_deref(),
        options: patch.options.as_deref(),
        variants: patch.variants.as_deref(),
    };
    if patch.image_url.as_deref().is_some_and(|url| url.trim().is_empty()) {
        faults.add("image_url".to_owned(), "must not be empty");
    }
    if patch.options.is_some() != patch.variants.is_some() {
        faults.add("variants".to_owned(), "options and variants depend on each other: give both or neither");
    }
    let content = given.check("", &mut faults);
    let skus = patch.variants.as_deref().unwrap_or_default();
    for (index, variant) in skus.iter().enumerate() {
        if skus.iter().take(index).any(|other| other.sku == variant.sku) {
            faults.add(format!("variants[{index}].sku"), "is given twice");
        }
    }
    faults.or(content)
}

fn check(product: &ProductInput, path: &str, faults: &mut Faults) -> Content {
    if !is_slug(&product.handle) {
        faults.add(
            format!("{path}handle"),
            "must be lower-case letters and digits joined by single dashes, at most 128 characters, and not a UUID",
        );
    }
    let given = Given {
        title: Some(&product.title),
        description_html: Some(product.description_html.as_deref().unwrap_or("")),
        vendor: Some(product.vendor.as_deref().unwrap_or("")),
        category: Some(product.category.as_deref().unwrap_or("")),
        product_type: Some(product.product_type.as_deref().unwrap_or("")),
        tags: Some(&product.tags),
        status: Some(product.status),
        image_url: Some(product.image_url.as_deref().unwrap_or("")),
        image_alt: Some(product.image_alt.as_deref().unwrap_or("")),
        media: Some(product.media.as_slice()).filter(|media| !media.is_empty()),
        options: Some(&product.options),
        variants: Some(&product.variants),
    };
    let mut content = given.check(path, faults);
    if product.media.is_empty() {
        content.set("media", Some(Vec::<Picture>::new()));
    }
    if content.text("image_url").is_empty() {
        let drawn = drawn_picture(&content, &product.handle);
        content.set("image_url", Some(drawn));
    }
    content.set("slug", Some(&product.handle));
    content
}

/// The picture that the shop draws itself for a product that brings none.
fn drawn_picture(content: &Content, handle: &str) -> String {
    let kind = Some(souk_art::slug(content.text("product_type"))).filter(|kind| !kind.is_empty());
    format!("/api/catalog/media/{}/{}/{handle}.svg", content.text("category"), kind.as_deref().unwrap_or("product"))
}

/// The fields of a product that are there to be checked.
struct Given<'a> {
    title: Option<&'a str>,
    description_html: Option<&'a str>,
    vendor: Option<&'a str>,
    category: Option<&'a str>,
    product_type: Option<&'a str>,
    tags: Option<&'a [String]>,
    status: Option<Status>,
    image_url: Option<&'a str>,
    image_alt: Option<&'a str>,
    media: Option<&'a [MediaInput]>,
    options: Option<&'a [String]>,
    variants: Option<&'a [VariantInput]>,
}

impl Given<'_> {
    fn check(&self, path: &str, faults: &mut Faults) -> Content {
        let mut line = |field: &str, value: Option<&str>, min: usize, max: usize| {
            value.map(|value| faults.text(format!("{path}{field}"), text::line(value, min, max)))
        };
        let title = line("title", self.title, 1, 200);
        let vendor = line("vendor", self.vendor, 0, 100);
        let product_type = line("product_type", self.product_type, 0, 100);
        let image_alt = line("image_alt", self.image_alt, 0, pictures::MAX_ALT);
        let image_url = self.image_url.map(|url| pictures::check_url(url, 0, format!("{path}image_url"), faults));
        let media = self.media.map(|media| pictures::check_media(media, path, faults));
        let levels = self.category.map(|given| shelving::check_path(given, &format!("{path}category"), faults));
        let description_html = self.description_html.map(|html| description(html, path, faults));
        let tags = self.tags.map(|tags| check_tags(tags, path, faults));
        let options = self.options.map(|options| check_options(options, path, faults));
        let count = self.options.map_or(0, <[String]>::len);
        let variants = self.variants.map(|given| variant::check_all(given, count, path, faults));
        if let (Some([option, ..]), Some([first, ..])) = (self.options, self.variants)
            && option.trim().eq_ignore_ascii_case("title")
            && first.options.first().is_some_and(|value| value.trim().eq_ignore_ascii_case("default title"))
        {
            faults.add(
                format!("{path}options"),
                "must be empty: Title and Default Title is how files say that there are none",
            );
        }
        let mut content = Content::default();
        content.set("title", title);
        content.set("description_html", description_html);
        content.set("vendor", vendor);
        if let Some((own, above)) = levels.as_deref().and_then(<[_]>::split_last) {
            content.set("category", Some(&own.slug));
            content.set("category_title", Some(&own.title));
            content.set("category_path", Some(above).filter(|above| !above.is_empty()));
        }
        content.set("product_type", product_type);
        content.set("tags", tags);
        content.set("status", self.status);
        content.set("image_url", image_url);
        content.set("image_alt", image_alt);
        if let Some((first, others)) = media.as_deref().and_then(<[_]>::split_first) {
            for (key, value) in [("image_url", &first.url), ("image_alt", &first.alt)] {
                let given = content.text(key);
                if !given.is_empty() && given != value.as_str() {
                    faults.add(format!("{path}{key}"), "must be what the first of `media` says, or be left out");
                }
                content.set(key, Some(value));
            }
            content.set("media", Some(others));
        }
        content.set("options", options);
        content.set("variants", variants);
        content
    }
}

/// The safe part of a description.
pub fn description(html: &str, path: &str, faults: &mut Faults) -> String {
    let field = || format!("{path}description_html");
    let mut cleaned = String::new();
    if html.chars().count() <= MAX_DESCRIPTION {
        if html.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            faults.add(field(), TextError::Control.to_string());
        }
        // Trimmed before and after, so that cleaning what was cleaned changes nothing: exports are imported again.
        html::clean(html.trim()).trim().clone_into(&mut cleaned);
    }
    // Escaping makes it longer.
    if html.chars().count() > MAX_DESCRIPTION || cleaned.chars().count() > MAX_DESCRIPTION {
        faults.add(field(), format!("has at most {MAX_DESCRIPTION} characters"));
    }
    cleaned
}

fn check_tags(tags: &[String], path: &str, faults: &mut Faults) -> Vec<String> {
    if tags.len() > 50 {
        faults.add(format!("{path}tags"), "has at most 50 tags");
    }
    let mut passed: Vec<String> = Vec::new();
    for (index, tag) in tags.iter().take(50).enumerate() {
        let field = format!("{path}tags[{index}]");
        let tag = faults.text(field.clone(), text::line(tag, 0, 60));
        if tag.contains(',') {
            faults.add(field, "must not contain a comma, which separates tags in files");
        }
        if !tag.is_empty() && !passed.contains(&tag) {
            passed.push(tag);
        }
    }
    passed
}

fn check_options(options: &[String], path: &str, faults: &mut Faults) -> Vec<String> {
    if options.len() > 3 {
        faults.add(format!("{path}options"), "has at most 3 names");
    }
    let mut passed: Vec<String> = Vec::new();
    for (index, option) in options.iter().take(3).enumerate() {
        let field = format!("{path}options[{index}]");
        let option = faults.text(field.clone(), text::line(option, 1, 50));
        if passed.iter().any(|other| other.eq_ignore_ascii_case(&option)) {
            faults.add(field, "is given twice");
        }
        passed.push(option);
    }
    passed
}

#[cfg(test)]
#[path = "product_tests.rs"]
mod tests;
