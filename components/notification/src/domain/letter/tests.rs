use super::*;

fn filled(source: &str, values: Values<'_>) -> Result<Letter<'static>, LetterError> {
    fill(source, &values, None)
}

const HEAD: &str = "subject: S\npreview: P\ntitle ?name: Hello {name}\ntitle: Hello\n\n";

fn body(text: &str, values: Values<'_>) -> Result<Vec<Block<'static>>, LetterError> {
    filled(&format!("{HEAD}{text}"), values).map(|letter| letter.blocks)
}

fn span(bold: bool, text: &str) -> Span {
    Span { bold, text: text.to_owned() }
}

#[test]
fn the_first_head_that_is_kept_counts() {
    assert_eq!(filled(HEAD, Values::default().text("name", "Ana")).unwrap().title, "Hello Ana");
    assert_eq!(filled(HEAD, Values::default().text("name", " \n")).unwrap().title, "Hello");
    assert_eq!(filled("subject: S\ntitle: T\n\n", Values::default()), Err(LetterError::NoHead("preview")));
}

#[test]
fn a_paragraph_has_bold_words_and_values_and_ends_where_a_line_is_empty() {
    let blocks = body("Order **{number}** is\npaid.\n\n~ Small.", Values::default().shown("number", 7)).unwrap();
    let first = vec![span(false, "Order "), span(true, "7"), span(false, " is paid.")];
    assert_eq!(blocks, [Block::Paragraph(first), Block::Small(vec![span(false, "Small.")])]);
}

#[test]
fn guards_keep_a_paragraph_or_drop_it() {
    let text = "?whole All of it.\n\n!whole ?part Some of it.";
    let said = |values| body(text, values).unwrap();
    assert_eq!(said(Values::default().flag("whole", true)), [Block::Paragraph(vec![span(false, "All of it.")])]);
    assert_eq!(said(Values::default().flag("part", true)), [Block::Paragraph(vec![span(false, "Some of it.")])]);
    assert_eq!(said(Values::default()), []);
}

#[test]
fn what_people_type_is_never_markup() {
    let name = "**{link}** [x](link) ~ @lines ?no";
    let blocks = body("{name}", Values::default().text("name", name)).unwrap();
    assert_eq!(blocks, [Block::Paragraph(vec![span(false, name)])]);
}

#[test]
fn a_value_or_a_directive_that_does_not_exist_is_an_error() {
    assert_eq!(body("{nmae}", Values::default()), Err(LetterError::NoValue("nmae".to_owned())));
    assert_eq!(body("[Go](link)", Values::default()), Err(LetterError::NoValue("link".to_owned())));
    for bad in ["@line", "[Go](link", "{name"] {
        assert!(matches!(body(bad, Values::default()), Err(LetterError::Unreadable(_))), "{bad}");
    }
}
