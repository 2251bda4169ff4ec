use super::*;
use std::collections::{HashMap, HashSet};

type Row = HashMap<String, String>;

fn parse(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("the CSV parses and every row has every column")
}

fn products(rows: &[Row]) -> Vec<&Row> {
    rows.iter().filter(|row| !row["Title"].is_empty()).collect()
}

fn unique<'a>(rows: impl IntoIterator<Item = &'a Row>, column: &str) -> usize {
    let mut seen = HashSet::new();
    for row in rows {
        assert!(seen.insert(row[column].clone()), "{column} {} is there twice", row[column]);
    }
    seen.len()
}

fn cents(price: &str) -> u64 {
    let (euros, cents) = price.split_once('.').expect("two decimals");
    assert_eq!(cents.len(), 2);
    euros.parse::<u64>().unwrap() * 100 + cents.parse::<u64>().unwrap()
}

/// What the importer and the shop rely on, for any CSV of this crate.
fn check(rows: &[Row]) {
    let mut handle = "";
    for row in rows {
        let first = !row["Title"].is_empty();
        assert_eq!(first, row["Handle"] != handle, "rows of one product stand together: {}", row["Handle"]);
        handle = &row["Handle"];
        for column in ["Vendor", "Product Category", "Type", "Body (HTML)", "Image Src", "SEO Title", "Status"] {
            assert_eq!(first, !row[column].is_empty(), "{column} of {handle}");
        }
        let sku = &row["Variant SKU"];
        assert!(sku.len() <= 40 && !sku.ends_with('-') && !sku.contains("--"), "{sku}");
        assert!(sku.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'), "{sku}");
        let price = cents(&row["Variant Price"]);
        assert!((100..500_000).contains(&price), "{sku} costs {price}");
        let before = &row["Variant Compare At Price"];
        assert!(before.is_empty() || cents(before) > price, "{sku} was {before}");
        assert!(row["Variant Inventory Qty"].parse::<u32>().unwrap() < 400);
        assert!(row["Variant Grams"].parse::<u32>().unwrap() > 0);
        assert!(!row["Option1 Value"].is_empty(), "{sku}");
        let digits: Vec<u32> = row["Variant Barcode"].chars().map(|c| c.to_digit(10).unwrap()).collect();
        assert_eq!(digits.len(), 13);
        let sum: u32 = digits.iter().zip([1, 3].iter().cycle()).map(|(d, w)| d * w).sum();
        assert_eq!(sum % 10, 0, "check digit of {sku}");
    }
    for row in products(rows) {
        let handle = &row["Handle"];
        assert_eq!(*handle, souk_art::slug(&row["Title"]));
        assert!(souk_art::has_drawing(&row["Type"]), "{} has no drawing", row["Type"]);
        let (category, kind) = (souk_art::slug(&row["Product Category"]), souk_art::slug(&row["Type"]));
        assert_eq!(row["Image Src"], format!("/api/catalog/media/{category}/{kind}/{handle}.svg"));
        assert!(row["SEO Description"].chars().count() <= 160 && row["SEO Description"].len() > 25, "{handle}");
        assert!(row["Body (HTML)"].starts_with("<p>") && row["Body (HTML)"].ends_with("</p>"));
    }
    let variants: HashSet<_> = rows.iter().map(|r| (&r["Handle"], &r["Option1 Value"], &r["Option2 Value"])).collect();
    assert_eq!(variants.len(), rows.len(), "two variants of a product have the same options");
    unique(rows, "Variant SKU");
    unique(rows, "Variant Barcode");
    unique(products(rows), "Handle");
    unique(products(rows), "Title");
}

#[test]
fn the_demo_shop_is_what_its_catalogue_says() {
    let built: String = curated_csv().collect();
    assert!(
        built == PRODUCTS_CSV,
        "demo/products.csv is out of date: cargo run --release -p souk-demo > demo/products.csv"
    );
}

#[test]
fn every_line_of_the_catalogue_is_understood() {
    for text in catalogue::SHELVES {
        let (shelf, unread) = source::shelf(text);
        assert!(unread.is_empty(), "{}: {unread:?}", shelf.category);
        for kind in &shelf.kinds {
            assert!(kind.items.len() >= 5 && kind.grams > 0 && !kind.vendors.is_empty(), "{}", kind.name);
            assert!(kind.notes.iter().all(|note| note.ends_with('.')));
        }
    }
    let (series, unread) = source::series(catalogue::SERIES);
    assert!(unread.is_empty(), "{unread:?}");
    for (name, nouns, finishes) in &series.names {
        let names = series.places.len() * nouns.len() * finishes.len();
        assert!(names * series.names.len() >= 100_000, "{name} has only {names} names");
    }
}

#[test]
fn the_demo_shop_is_a_full_believable_shop() {
    let rows = parse(PRODUCTS_CSV);
    check(&rows);
    let products = products(&rows);
    assert!(products.len() >= 520, "{} products", products.len());
    let count = |column: &str| products.iter().map(|row| row[column].as_str()).collect::<HashSet<_>>().len();
    assert!(count("Product Category") >= 8 && count("Type") >= 50 && count("Vendor") >= 30);
    assert_eq!(count("Body (HTML)"), products.len(), "two products share a description");
    let mut variants: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        *variants.entry(&row["Handle"]).or_default() += 1;
    }
    let several = variants.values().filter(|n| **n > 1).count();
    assert!((products.len() * 2 / 5..=products.len() * 2 / 3).contains(&several), "{several} have variants");
    assert!(variants.values().all(|n| *n <= 6));
    let stock: Vec<u32> = rows.iter().map(|row| row["Variant Inventory Qty"].parse().unwrap()).collect();
    assert!(stock.iter().filter(|n| **n == 0).count() >= 10);
    assert!(stock.iter().filter(|n| (1..=5).contains(*n)).count() >= 50);
    assert!(rows.iter().filter(|row| !row["Variant Compare At Price"].is_empty()).count() >= 40);
}

#[test]
fn larger_packs_cost_more_but_less_by_the_gram() {
    let rows = parse(PRODUCTS_CSV);
    let price = |sku: &str| cents(&rows.iter().find(|row| row["Variant SKU"] == sku).unwrap()["Variant Price"]);
    let (small, large) = (price("TEA-0001-50G"), price("TEA-0001-250G"));
    assert!(large > small * 3 && large < small * 5, "{small} and {large}");
}

#[test]
fn a_hundred_thousand_generated_products_stay_unique_beside_the_demo_shop() {
    let mut skus = HashSet::new();
    let mut handles = HashSet::new();
    let shop = parse(PRODUCTS_CSV);
    skus.extend(shop.iter().map(|row| row["Variant SKU"].clone()));
    handles.extend(shop.iter().filter(|row| !row["Title"].is_empty()).map(|row| row["Handle"].clone()));
    let (known_skus, known_handles) = (skus.len(), handles.len());
    let (mut rows, mut products) = (0, 0);
    for chunk in generated_csv(100_000).skip(1) {
        products += 1;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(chunk.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            rows += 1;
            assert!(skus.insert(record[14].to_owned()), "SKU {} is there twice", &record[14]);
            handles.insert(record[0].to_owned());
        }
    }
    assert_eq!(products, 100_000);
    assert_eq!(skus.len() - known_skus, rows);
    assert_eq!(handles.len() - known_handles, 100_000);
}

#[test]
fn generated_products_hold_to_the_same_rules_as_the_shop() {
    let text: String = generated_csv(3_000).collect();
    let rows = parse(&text);
    check(&rows);
    assert_eq!(products(&rows).len(), 3_000);
    assert_eq!(text.lines().next(), PRODUCTS_CSV.lines().next(), "the same columns");
}

#[test]
fn a_generated_product_does_not_depend_on_how_many_are_asked_for() {
    let few: Vec<_> = generated_csv(50).collect();
    let many: Vec<_> = generated_csv(200).take(51).collect();
    assert_eq!(few, many);
    assert_eq!(generated_csv(0).count(), 1, "only the header");
}

#[test]
fn a_collection_has_products_of_the_demo_shop_each_once() {
    let rows = parse(PRODUCTS_CSV);
    let known: HashSet<&str> = rows.iter().map(|row| row["Handle"].as_str()).collect();
    let lists: Vec<&str> =
        COLLECTIONS.split("\"products\": [").skip(1).filter_map(|rest| rest.split(']').next()).collect();
    assert_eq!(lists.len(), 3);
    for list in lists {
        let handles: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert!(handles.len() >= 4, "{list}");
        assert_eq!(handles.iter().collect::<HashSet<_>>().len(), handles.len(), "{list}");
        for handle in handles {
            assert!(known.contains(handle), "{handle} is not in the demo shop");
        }
    }
}

#[test]
fn more_is_expected_of_skus_that_are_sold_out() {
    let rows = parse(PRODUCTS_CSV);
    let sold_out: HashSet<&str> =
        rows.iter().filter(|row| row["Variant Inventory Qty"] == "0").map(|row| row["Variant SKU"].as_str()).collect();
    let words: Vec<&str> = EXPECTED.split('"').collect();
    let expected: Vec<(&str, &str)> = words[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    assert!(expected.len() >= 2);
    for (sku, days) in expected {
        assert!(sold_out.contains(sku), "{sku} is not sold out in the demo shop");
        let days: i32 = days.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        assert!((2..=60).contains(&days), "{sku} in {days} days");
    }
}
