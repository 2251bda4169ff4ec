//! Descriptions are HTML that merchants write or import, and that the shop shows to everybody: what is stored is cut down
//! to plain structure. The result holds only the tags below, without attributes except a safe `href`, properly nested and
//! closed; everything else that looks like markup is dropped or escaped. Cleaning twice changes nothing.

const KEPT: [&str; 15] =
    ["p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "h2", "h3", "h4", "blockquote", "a", "hr"];
const WITHOUT_END: [&str; 2] = ["br", "hr"];
/// Elements whose content is not text for a reader.
const DROPPED_WHOLE: [&str; 6] = ["script", "style", "iframe", "template", "title", "textarea"];

/// The safe part of `html`.
pub fn clean(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<&'static str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, markup) = rest.split_at(at);
        push_text(&mut out, text);
        let Some(tag) = Tag::read(markup) else {
            // Not a tag: a lone `<` is text.
            out.push_str("&lt;");
            rest = markup.get(1..).unwrap_or("");
            continue;
        };
        rest = tag.after;
        if let Some(dropped) = DROPPED_WHOLE.iter().find(|name| tag.is(name)) {
            if !tag.closing {
                rest = after_end_of(dropped, rest);
            }
        } else if let Some(name) = KEPT.into_iter().find(|name| tag.is(name)) {
            push_tag(&mut out, &mut open, name, &tag);
        }
    }
    push_text(&mut out, rest);
    while let Some(name) = open.pop() {
        push_end(&mut out, name);
    }
    out
}

/// A tag, comment or declaration at the beginning of some markup.
struct Tag<'a> {
    closing: bool,
    name: &'a str,
    attributes: &'a str,
    after: &'a str,
}

impl<'a> Tag<'a> {
    fn read(markup: &'a str) -> Option<Self> {
        if let Some(comment) = markup.strip_prefix("<!--") {
            let after = comment.split_once("-->").map_or("", |(_, after)| after);
            return Some(Self { closing: false, name: "!", attributes: "", after });
        }
        let body = markup.strip_prefix('<')?;
        let (closing, body) = body.strip_prefix('/').map_or((false, body), |body| (true, body));
        if !body.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            return None;
        }
        let name_end = body.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(body.len());
        let (name, tail) = body.split_at(name_end);
        let end = end_of_tag(tail);
        let (attributes, after) = tail.split_at(end);
        Some(Self { closing, name, attributes, after: after.strip_prefix('>').unwrap_or(after) })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The `href`, when it leads somewhere harmless.
    fn safe_href(&self) -> Option<&'a str> {
        // Every place that reads like the attribute is tried, one inside another value too: each has to be harmless anyway.
        let lower = self.attributes.to_ascii_lowercase();
        lower.match_indices("href").find_map(|(at, _)| {
            let begins = lower.get(..at)?.chars().next_back().is_none_or(|c| c.is_whitespace() || c == '/');
            let value = self.attributes.get(at + 4..)?.trim_start().strip_prefix('=')?.trim_start();
            let href = match value.chars().next()? {
                quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
                _ => value.split(char::is_whitespace).next()?,
            };
            (begins && is_harmless(href)).then_some(href)
        })
    }
}

/// Leads to a web page, a mailbox or a place in the shop, and cannot break out of its quotes.
fn is_harmless(href: &str) -> bool {
    let known = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let local = href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/\\");
    let breaks_out = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    (known || local) && !href.chars().any(breaks_out)
}

/// Where a tag's `>` is; one inside a quoted value does not count.
fn end_of_tag(tail: &str) -> usize {
    let mut quote = None;
    for (at, c) in tail.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    // Never closed: the rest is lost, as a browser would lose it.
    tail.len()
}

fn after_end_of<'a>(name: &str, rest: &'a str) -> &'a str {
    let is_end =
        |at: &usize| rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    let end = rest.match_indices("</").map(|(at, _)| at).find(is_end).and_then(|at| rest.get(at..));
    end.and_then(|end| end.split_once('>')).map_or("", |(_, after)| after)
}

fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
}

fn push_end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn push_tag(out: &mut String, open: &mut Vec<&'static str>, name: &'static str, tag: &Tag<'_>) {
    if WITHOUT_END.contains(&name) {
        if !tag.closing {
            out.push('<');
            out.push_str(name);
            out.push('>');
        }
    } else if tag.closing {
        // An end without its beginning is dropped; what was opened inside is closed first.
        if open.contains(&name) {
            while let Some(inner) = open.pop() {
                push_end(out, inner);
                if inner == name {
                    break;
                }
            }
        }
    } else {
        out.push('<');
        out.push_str(name);
        if name == "a"
            && let Some(href) = tag.safe_href()
        {
            out.push_str(" href=\"");
            out.push_str(href);
            out.push('"');
        }
        out.push('>');
        open.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_structure_stays_as_written() {
        let html =
            "<p>Two <strong>cups</strong> &amp; a pot.<br>See <a href=\"/tea\">tea</a>.</p><ul><li>1 l</li></ul>";
        assert_eq!(clean(html), html);
    }

    #[test]
    fn nothing_that_runs_survives() {
        for (hostile, safe) in [
            ("a<script>alert(1)</script>b", "ab"),
            ("<SCRIPT src=x>never closed", ""),
            ("<style>p{}</style><p onclick=\"x()\">t</p>", "<p>t</p>"),
            ("<img src=x onerror=alert(1)>t", "t"),
            ("<svg/onload=alert(1)>t", "t"),
            ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>"),
            ("<a href=' jAvAsCrIpT:alert(1)'>x</a>", "<a>x</a>"),
            ("<a href=//evil.example>x</a>", "<a>x</a>"),
            (
                "<a href=\"https://a.example/?q=1\" target=_blank onclick=x>x</a>",
                "<a href=\"https://a.example/?q=1\">x</a>",
            ),
            ("<a title=\"> href=javascript:x\" href='/ok'>x</a>", "<a href=\"/ok\">x</a>"),
            ("<!-- <p> --><p>t", "<p>t</p>"),
            ("1 < 2 > 0 <3", "1 &lt; 2 &gt; 0 &lt;3"),
            ("</div></p>t</b>", "t"),
            ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
            ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ] {
            assert_eq!(clean(hostile), safe, "{hostile}");
        }
    }

    fn html() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z<>/&\"'= !-]{0,6}",
            prop::sample::select(vec![
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<a href=\"/x\">",
                "<a href='javascript:1'>",
                "</a>",
                "<script>",
                "</script>",
                "<br/>",
                "<!--",
                "-->",
                "<IMG onerror=x>",
                "<p onclick='",
                "é",
                "<li ",
                ">",
            ])
            .prop_map(str::to_owned),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(html in html()) {
            let once = clean(&html);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn only_known_tags_are_left_and_they_nest(html in html()) {
            let cleaned = clean(&html);
            let mut open = Vec::new();
            for piece in cleaned.split('<').skip(1) {
                let (tag, text) = piece.split_once('>').expect("every < begins a tag");
                prop_assert!(!text.contains('>'));
                if let Some(name) = tag.strip_prefix('/') {
                    prop_assert_eq!(open.pop(), Some(name));
                } else {
                    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                    prop_assert!(KEPT.contains(&name), "{}", name);
                    prop_assert!(attributes.is_empty() || (name == "a" && attributes == "href=\"/x\""), "{}", attributes);
                    if !WITHOUT_END.contains(&name) {
                        open.push(name);
                    }
                }
            }
            prop_assert!(open.is_empty());
        }
    }
}
