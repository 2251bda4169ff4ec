//! Ids of components: kebab-case, as Spin reads them.

/// What is wrong with `id`, if anything: words joined by hyphens, each of letters in one case and digits, the first one
/// beginning with a letter.
pub(super) fn check(id: &str) -> Result<(), &'static str> {
    if id.contains('_') {
        return Err("its words must be joined by `-`, not `_`");
    }
    for (index, word) in id.split('-').enumerate() {
        let Some(first) = word.chars().next() else {
            return Err("it has an empty word");
        };
        if !(first.is_ascii_alphabetic() || (index > 0 && first.is_ascii_digit())) {
            return Err("its words must begin with a letter");
        }
        if !word.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err("its words may have only letters and digits");
        }
        if word.chars().any(|c| c.is_ascii_lowercase()) && word.chars().any(|c| c.is_ascii_uppercase()) {
            return Err("a word must be all in lower or all in upper case");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn ids_follow_spins_rule() {
        for good in ["user", "tax-eu", "v2", "page-2", "API-gateway"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", "tax_eu", "2nd", "tax-", "-tax", "a--b", "taxEu", "k\u{e4}se", "a.b"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
