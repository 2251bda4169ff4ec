use super::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashSet;

const CATEGORIES: [&str; 13] = [
    "Tea & Coffee",
    "Spices & Pantry",
    "Ceramics",
    "Textiles",
    "Lamps & Candles",
    "Leather & Baskets",
    "Kitchen",
    "Paper & Ink",
    "Bath & Soap",
    "Garden",
    "Games",
    "Music",
    "Something else",
];

/// Element and attribute names of a picture; fails when it is not well-formed or has no picture's root.
fn names(svg: &str) -> (HashSet<String>, Vec<(String, String)>) {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut attributes, mut depth) = (HashSet::new(), Vec::new(), 0);
    loop {
        let event = reader.read_event().unwrap_or_else(|e| panic!("not well-formed: {e}\n{svg}"));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                if depth == 0 {
                    assert_eq!(name, "svg");
                }
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    attributes.push((key, String::from_utf8(attribute.value.to_vec()).unwrap()));
                }
                elements.insert(name);
                depth += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) => assert!(text.as_ref().is_empty(), "text in a picture"),
            Event::Eof => break,
            other => panic!("unexpected {other:?}"),
        }
    }
    assert_eq!(depth, 0);
    (elements, attributes)
}

fn check(svg: &str) {
    let (elements, attributes) = names(svg);
    for element in elements {
        assert!(
            [
                "svg",
                "g",
                "defs",
                "path",
                "ellipse",
                "linearGradient",
                "radialGradient",
                "stop",
                "filter",
                "feGaussianBlur",
                "clipPath"
            ]
            .contains(&element.as_str()),
            "{element} has no place in a picture"
        );
    }
    let ids: HashSet<_> = attributes.iter().filter(|(k, _)| k == "id").map(|(_, v)| v.as_str()).collect();
    for (key, value) in &attributes {
        assert!(!key.starts_with("on") && key != "href" && key != "style", "{key} in a picture");
        if let Some(id) = value.strip_prefix("url(#").and_then(|v| v.strip_suffix(')')) {
            assert!(ids.contains(id), "{id} is used but not defined");
        } else {
            assert!(key == "xmlns" || !value.contains(':'), "{key}={value} may point outside");
        }
    }
    assert!(svg.len() < 6 * 1024, "{} bytes", svg.len());
    assert!(svg.starts_with("<svg ") && svg.contains("viewBox=\"0 0 800 800\""));
}

#[test]
fn every_kind_is_a_well_formed_small_picture_for_any_handle_and_category() {
    for kind in KINDS.iter().chain(&["unheard-of"]) {
        for n in 0..26 {
            let category = CATEGORIES[n % CATEGORIES.len()];
            check(&product_svg(category, kind, &format!("thing-{n}")));
        }
    }
}

#[test]
fn the_same_product_always_has_the_same_picture() {
    let one = product_svg("Ceramics", "Teapot", "karsa-teapot");
    assert_eq!(one, product_svg("Ceramics", "Teapot", "karsa-teapot"));
    assert_eq!(one, product_svg("ceramics", "teapot", "karsa-teapot"), "slugs and names mean the same");
}

#[test]
fn two_handles_of_one_kind_have_different_pictures() {
    for kind in KINDS {
        let pictures: HashSet<_> = (0..20).map(|n| product_svg("Ceramics", kind, &format!("thing-{n}"))).collect();
        assert!(pictures.len() >= 18, "{kind}: only {} of 20 differ", pictures.len());
    }
}

#[test]
fn every_kind_has_a_drawing_that_differs_from_the_others() {
    let pictures: HashSet<_> = KINDS.iter().map(|kind| product_svg("Ceramics", kind, "thing")).collect();
    assert_eq!(pictures.len(), KINDS.len());
    assert!(KINDS.iter().all(|kind| has_drawing(kind) && slug(kind) == *kind));
}

#[test]
fn an_unknown_kind_is_a_parcel_in_the_colours_of_its_category() {
    let parcel = product_svg("Ceramics", "no such kind", "thing");
    assert_eq!(parcel, product_svg("Ceramics", "", "thing"));
    assert_ne!(parcel, product_svg("Garden", "", "thing"));
    assert!(!has_drawing("no such kind"));
}

#[test]
fn a_colour_word_in_the_handle_colours_the_thing() {
    for (word, handle) in
        [("indigo", "belda-cushion-indigo"), ("saffron", "saffron-belda-cushion"), ("ivory", "olive-cushion-ivory")]
    {
        let colour = palette::of_word(word).unwrap();
        let main = Pen::new(palette::of_category("textiles"), "cushion", handle).main;
        for shift in [16, 8, 0] {
            let (wanted, drawn) = ((colour >> shift) & 255, (main >> shift) & 255);
            assert!(wanted.abs_diff(drawn) < 32, "{handle} is drawn in {main:06x}, not near {colour:06x}");
        }
    }
}

#[test]
fn hostile_input_cannot_reach_the_markup() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"/><image href=\"http://evil.example/x\"/>",
        "&lt;&#x0;&entity;",
        "]]><!DOCTYPE x [<!ENTITY a \"b\">]>",
        "\u{0}\u{1}\u{202e}\u{fffe}",
        "é漢字🙂",
        "",
    ];
    for text in hostile {
        for (category, kind, handle) in [(text, "Teapot", "a"), ("Ceramics", text, "a"), ("Ceramics", "Teapot", text)] {
            let svg = product_svg(category, kind, handle);
            check(&svg);
            for needle in ["script", "evil", "ENTITY", "alert"] {
                assert!(!svg.contains(needle));
            }
        }
    }
    check(&product_svg(&"x".repeat(100_000), &"y".repeat(100_000), &"z-".repeat(100_000)));
}

#[test]
fn a_slug_has_only_lower_case_letters_digits_and_single_inner_dashes() {
    assert_eq!(slug("Tea & Coffee"), "tea-coffee");
    assert_eq!(slug("  Café -- “Blue” Nº 4! "), "cafe-blue-n-4");
    assert_eq!(slug("Weaver's Cloth"), "weavers-cloth");
    assert_eq!(slug("漢字"), "");
}
