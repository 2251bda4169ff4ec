use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn kettle() -> Value {
    json!({
        "handle": "copper-kettle", "title": " Copper Kettle ", "description_html": "<p onclick=x>Boils.</p>", "vendor": "Atelier",
        "category": "Tea & Coffee", "product_type": "Kettle", "tags": ["copper", " copper ", ""], "status": "active",
        "image_url": "/api/catalog/media/tea-coffee/kettle/copper-kettle.svg", "image_alt": "A kettle", "options": ["Size"],
        "variants": [
            {"sku": "K-1", "options": ["1 l"], "price": {"amount_minor": 4900, "currency": "EUR"}, "compare_at": null, "grams": 900, "barcode": " "},
            {"sku": "K-2", "options": ["2 l"], "price": {"amount_minor": 5900, "currency": "EUR"}, "compare_at": {"amount_minor": 6900, "currency": "EUR"}, "grams": 1200, "barcode": "4006381333931"}
        ]
    })
}

fn with(path: &str, value: Value) -> Result<Content, Vec<FieldError>> {
    let mut product = kettle();
    *product.pointer_mut(path).expect("a field of the example") = value;
    check_one(&serde_json::from_value(product).expect("of the right shape"))
}

fn faulty_fields(result: Result<Content, Vec<FieldError>>) -> Vec<String> {
    result.expect_err("refused").into_iter().map(|fault| fault.field).collect()
}

#[test]
fn what_is_written_is_trimmed_cleaned_and_complete() {
    let content = serde_json::to_value(with("/vendor", json!("Atelier")).unwrap()).unwrap();
    assert_eq!(
        content,
        json!({
            "slug": "copper-kettle", "title": "Copper Kettle", "description_html": "<p>Boils.</p>", "vendor": "Atelier",
            "category": "tea-coffee", "category_title": "Tea & Coffee", "product_type": "Kettle", "tags": ["copper"], "status": "active",
            "image_url": "/api/catalog/media/tea-coffee/kettle/copper-kettle.svg", "image_alt": "A kettle", "media": [], "options": ["Size"],
            "variants": [
                {"sku": "K-1", "options": ["1 l"], "price_minor": 4900, "currency": "EUR", "compare_at_minor": null, "grams": 900, "barcode": null},
                {"sku": "K-2", "options": ["2 l"], "price_minor": 5900, "currency": "EUR", "compare_at_minor": 6900, "grams": 1200, "barcode": "4006381333931"}
            ]
        })
    );
}

#[test]
fn each_fault_is_named_by_its_path() {
    for (path, value, field) in [
        ("/handle", json!("Copper Kettle"), "handle"),
        ("/handle", json!("01890a5d-ac96-774b-bcce-b302099a8057"), "handle"),
        ("/title", json!("  "), "title"),
        ("/title", json!("a\u{0}b"), "title"),
        ("/title", json!("x".repeat(201)), "title"),
        ("/description_html", json!("a\u{0}b"), "description_html"),
        ("/description_html", json!("x".repeat(50_001)), "description_html"),
        ("/category", json!("日本"), "category"),
        ("/image_url", json!("javascript:alert(1)"), "image_url"),
        ("/image_url", json!("//evil.example/x.svg"), "image_url"),
        ("/image_url", json!("/a\u{a0}b.svg"), "image_url"),
        ("/tags", json!(vec!["t"; 51]), "tags"),
        ("/tags", json!(["tea, black"]), "tags[0]"),
        ("/category", json!("Tea > "), "category"),
        ("/category", json!("Tea > Black > tea"), "category"),
        ("/options", json!(["Size", "size"]), "options[1]"),
        ("/variants", json!([]), "variants"),
        ("/variants/0/sku", json!("a b"), "variants[0].sku"),
        ("/variants/1/sku", json!("K-1"), "variants[1].sku"),
        ("/variants/0/options", json!([]), "variants[0].options"),
        ("/variants/1/options", json!(["1 l"]), "variants[1].options"),
        ("/variants/0/price/amount_minor", json!(-1), "variants[0].price.amount_minor"),
        ("/variants/0/price/amount_minor", json!(i64::MAX), "variants[0].price.amount_minor"),
        ("/variants/1/price/currency", json!("USD"), "variants[1].compare_at.currency"),
        ("/variants/0/price/currency", json!("USD"), "variants[1].price.currency"),
        ("/variants/0/grams", json!(-1), "variants[0].grams"),
        ("/variants/0/grams", json!(i64::MAX), "variants[0].grams"),
    ] {
        let fields = faulty_fields(with(path, value.clone()));
        assert!(fields.contains(&field.to_owned()), "{path} = {value}: {fields:?}");
    }
}

#[test]
fn several_variants_need_a_name_for_what_differs() {
    let fields = faulty_fields(with("/options", json!([])));
    assert_eq!(fields, ["options", "variants[0].options", "variants[1].options"]);
}

#[test]
fn a_former_price_that_was_not_higher_is_dropped() {
    let content = with("/variants/1/compare_at", json!({"amount_minor": 5900, "currency": "EUR"})).unwrap();
    let content = serde_json::to_value(content).unwrap();
    assert_eq!(content["variants"][1]["compare_at_minor"], Value::Null);
}

#[test]
fn a_missing_category_is_other() {
    let content = serde_json::to_value(with("/category", Value::Null).unwrap()).unwrap();
    assert_eq!((&content["category"], &content["category_title"]), (&json!("other"), &json!("Other")));
}

#[test]
fn a_product_without_a_picture_gets_a_drawn_one() {
    let content = serde_json::to_value(with("/image_url", Value::Null).unwrap()).unwrap();
    assert_eq!(content["image_url"], "/api/catalog/media/tea-coffee/kettle/copper-kettle.svg");
    let patch: ProductPatch = serde_json::from_value(json!({"image_url": " "})).unwrap();
    assert_eq!(faulty_fields(check_patch(&patch)), ["image_url"]);
}

#[test]
fn several_pictures_are_given_whole_and_the_first_is_the_products_own() {
    let mut product = kettle();
    product["media"] = json!([{"url": "/a.svg", "alt": "Front"}, {"url": "https://x.example/b.jpg"}]);
    product["image_url"] = Value::Null;
    product["image_alt"] = json!("Front");
    let content = serde_json::to_value(check_one(&serde_json::from_value(product.clone()).unwrap()).unwrap()).unwrap();
    assert_eq!((&content["image_url"], &content["image_alt"]), (&json!("/a.svg"), &json!("Front")));
    assert_eq!(content["media"], json!([{"url": "https://x.example/b.jpg", "alt": ""}]));
    product["image_url"] = json!("/b.svg");
    assert_eq!(faulty_fields(check_one(&serde_json::from_value(product).unwrap())), ["image_url"]);
    let patch = |patch: Value| check_patch(&serde_json::from_value(patch).unwrap());
    assert_eq!(faulty_fields(patch(json!({"media": []}))), ["media"]);
    assert_eq!(faulty_fields(patch(json!({"media": [{"url": "", "alt": ""}]}))), ["media[0].url"]);
    let content = serde_json::to_value(patch(json!({"image_url": "/c.svg"})).unwrap()).unwrap();
    assert_eq!(content, json!({"image_url": "/c.svg"}), "the other pictures stay");
}

#[test]
fn the_name_that_files_give_to_no_options_is_no_option() {
    let mut product = kettle();
    product["options"] = json!(["title"]);
    product["variants"][0]["options"] = json!(["Default Title"]);
    assert_eq!(faulty_fields(check_one(&serde_json::from_value(product).unwrap())), ["options"]);
}

#[test]
fn a_batch_names_handles_and_skus_that_it_gives_twice() {
    let batch = json!({"products": [kettle(), kettle()]});
    let faults = check_batch(&serde_json::from_value(batch).unwrap()).unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["products[1].handle", "products[1].variants[0].sku", "products[1].variants[1].sku"]);
    for count in [0, 201] {
        let batch = BatchInput { products: vec![serde_json::from_value(kettle()).unwrap(); count] };
        assert_eq!(check_batch(&batch).unwrap_err()[0].field, "products");
    }
}

#[test]
fn faults_are_bounded_however_many_there_are() {
    let mut product: ProductInput = serde_json::from_value(kettle()).unwrap();
    product.variants = vec![VariantInput { sku: String::new(), grams: -1, ..product.variants[0].clone() }; 100];
    let batch = BatchInput { products: vec![product; 200] };
    assert_eq!(check_batch(&batch).unwrap_err().len(), 100);
}

#[test]
fn a_patch_holds_only_what_it_changes() {
    let patch = |patch: Value| check_patch(&serde_json::from_value(patch).unwrap());
    let content = patch(json!({"title": "New", "category": "Home > Tea & Coffee"})).unwrap();
    assert_eq!(
        serde_json::to_value(content).unwrap(),
        json!({
            "title": "New", "category": "tea-coffee", "category_title": "Tea & Coffee",
            "category_path": [{"slug": "home", "title": "Home"}]
        })
    );
    assert_eq!(faulty_fields(patch(json!({"title": ""}))), ["title"]);
    assert!(faulty_fields(patch(json!({"options": ["Size"]}))).contains(&"variants".to_owned()));
    assert!(faulty_fields(patch(json!({"variants": kettle()["variants"]}))).contains(&"variants".to_owned()));
    assert!(patch(json!({"options": ["Size"], "variants": kettle()["variants"]})).is_ok());
}

#[test]
fn fields_that_do_not_exist_are_refused_not_ignored() {
    assert!(serde_json::from_value::<ProductPatch>(json!({"titel": "x"})).is_err());
    let mut product = kettle();
    product["prize"] = json!(1);
    assert!(serde_json::from_value::<ProductInput>(product).is_err());
}

proptest! {
    #[test]
    fn a_description_that_was_cleaned_stays_as_it_is(html in "(?s)( |<p>|</p>|<b>|</b>|<x>|<a href=/x>|</a>|<br>|&|&amp;|<|\r\n|[a-z]){0,12}") {
        let once = description(&html, "", &mut Faults::default());
        prop_assert_eq!(description(&once, "", &mut Faults::default()), once);
    }

    #[test]
    fn whatever_passes_can_be_stored(title in "\\PC{0,30}", category in "\\PC{0,20}", tag in ".{0,10}", html in "(?s).{0,40}", price: i64) {
        let mut product = kettle();
        product["title"] = json!(title);
        product["category"] = json!(category);
        product["tags"] = json!([tag]);
        product["description_html"] = json!(html);
        product["variants"][0]["price"]["amount_minor"] = json!(price);
        if let Ok(content) = check_one(&serde_json::from_value(product).unwrap()) {
            let text = serde_json::to_string(&content).unwrap();
            prop_assert!(!text.contains("\\u0000"));
            let content: Value = serde_json::from_str(&text).unwrap();
            let slug = content["category"].as_str().unwrap();
            prop_assert!(!slug.is_empty() && slug.len() <= 80);
            prop_assert!(slug.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())), "{}", slug);
            prop_assert!((0..=MAX_PRICE_MINOR).contains(&content["variants"][0]["price_minor"].as_i64().unwrap()));
        }
    }
}

use super::variant::MAX_PRICE_MINOR;
