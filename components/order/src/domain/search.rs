//! What support types to find an order: its number, however it is written, or the beginning of an e-mail address.

use souk_core::text;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// An order's number, as it is stored.
    Number(String),
    /// How the shopper's address begins, in lower case.
    Email(String),
}

/// The digits of order numbers; see `order_number` in migrations/V2__views.sql.
const DIGITS: &str = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Search {
    /// Reads what was typed; none when it cannot be either.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = text::line(typed, 1, 254).ok()?;
        let upper = typed.to_ascii_uppercase();
        let said: String = upper.chars().filter(|c| *c != '-' && *c != ' ').collect();
        // Without its S it has eight digits, of which the first may be an S, too.
        let digits = said.strip_prefix('S').filter(|digits| digits.len() == 8).unwrap_or(&said);
        // Eight letters of an address could be a number as well; the check digit tells.
        Some(match (is_number(digits), digits.split_at_checked(4)) {
            (true, Some((first, second))) => Self::Number(format!("S-{first}-{second}")),
            _ => Self::Email(typed.to_ascii_lowercase()),
        })
    }
}

fn is_number(digits: &str) -> bool {
    let values: Option<Vec<usize>> = digits.chars().map(|c| DIGITS.find(c)).collect();
    let Some((check, values)) = values.as_deref().and_then(<[usize]>::split_last) else { return false };
    let sum: usize = values.iter().enumerate().map(|(n, value)| value * (2 * n + 1)).sum();
    values.len() == 7 && sum % 32 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        // 2222-222 sums to nothing, and nothing is the digit 2.
        for typed in ["S-2222-2222", "s-2222-2222", " 22222222 ", "2222 2222", "s 2222 2222"] {
            assert_eq!(Search::parse(typed), Some(Search::Number("S-2222-2222".to_owned())), "{typed}");
        }
        assert_eq!(Search::parse("2222-2223"), Some(Search::Email("2222-2223".to_owned())), "the check digit is wrong");
    }

    #[test]
    fn everything_else_is_the_beginning_of_an_address() {
        assert_eq!(Search::parse("Ana@Souk"), Some(Search::Email("ana@souk".to_owned())));
        assert_eq!(Search::parse("shopper"), Some(Search::Email("shopper".to_owned())));
        for bad in ["", "  ", "a\u{0}b", &"x".repeat(255)] {
            assert_eq!(Search::parse(bad), None);
        }
    }
}
