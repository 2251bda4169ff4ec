//! What a PromQL expression reads: enough of its grammar to find the series in it.

/// Words that are not series, unless a parenthesis follows, which makes anything a function.
const WORDS: [&str; 27] = [
    "and",
    "or",
    "unless",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "offset",
    "inf",
    "nan",
    "sum",
    "min",
    "max",
    "avg",
    "count",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "quantile",
    "count_values",
    "start",
    "end",
];
/// Words that a list of labels follows.
const BEFORE_LABELS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// The series that an expression reads, each a name and, if any, its labels: `up{job="relay"}`.
pub fn selectors(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_alphabetic() || matches!(first, '_' | ':') {
            let word;
            (word, rest) = split(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
            let next = rest.trim_start();
            if BEFORE_LABELS.contains(&word) && next.starts_with('(') {
                rest = after(next, ')');
            } else if !WORDS.contains(&word.to_ascii_lowercase().as_str()) && !next.starts_with('(') {
                let labels = if next.starts_with('{') { next.len() - after(next, '}').len() } else { 0 };
                let (labels, behind) = next.split_at(labels);
                found.push(format!("{word}{labels}"));
                rest = behind;
            }
        } else if first.is_ascii_digit() {
            // A number or a duration, as in 0.95 or 5m.
            (_, rest) = split(rest, |c| c.is_ascii_alphanumeric() || c == '.');
        } else {
            rest = match first {
                '"' => after(rest, '"'),
                '[' => after(rest, ']'),
                _ => rest.strip_prefix(first).unwrap_or_default(),
            };
        }
    }
    found
}

/// The name of a selector.
pub fn name(selector: &str) -> &str {
    selector.split('{').next().unwrap_or(selector)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// What comes behind the bracket or quote that ends what the first character begins; quoted ones do not count.
fn after(text: &str, end: char) -> &str {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == end && !is_quoted => return text.get(at + c.len_utf8()..).unwrap_or_default(),
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_told_from_functions_labels_and_words() {
        let expression = r#"histogram_quantile(0.95, sum by (le, service) (rate(a_bucket{x="sum(b)}", y=~"1|2"}[5m])))
            / on (service) group_left (z) (c:d offset 1h > bool 5) or vector(0) unless sum(e) == Inf"#;
        assert_eq!(selectors(expression), [r#"a_bucket{x="sum(b)}", y=~"1|2"}"#, "c:d", "e"]);
        let replaced = r#"label_replace(up{job="x"}, "service", "$1", "component", "(.+)\"")"#;
        assert_eq!(selectors(replaced), [r#"up{job="x"}"#]);
        assert_eq!(name(r#"up{job="x"}"#), "up");
    }

    #[test]
    fn an_expression_without_series_has_none() {
        for expression in ["", "vector(0)", "time() - 5m", "\"text", "1e3"] {
            assert_eq!(selectors(expression), Vec::<String>::new(), "{expression}");
        }
    }
}
