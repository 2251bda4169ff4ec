//! Readers of single cells. An error is a reason that quotes the cell.

use souk_core::money::{Currency, Money};
use souk_core::sku::Sku;

use crate::product::Status;

/// In minor units; the catalog's limit, so that whatever it exports can be imported.
const MAX_PRICE_MINOR: i64 = 1_000_000_000_000;
/// More pieces of one SKU than this are a slip as well.
const MAX_STOCK: i64 = 1_000_000;
/// A tonne.
const MAX_GRAMS: i64 = 1_000_000;
const MAX_HANDLE: usize = 128;
const MAX_TAGS: usize = 50;
const MAX_TAG: usize = 60;
const MAX_CATEGORY: usize = 80;
const MAX_LEVELS: usize = 8;
const MAX_IMAGE: usize = 2000;

/// `a-z 0-9` in words joined by single dashes or underscores; the rule of the catalog's addresses.
pub(crate) fn handle(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("is empty: every row names its product".to_owned());
    }
    let clean = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    let words = text.split(['-', '_']).all(|word| !word.is_empty());
    if clean && words && text.len() <= MAX_HANDLE && !looks_like_uuid(text) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{}\" is no handle: a-z, 0-9 and single dashes, at most {MAX_HANDLE} characters", brief(text)))
}

pub(crate) fn sku(text: &str) -> Result<Sku, String> {
    if text.is_empty() {
        return Err("is empty: each variant needs a SKU".to_owned());
    }
    Sku::parse(text).map_err(|error| format!("\"{}\" is no SKU: {error}", brief(text)))
}

/// A decimal number with no more decimals than the currency has.
pub(crate) fn price(text: &str, currency: Currency) -> Result<Money, String> {
    let quoted = brief(text);
    if text.is_empty() {
        return Err("is empty: each variant needs a price".to_owned());
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('-')
        && digits(&rest.replacen('.', "", 1))
    {
        return Err(format!("\"{quoted}\" is negative"));
    }
    if whole.is_empty() || !digits(whole) || !digits(decimals) || text.ends_with('.') {
        return Err(format!("\"{quoted}\" is no amount: write it as 12.50"));
    }
    let exponent = currency.exponent() as usize;
    let (kept, rest) = decimals.split_at_checked(exponent).unwrap_or((decimals, ""));
    if rest.bytes().any(|b| b != b'0') {
        return Err(format!("\"{quoted}\" has more than the {exponent} decimals of {currency}"));
    }
    let scale = 10_i64.pow(currency.exponent());
    let most = MAX_PRICE_MINOR / scale;
    let too_high = || format!("\"{quoted}\" is over {most} {currency}");
    let units: i64 = whole.parse().ok().filter(|units| *units <= most).ok_or_else(too_high)?;
    let part: i64 = format!("{kept:0<exponent$}").parse().unwrap_or(0);
    let amount = units * scale + part;
    if amount > MAX_PRICE_MINOR { Err(too_high()) } else { Ok(Money::new(amount, currency)) }
}

/// An empty cell is no price.
pub(crate) fn optional_price(text: &str, currency: Currency) -> Result<Option<Money>, String> {
    if text.is_empty() { Ok(None) } else { price(text, currency).map(Some) }
}

pub(crate) fn stock(text: &str) -> Result<Option<u32>, String> {
    if text.is_empty() { Ok(None) } else { count(text, MAX_STOCK, "pieces").map(Some) }
}

/// Shopify writes "250" as well as "250.0".
pub(crate) fn grams(text: &str) -> Result<u32, String> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    if whole.is_empty() { Ok(0) } else { count(whole, MAX_GRAMS, "grams") }
}

/// `status` wins; without it, Shopify's older `Published` decides.
pub(crate) fn status(status: &str, published: &str) -> Result<Status, String> {
    match (status.to_lowercase().as_str(), published.to_lowercase().as_str()) {
        ("active", _) | ("", "" | "true") => Ok(Status::Active),
        ("draft", _) | ("", "false") => Ok(Status::Draft),
        ("archived", _) => Ok(Status::Archived),
        ("", other) => Err(format!("Published is \"{}\", and must be true or false", brief(other))),
        (other, _) => Err(format!("\"{}\" is no status: active, draft or archived", brief(other))),
    }
}

/// An ISO code; an empty cell leaves it to the file's currency.
pub(crate) fn currency(text: &str) -> Result<Option<Currency>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let no_currency = || format!("\"{}\" is no currency: three capital letters, as in EUR", brief(text));
    Currency::parse(text).map(Some).ok_or_else(no_currency)
}

/// Shopify writes a path, as in "Home & Garden > Kitchen": from the top of the tree down to where the product stands.
pub(crate) fn category(text: &str) -> Result<String, String> {
    let levels: Vec<&str> = text.split(" > ").map(str::trim).collect();
    if text.is_empty() {
        return Ok(String::new());
    }
    if levels.len() > MAX_LEVELS {
        return Err(format!("\"{}\" has more than {MAX_LEVELS} levels", brief(text)));
    }
    for (index, name) in levels.iter().enumerate() {
        if name.chars().count() > MAX_CATEGORY {
            return Err(format!("\"{}\" has more than {MAX_CATEGORY} characters", brief(name)));
        }
        if !name.contains(|c: char| c.is_ascii_alphanumeric()) || name.contains(char::is_control) {
            return Err(format!("\"{}\" is no category: it needs a letter or a digit", brief(name)));
        }
        if levels.iter().take(index).any(|above| above.eq_ignore_ascii_case(name)) {
            return Err(format!("\"{}\" is a category within itself", brief(name)));
        }
    }
    Ok(levels.join(" > "))
}

/// Comma-separated; blanks and repetitions go.
pub(crate) fn tags(text: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > MAX_TAG || tag.contains(char::is_control) {
            return Err(format!("the tag \"{}\" is no line of at most {MAX_TAG} characters", brief(tag)));
        }
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    if tags.len() > MAX_TAGS { Err(format!("has {} tags, and at most {MAX_TAGS} fit", tags.len())) } else { Ok(tags) }
}

/// A web address or a path on this shop.
pub(crate) fn image(text: &str) -> Result<String, String> {
    let absolute = text.starts_with("https://") || text.starts_with("http://");
    let local = text.starts_with('/') && !text.starts_with("//");
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '\\');
    if (text.is_empty() || absolute || local) && text.chars().count() <= MAX_IMAGE && !text.contains(odd) {
        return Ok(text.to_owned());
    }
    Err(format!("\"{}\" is no picture's address: it begins with https:// or /", brief(text)))
}

fn count(text: &str, max: i64, what: &str) -> Result<u32, String> {
    let quoted = brief(text);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("\"{quoted}\" is no whole number"));
    }
    if text.starts_with('-') && digits.bytes().any(|b| b != b'0') {
        return Err(format!("\"{quoted}\" is negative"));
    }
    let too_high = || format!("\"{quoted}\" is over {max} {what}");
    digits.parse::<i64>().ok().filter(|n| *n <= max).and_then(|n| u32::try_from(n).ok()).ok_or_else(too_high)
}

fn looks_like_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Enough of a cell to find it by.
fn brief(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}...") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prices_are_exact_or_refused() {
        let minor = |text| price(text, Currency::EUR).map(|money| money.amount_minor);
        assert_eq!(minor("48.2"), Ok(4820));
        assert_eq!(minor("48"), Ok(4800));
        assert_eq!(minor("48.200"), Ok(4820));
        assert_eq!(minor("0"), Ok(0));
        assert_eq!(minor("10000000000"), Ok(1_000_000_000_000));
        for (bad, part) in [
            ("", "empty"),
            ("12.345", "decimals"),
            ("-1", "negative"),
            ("-0.50", "negative"),
            ("1,200.00", "no amount"),
            ("12.", "no amount"),
            (".5", "no amount"),
            ("1e3", "no amount"),
            ("NaN", "no amount"),
            ("€5", "no amount"),
            ("--5", "no amount"),
            ("10000000000.01", "over"),
            ("99999999999999999999", "over"),
        ] {
            let reason = minor(bad).unwrap_err();
            assert!(reason.contains(part), "{bad}: {reason}");
        }
    }

    #[test]
    fn decimals_follow_the_currency() {
        let yen = Currency::parse("JPY").unwrap();
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(price("120", yen).unwrap().amount_minor, 120);
        assert!(price("120.5", yen).is_err());
        assert_eq!(price("1.234", dinar).unwrap().amount_minor, 1234);
    }

    #[test]
    fn quantities_are_whole_and_sane() {
        assert_eq!(stock(""), Ok(None));
        assert_eq!(stock("007"), Ok(Some(7)));
        assert_eq!(grams("250.0"), Ok(250));
        assert_eq!(grams(""), Ok(0));
        for bad in ["-3", "1.5", "1e9", "ten", "1000001", "99999999999999999999", "-"] {
            assert!(stock(bad).is_err(), "{bad}");
        }
        assert!(grams("0.5").is_err());
    }

    #[test]
    fn a_handle_is_an_address_and_never_an_id() {
        assert!(handle("copper-kettle_2").is_ok());
        for bad in ["", "Copper", "a--b", "-a", "a b", "ü", "01890a5d-ac96-774b-bcce-b302099a8057", &"a".repeat(129)] {
            assert!(handle(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_older_published_column_decides_only_without_a_status() {
        assert_eq!(status("", "FALSE"), Ok(Status::Draft));
        assert_eq!(status("active", "false"), Ok(Status::Active));
        assert!(status("", "maybe").is_err());
        assert!(status("on", "").is_err());
    }

    proptest! {
        #[test]
        fn a_written_price_reads_back_to_the_cent(amount in 0_i64..=1_000_000_000_000) {
            let text = format!("{}.{:02}", amount / 100, amount % 100);
            prop_assert_eq!(price(&text, Currency::EUR).unwrap().amount_minor, amount);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (price(&text, Currency::EUR), stock(&text), grams(&text), handle(&text), tags(&text), image(&text));
        }
    }
}
