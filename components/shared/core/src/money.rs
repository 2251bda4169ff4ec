//! Money as an integer count of minor units with its currency. Arithmetic is checked: it never wraps, never rounds
//! silently, and never mixes currencies.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use utoipa::ToSchema;

/// An ISO 4217 code: three upper-case ASCII letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro, currency of the demo shop.
    pub const EUR: Self = Self(*b"EUR");

    /// Parses a code; `None` unless it is three upper-case ASCII letters.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point (ISO 4217, the currencies that differ from two).
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| D::Error::custom("a currency is three upper-case letters, as in EUR"))
    }
}

/// Why a sum could not be formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two amounts of different currencies.
    #[error("cannot combine {0} with {1}")]
    CurrencyMismatch(Currency, Currency),
    /// The result does not fit into 64 bits.
    #[error("the amount is too large")]
    Overflow,
}

/// An amount: `amount_minor` counts the currency's minor unit (cents for EUR, yen for JPY).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Integer count of the currency's minor unit.
    #[schema(example = 4820)]
    pub amount_minor: i64,
    /// ISO 4217 code.
    #[schema(value_type = String, example = "EUR", pattern = "^[A-Z]{3}$")]
    pub currency: Currency,
}

impl Money {
    /// An amount of `currency`.
    pub const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self { amount_minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// `self + other`, when both are of one currency and the sum fits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// `self - other`, when both are of one currency and the difference fits.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// `self` times a count of pieces.
    pub fn times(self, pieces: u32) -> Result<Self, MoneyError> {
        let amount = self.amount_minor.checked_mul(i64::from(pieces)).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// The sum of `amounts` in `currency`; zero for none.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    fn combine(self, other: Self, op: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let amount = op(self.amount_minor, other.amount_minor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }
}

impl fmt::Display for Money {
    /// As in `48.20 EUR`, `-0.05 EUR`, `120 JPY`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let scale = 10_u64.pow(exponent);
        let sign = if self.amount_minor < 0 { "-" } else { "" };
        let magnitude = self.amount_minor.unsigned_abs();
        let (whole, part) = (magnitude / scale, magnitude % scale);
        if exponent == 0 {
            write!(f, "{sign}{whole} {}", self.currency)
        } else {
            write!(f, "{sign}{whole}.{part:0width$} {}", self.currency, width = exponent as usize)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(eur(4820).to_string(), "48.20 EUR");
        assert_eq!(eur(-5).to_string(), "-0.05 EUR");
        assert_eq!(Money::new(120, Currency(*b"JPY")).to_string(), "120 JPY");
        assert_eq!(Money::new(1234, Currency(*b"KWD")).to_string(), "1.234 KWD");
        assert_eq!(eur(i64::MIN).to_string(), "-92233720368547758.08 EUR");
    }

    #[test]
    fn currencies_never_mix() {
        let dollars = Money::new(1, Currency(*b"USD"));
        assert_eq!(eur(1).checked_add(dollars), Err(MoneyError::CurrencyMismatch(Currency::EUR, Currency(*b"USD"))));
    }

    #[test]
    fn json_has_two_fields_and_refuses_others() {
        assert_eq!(serde_json::to_string(&eur(5)).unwrap(), r#"{"amount_minor":5,"currency":"EUR"}"#);
        for bad in [
            r#"{"amount_minor":5.5,"currency":"EUR"}"#,
            r#"{"amount_minor":5,"currency":"eur"}"#,
            r#"{"amount_minor":5,"currency":"EUR","x":1}"#,
            r#"{"amount_minor":9223372036854775808,"currency":"EUR"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn sums_agree_with_wide_arithmetic_or_refuse(a: i64, b: i64) {
            let wide = i128::from(a) + i128::from(b);
            match eur(a).checked_add(eur(b)) {
                Ok(sum) => prop_assert_eq!(i128::from(sum.amount_minor), wide),
                Err(error) => {
                    prop_assert_eq!(error, MoneyError::Overflow);
                    prop_assert!(i64::try_from(wide).is_err());
                }
            }
        }

        #[test]
        fn subtraction_undoes_addition(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(eur(a).checked_add(eur(b)).unwrap().checked_sub(eur(b)).unwrap(), eur(a));
        }

        #[test]
        fn a_line_total_is_the_sum_of_its_pieces(price in 0_i64..10_000_000, pieces in 0_u32..200) {
            let one_by_one = Money::sum(Currency::EUR, (0..pieces).map(|_| eur(price))).unwrap();
            prop_assert_eq!(eur(price).times(pieces).unwrap(), one_by_one);
        }

        #[test]
        fn multiplication_refuses_what_does_not_fit(price: i64, pieces: u32) {
            let wide = i128::from(price) * i128::from(pieces);
            prop_assert_eq!(eur(price).times(pieces).ok().map(|m| i128::from(m.amount_minor)), i64::try_from(wide).ok().map(i128::from));
        }
    }
}
