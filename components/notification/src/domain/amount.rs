//! Amounts as they stand in a mail: `1,234.50 EUR` in English, `1234,50 €` in Portuguese, thousands grouped, with a real
//! minus sign, and never broken over two lines.

use super::locale::Locale;
use souk_core::money::Money;
use std::fmt::{self, Write as _};

/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';

/// Shows a [`Money`] for reading, in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money, pub Locale);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.to_string();
        let (number, currency) = plain.split_once(' ').unwrap_or((&plain, ""));
        let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("\u{2212}", rest));
        let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        // Portuguese leaves four digits together (CLDR 44, pt-PT: minimumGroupingDigits 2).
        let (group, point, ungrouped) = match self.1 {
            Locale::En => (',', '.', 3),
            Locale::Pt => (NO_BREAK, ',', 4),
        };
        f.write_str(sign)?;
        for (i, c) in unsigned.chars().enumerate() {
            if i > 0 && i < whole && whole > ungrouped && (whole - i).is_multiple_of(3) {
                f.write_char(group)?;
            }
            f.write_char(if c == '.' { point } else { c })?;
        }
        f.write_char(NO_BREAK)?;
        f.write_str(if self.1 == Locale::Pt && currency == "EUR" { "€" } else { currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_core::money::Currency;

    fn shown(minor: i64, currency: &str, locale: Locale) -> String {
        Amount(Money::new(minor, Currency::parse(currency).unwrap()), locale).to_string().replace(NO_BREAK, " ")
    }

    #[test]
    fn thousands_are_grouped_and_cents_are_not() {
        let english = |minor, currency| shown(minor, currency, Locale::En);
        assert_eq!(english(4820, "EUR"), "48.20 EUR");
        assert_eq!(english(99_999, "EUR"), "999.99 EUR");
        assert_eq!(english(100_000, "EUR"), "1,000.00 EUR");
        assert_eq!(english(123_456_789, "EUR"), "1,234,567.89 EUR");
        assert_eq!(english(-123_456, "EUR"), "\u{2212}1,234.56 EUR");
        assert_eq!(english(1_234_567, "JPY"), "1,234,567 JPY");
        assert_eq!(english(1_234_567, "KWD"), "1,234.567 KWD");
    }

    #[test]
    fn portuguese_amounts_read_as_in_portugal() {
        let portuguese = |minor, currency| shown(minor, currency, Locale::Pt);
        assert_eq!(portuguese(4820, "EUR"), "48,20 €");
        assert_eq!(portuguese(123_450, "EUR"), "1234,50 €");
        assert_eq!(portuguese(1_234_567, "EUR"), "12 345,67 €");
        assert_eq!(portuguese(-100_000_000, "EUR"), "\u{2212}1 000 000,00 €");
        assert_eq!(portuguese(4820, "USD"), "48,20 USD");
    }

    #[test]
    fn an_amount_stays_on_one_line() {
        assert!(!Amount(Money::new(123_456_789, Currency::EUR), Locale::Pt).to_string().contains(' '));
    }
}
