//! Amounts as they stand in a mail: `1,234.50 EUR`, thousands grouped, with a real minus sign.

use souk_core::money::Money;
use std::fmt;

/// Shows a [`Money`] for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.to_string();
        let (sign, unsigned) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("\u{2212}", rest));
        let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        f.write_str(sign)?;
        for (i, c) in unsigned.chars().enumerate() {
            if i > 0 && i < whole && (whole - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            fmt::Write::write_char(f, c)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_core::money::Currency;

    fn shown(minor: i64, currency: &str) -> String {
        Amount(Money::new(minor, Currency::parse(currency).unwrap())).to_string()
    }

    #[test]
    fn thousands_are_grouped_and_cents_are_not() {
        assert_eq!(shown(4820, "EUR"), "48.20 EUR");
        assert_eq!(shown(99_999, "EUR"), "999.99 EUR");
        assert_eq!(shown(100_000, "EUR"), "1,000.00 EUR");
        assert_eq!(shown(123_456_789, "EUR"), "1,234,567.89 EUR");
        assert_eq!(shown(-123_456, "EUR"), "\u{2212}1,234.56 EUR");
        assert_eq!(shown(1_234_567, "JPY"), "1,234,567 JPY");
        assert_eq!(shown(1_234_567, "KWD"), "1,234.567 KWD");
    }
}
