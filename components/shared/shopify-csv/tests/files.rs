//! Whole files, nasty ones above all: what is imported, and what is said about the rest.

#![allow(clippy::unwrap_used, reason = "a failing helper fails its test")]

use proptest::prelude::*;
use souk_core::money::Currency;
use souk_shopify_csv::{FileError, Import, Status, parse};

const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,\
Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text,Status";

/// Columns by name, for rows that set only a few.
fn row(cells: &[(&str, &str)]) -> String {
    let fields = HEADER.split(',').map(|name| {
        let value = cells.iter().find(|(cell, _)| *cell == name).map(|(_, value)| *value).unwrap_or_default();
        format!("\"{}\"", value.replace('"', "\"\""))
    });
    fields.collect::<Vec<_>>().join(",")
}

fn kettle(extra: &[(&str, &str)]) -> String {
    let mut cells = extra.to_vec();
    cells.extend([("Handle", "kettle"), ("Title", "Kettle"), ("Variant SKU", "KET-1"), ("Variant Price", "48.20")]);
    row(&cells)
}

fn file(rows: &[String]) -> Import {
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    parse(text.as_bytes(), Currency::EUR).unwrap()
}

fn reasons(import: &Import) -> Vec<String> {
    import.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_product_without_options_is_read_whole() {
    let import = file(&[kettle(&[
        ("Option1 Name", "Title"),
        ("Option1 Value", "Default Title"),
        ("Tags", "copper, tea ,copper,,"),
        ("Variant Grams", "900.0"),
        ("Variant Inventory Qty", "12"),
        ("Variant Compare At Price", "60"),
        ("Body (HTML)", "<p>Hand-made.</p>"),
        ("Image Src", "/media/kettle.svg"),
    ])]);
    assert_eq!(reasons(&import), Vec::<String>::new());
    let json = serde_json::to_value(&import.products).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{
            "handle": "kettle", "title": "Kettle", "description_html": "<p>Hand-made.</p>", "vendor": "", "category": "",
            "product_type": "", "tags": ["copper", "tea"], "status": "active", "image_url": "/media/kettle.svg",
            "image_alt": "", "options": [],
            "variants": [{
                "sku": "KET-1", "options": [], "price": {"amount_minor": 4820, "currency": "EUR"},
                "compare_at": {"amount_minor": 6000, "currency": "EUR"}, "grams": 900, "barcode": null
            }]
        }])
    );
    assert_eq!(import.stock().collect::<Vec<_>>(), [("KET-1", 12)]);
}

#[test]
fn variants_follow_their_product_and_picture_rows_add_none() {
    let import = file(&[
        kettle(&[
            ("Option1 Name", "Size"),
            ("Option1 Value", "Small"),
            ("Option2 Name", "Metal"),
            ("Option2 Value", "Copper"),
        ]),
        row(&[
            ("Handle", "kettle"),
            ("Option1 Value", "Large"),
            ("Option2 Value", "Copper"),
            ("Variant SKU", "KET-2"),
            ("Variant Price", "60"),
        ]),
        row(&[("Handle", "kettle"), ("Image Src", "https://cdn.example/2.jpg")]),
        row(&[
            ("Handle", "cup"),
            ("Title", "Cup"),
            ("Variant SKU", "CUP"),
            ("Variant Price", "4"),
            ("Status", "draft"),
        ]),
    ]);
    assert_eq!(reasons(&import), Vec::<String>::new());
    let [kettle, cup] = import.products.as_slice() else { panic!("two products") };
    assert_eq!(kettle.options, ["Size", "Metal"]);
    assert_eq!(
        kettle.variants.iter().map(|v| v.options.join("/")).collect::<Vec<_>>(),
        ["Small/Copper", "Large/Copper"]
    );
    assert_eq!((cup.status, cup.variants.len()), (Status::Draft, 1));
}

#[test]
fn marks_line_ends_quotes_and_newlines_in_cells_are_read_as_meant() {
    let body = "two\r\nlines, \"quoted\"";
    let text = format!(
        "\u{feff}{HEADER}\r\n{}\r\n\r\n{}\r\n",
        kettle(&[("Body (HTML)", body)]),
        row(&[("Handle", "bad"), ("Title", "Bad")])
    );
    let import = parse(text.as_bytes(), Currency::EUR).unwrap();
    assert_eq!(import.products[0].description_html, body);
    // Header 1, kettle 2 and 3, a blank line 4, the bad row 5.
    assert_eq!(
        reasons(&import),
        [
            "line 5, Variant SKU: is empty: each variant needs a SKU",
            "line 5, Variant Price: is empty: each variant needs a price"
        ]
    );
}

#[test]
fn every_bad_cell_is_named_and_its_whole_product_left_out() {
    let import = file(&[
        kettle(&[("Option1 Name", "Size"), ("Option1 Value", "S")]),
        row(&[
            ("Handle", "kettle"),
            ("Option1 Value", "L"),
            ("Variant SKU", "KET 2"),
            ("Variant Price", "12.345"),
            ("Variant Inventory Qty", "-1"),
        ]),
        row(&[("Handle", "cup"), ("Title", "Cup"), ("Variant SKU", "CUP"), ("Variant Price", "4")]),
    ]);
    assert_eq!(
        reasons(&import),
        [
            "line 3, Variant SKU: \"KET 2\" is no SKU: a SKU has 1 to 64 characters: letters, digits, dot, dash and underscore",
            "line 3, Variant Price: \"12.345\" has more than the 2 decimals of EUR",
            "line 3, Variant Inventory Qty: \"-1\" is negative",
        ]
    );
    assert_eq!(import.products.iter().map(|p| p.handle.as_str()).collect::<Vec<_>>(), ["cup"]);
    assert_eq!((import.left_out, import.rows), (1, 3));
}

#[test]
fn handles_and_skus_that_stand_twice_are_conflicts_with_both_lines() {
    let import = file(&[
        kettle(&[]),
        row(&[("Handle", "cup"), ("Title", "Cup"), ("Variant SKU", "KET-1"), ("Variant Price", "4")]),
        row(&[("Handle", "kettle"), ("Title", "Kettle again"), ("Variant SKU", "KET-9"), ("Variant Price", "4")]),
    ]);
    assert_eq!(
        reasons(&import),
        [
            "line 3, Variant SKU: \"KET-1\" stands on line 2 already: a SKU is unique in the shop",
            "line 4, Handle: \"kettle\" stands on line 2 already: a product's rows stand together",
        ]
    );
    assert!(import.products.is_empty());
    assert_eq!(import.left_out, 2);
}

#[test]
fn options_must_fit_the_product() {
    let variant = |cells: &[(&str, &str)]| {
        let mut all = vec![("Handle", "kettle"), ("Variant SKU", "KET-2"), ("Variant Price", "1")];
        all.extend(cells);
        let import = file(&[kettle(&[("Option1 Name", "Size"), ("Option1 Value", "S")]), row(&all)]);
        reasons(&import).join("; ")
    };
    assert!(variant(&[("Option1 Value", "S")]).contains("\"S\" are taken by another variant"));
    assert!(variant(&[]).contains("Option1 Value: is empty"));
    assert!(variant(&[("Option1 Value", "L"), ("Option2 Value", "Red")]).contains("\"Red\" belongs to no option"));
    assert!(variant(&[("Option1 Value", "L")]).is_empty());
    let gap = file(&[kettle(&[("Option2 Name", "Size"), ("Option2 Value", "S")])]);
    assert!(reasons(&gap)[0].contains("an option before it is empty"));
    let twice = file(&[kettle(&[
        ("Option1 Name", "Size"),
        ("Option1 Value", "S"),
        ("Option2 Name", "size"),
        ("Option2 Value", "M"),
    ])]);
    assert!(reasons(&twice)[0].contains("names two options"));
}

#[test]
fn the_category_is_the_last_part_of_its_path_or_else_the_type() {
    let category =
        |cells: &[(&str, &str)]| file(&[kettle(cells)]).products.first().map(|product| product.category.clone());
    assert_eq!(category(&[("Product Category", "Home & Garden > Kitchen > Kettles")]).as_deref(), Some("Kettles"));
    assert_eq!(category(&[("Type", "Kettle")]).as_deref(), Some("Kettle"));
    assert_eq!(category(&[("Product Category", "茶")]), None, "the shop makes its address of it");
}

#[test]
fn what_the_catalog_would_refuse_is_refused_with_its_line() {
    for (column, value) in [
        ("Title", "two\nlines"),
        ("Title", &"x".repeat(201)),
        ("Vendor", &"x".repeat(101)),
        ("Body (HTML)", &"x".repeat(50_001)),
        ("Tags", &"x".repeat(61)),
        ("Image Src", "javascript:alert(1)"),
        ("Image Src", "//elsewhere.example/x.png"),
        ("Status", "hidden"),
        ("Published", "perhaps"),
    ] {
        let import = file(&[row(&[
            ("Handle", "cup"),
            (column, value),
            ("Title", "Cup"),
            ("Variant SKU", "C"),
            ("Variant Price", "1"),
        ])]);
        assert!(import.products.is_empty() && !import.errors.is_empty(), "{column}: {value:.40}");
    }
}

#[test]
fn a_fourth_option_is_an_error_where_it_is_used() {
    let text =
        format!("{HEADER},Option4 Name,Option4 Value\n{},,\n{},Fit,Slim\n", kettle(&[]), row(&[("Handle", "cup")]));
    let import = parse(text.as_bytes(), Currency::EUR).unwrap();
    assert_eq!(import.products.len(), 1);
    assert!(reasons(&import)[0].starts_with("line 3, Option4 Name: a product has at most 3 options"));
}

#[test]
fn columns_that_nobody_knows_are_warned_about_and_shopifys_own_are_not() {
    let text =
        format!("{HEADER},Colour of box,SEO Title,Google Shopping / MPN,Price / Germany\n{},red,x,y,3\n", kettle(&[]));
    let import = parse(text.as_bytes(), Currency::EUR).unwrap();
    assert_eq!(import.warnings, ["column \"Colour of box\" is not known and was ignored"]);
    assert_eq!(import.products.len(), 1);
}

#[test]
fn a_file_that_is_no_product_csv_says_what_is_missing() {
    let error = |text: &str| parse(text.as_bytes(), Currency::EUR).unwrap_err();
    assert!(matches!(error(""), FileError::Empty));
    assert!(matches!(error("\n\n"), FileError::Empty));
    assert_eq!(
        error("handle,name\nx,y\n").to_string(),
        "the header has no column \"Title\", \"Variant SKU\", \"Variant Price\": this needs a product CSV in Shopify's format"
    );
    assert!(error(&format!("{HEADER},TITLE\n")).to_string().contains("\"TITLE\" twice"));
}

#[test]
fn a_lost_quote_is_reported_where_its_row_begins() {
    let text = format!("{HEADER}\n{}\ncup,\"Cup,4\nsaucer,Saucer,5\n", kettle(&[]));
    let import = parse(text.as_bytes(), Currency::EUR).unwrap();
    assert_eq!(import.products.len(), 1);
    assert!(reasons(&import)[0].starts_with("line 3: has 2 fields where the header has 23"), "{:?}", import.errors);
}

#[test]
fn the_rest_of_a_product_whose_first_row_is_unreadable_is_not_complained_about() {
    let text =
        format!("{HEADER}\ncup,Cup\n{}\n", row(&[("Handle", "cup"), ("Variant SKU", "CUP-2"), ("Variant Price", "4")]));
    let import = parse(text.as_bytes(), Currency::EUR).unwrap();
    assert_eq!((import.errors.len(), import.products.len(), import.left_out), (1, 0, 1));
}

#[test]
fn bytes_that_are_no_text_are_refused_cell_by_cell() {
    let mut bytes = format!("{HEADER}\n").into_bytes();
    bytes.extend(kettle(&[("Vendor", "Caf?")]).bytes().map(|b| if b == b'?' { 0xe9 } else { b }));
    bytes.extend(
        format!("\n{}\n", row(&[("Handle", "cup"), ("Title", "C\0p"), ("Variant SKU", "C"), ("Variant Price", "1")]))
            .bytes(),
    );
    let import = parse(&bytes, Currency::EUR).unwrap();
    assert_eq!(
        reasons(&import),
        [
            "line 2, Vendor: is not UTF-8: save the file as UTF-8",
            "line 3, Title: holds control characters",
            "line 3, Title: is empty: the first row of a product names it"
        ]
    );
}

proptest! {
    /// Line ends of each kind, blank lines and line ends in cells move every row below them.
    #[test]
    fn lines_are_counted_as_an_editor_does(
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        above in prop::collection::vec((0_usize..3, 0_usize..3), 0..6),
    ) {
        let mut text = format!("{HEADER}{end}");
        let mut line = 2;
        for (n, (breaks, blanks)) in above.iter().enumerate() {
            let (handle, body) = (format!("p{n}"), format!("x{}y", end.repeat(*breaks)));
            let cells = [("Handle", handle.as_str()), ("Title", "T"), ("Variant SKU", &handle), ("Variant Price", "1"), ("Body (HTML)", &body)];
            text += &format!("{}{end}{}", row(&cells), end.repeat(*blanks));
            line += 1 + breaks + blanks;
        }
        text += &row(&[("Handle", "Bad")]);
        let import = parse(text.as_bytes(), Currency::EUR).unwrap();
        prop_assert_eq!(import.products.len(), above.len());
        prop_assert_eq!(import.errors.first().map(|error| error.line), Some(line as u64));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = parse(&bytes, Currency::EUR);
        let _ = parse(&[HEADER.as_bytes(), b"\n", &bytes].concat(), Currency::EUR);
    }

    /// Whatever stands in the cells, each product comes out whole or is left out for a reason.
    #[test]
    fn every_handle_is_imported_or_complained_about(cells in prop::collection::vec(("[ab]", "[A-C]?", "-?[0-9]{0,3}(\\.[0-9]{0,3})?"), 1..12)) {
        let rows: Vec<String> = cells
            .iter()
            .map(|(handle, sku, price)| row(&[("Handle", handle), ("Title", "T"), ("Variant SKU", sku), ("Variant Price", price)]))
            .collect();
        let import = file(&rows);
        for handle in ["a", "b"] {
            let given = cells.iter().any(|(name, ..)| name == handle);
            let imported = import.products.iter().filter(|product| product.handle == handle).count();
            prop_assert!(imported <= 1);
            prop_assert!(imported == 1 || !given || !import.errors.is_empty());
        }
        prop_assert!(import.products.iter().all(|product| !product.variants.is_empty()));
    }
}
