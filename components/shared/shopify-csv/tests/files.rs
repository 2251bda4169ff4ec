//! Whole files, nasty ones above all: what is imported, and what is said about the rest.

#![allow(clippy::unwrap_used, reason = "a failing helper fails its test")]

use proptest::prelude::*;
use souk_core::money::{Currency, Money};
use souk_core::sku::Sku;
use souk_shopify_csv::{FileError, Import, Picture, Product, Status, Variant, parse};

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
fn the_category_is_a_path_or_else_the_type() {
    let category =
        |cells: &[(&str, &str)]| file(&[kettle(cells)]).products.first().map(|product| product.category.clone());
    let path = "Home & Garden > Kitchen > Kettles";
    assert_eq!(category(&[("Product Category", path)]).as_deref(), Some(path));
    assert_eq!(category(&[("Product Category", "Kitchen >  Kettles")]).as_deref(), Some("Kitchen > Kettles"));
    assert_eq!(category(&[("Type", "Kettle")]).as_deref(), Some("Kettle"));
    for bad in ["茶", "Kitchen > 茶", "Kitchen > kitchen", "A >  > B", "1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9"] {
        assert_eq!(category(&[("Product Category", bad)]), None, "{bad}");
    }
}

#[test]
fn pictures_are_gathered_from_all_rows_of_a_product() {
    let picture = |url: &str| row(&[("Handle", "kettle"), ("Image Src", url), ("Image Alt Text", "Side")]);
    let import =
        file(&[kettle(&[("Image Alt Text", "Front"), ("Image Src", "/1.svg")]), picture("/2.svg"), picture("/3.svg")]);
    assert_eq!(reasons(&import), Vec::<String>::new());
    let json = serde_json::to_value(&import.products[0]).unwrap();
    assert_eq!((&json["image_url"], &json["image_alt"]), (&"/1.svg".into(), &"Front".into()));
    assert_eq!(json["media"][2], serde_json::json!({"url": "/3.svg", "alt": "Side"}));
    let many: Vec<String> =
        std::iter::once(kettle(&[])).chain((0..51).map(|n| picture(&format!("/{n}.svg")))).collect();
    assert_eq!(reasons(&file(&many)), ["line 53, Image Src: is a picture too many: at most 50 fit"]);
}

#[test]
fn a_currency_column_says_what_a_products_prices_are_amounts_of() {
    let text =
        "Handle,Title,Variant SKU,Variant Price,Currency\na,A,A1,1200,JPY\na,,A2,1300,\nb,B,B1,4.50,\nc,C,C1,1,euro\n";
    let import = parse(text.replace("\na,,A2,1300,", "").as_bytes(), Currency::EUR).unwrap();
    let price = |index: usize| import.products[index].variants[0].price;
    assert_eq!((price(0).amount_minor, price(0).currency.as_str()), (1200, "JPY"));
    assert_eq!((price(1).amount_minor, price(1).currency.as_str()), (450, "EUR"));
    assert_eq!(reasons(&import), ["line 4, Currency: \"euro\" is no currency: three capital letters, as in EUR"]);
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

/// A line of text as the catalog stores it: trimmed, no control characters.
fn line(max: usize) -> impl Strategy<Value = String> {
    prop::collection::vec("[a-zA-Z0-9,;\"' é>=+<&/-]", 1..max).prop_map(|chars| {
        let text = chars.concat();
        let text = text.trim().replace(" > ", " ");
        if text.is_empty() { "x".to_owned() } else { text }
    })
}

prop_compose! {
    fn any_variant()(
        sku in "[A-Z0-9._-]{1,10}", value in line(8), price in 0_i64..=1_000_000_000_000, was in prop::option::of(0_i64..1_000_000),
        grams in 0_u32..=1_000_000, barcode in prop::option::of("[0-9]{8,13}"),
    ) -> (String, String, i64, Option<i64>, u32, Option<String>) {
        (sku, value, price, was, grams, barcode)
    }
}

prop_compose! {
    fn any_product(handle: &'static str)(
        title in line(30), body in "(?s)[a-z<>/&;,\"\r\n\t ]{0,30}", vendor in line(10), category in prop::collection::vec("[A-Z][a-z&]{2,8}", 1..4),
        tags in prop::collection::hash_set("[a-z]{1,8}( [a-z]{1,4})?", 0..4), status in prop::sample::select(vec![Status::Active, Status::Draft, Status::Archived]),
        currency in prop::sample::select(vec!["EUR", "JPY", "KWD"]), with_options: bool, option in "[B-S][a-z]{2,6}",
        variants in prop::collection::vec(any_variant(), 1..5), pictures in prop::collection::vec(("/[a-z0-9?=&,.]{1,12}", prop::option::of(line(10))), 0..6),
    ) -> Product {
        let currency = Currency::parse(currency).unwrap();
        let options = if with_options { vec![option] } else { Vec::new() };
        let count = if with_options { variants.len() } else { 1 };
        let variants = variants.into_iter().take(count).enumerate().map(|(n, (sku, value, price, was, grams, barcode))| Variant {
            sku: Sku::parse(&format!("{handle}{n}{sku}")).unwrap(),
            options: if with_options { vec![format!("{value}{n}")] } else { Vec::new() },
            price: Money::new(price, currency), compare_at: was.map(|was| Money::new(was, currency)), grams, barcode, stock: None, line: 0,
        });
        let variants = variants.collect();
        let mut levels: Vec<String> = Vec::new();
        for name in category {
            if !levels.iter().any(|level| level.eq_ignore_ascii_case(&name)) {
                levels.push(name);
            }
        }
        let media: Vec<Picture> =
            pictures.into_iter().map(|(url, alt)| Picture { url: url.replace("//", "/a"), alt: alt.unwrap_or_default() }).collect();
        let first = media.first().cloned().unwrap_or(Picture { url: String::new(), alt: String::new() });
        Product {
            handle: handle.to_owned(), title, description_html: body.trim().to_owned(), vendor, category: levels.join(" > "),
            product_type: String::new(), tags: tags.into_iter().collect(), status, image_url: first.url, image_alt: first.alt, options,
            variants, media, line: 0,
        }
    }
}

proptest! {
    /// The round trip: what is written and read again is the same product, and written once more the same bytes.
    #[test]
    fn what_is_written_reads_back_the_same(a in any_product("a"), b in any_product("b")) {
        let text = |products: &[Product]| {
            let mut text = souk_shopify_csv::header();
            products.iter().for_each(|product| souk_shopify_csv::rows(product, &mut text));
            text
        };
        let products = vec![a, b];
        let written = text(&products);
        let import = parse(written.as_bytes(), Currency::parse("USD").unwrap()).unwrap();
        prop_assert_eq!(reasons(&import), Vec::<String>::new(), "{}", written);
        prop_assert_eq!(text(&import.products), written);
        let unlined = import.products.into_iter().map(|mut product| {
            product.line = 0;
            product.variants.iter_mut().for_each(|variant| variant.line = 0);
            product
        });
        prop_assert_eq!(unlined.collect::<Vec<_>>(), products);
    }
}
