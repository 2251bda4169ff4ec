//! What a shopper sends to get a quote or an order, checked field by field.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use souk_core::{
    address::{Address, FieldError},
    money::Money,
    text,
};
use utoipa::ToSchema;

/// The most promotion codes in one request.
const MAX_CODES: usize = 10;

/// What to quote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// Where it goes.
    pub shipping_address: Address,
    /// One of the quote's `shipping_options`; the cheapest when left out.
    #[serde(default)]
    #[schema(example = "standard")]
    pub shipping_method: Option<String>,
    /// At most 10 codes.
    #[serde(default)]
    #[schema(example = json!(["WELCOME10"]))]
    pub promotion_codes: Vec<String>,
}

/// What to order: the open cart, as it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    /// Where it goes.
    pub shipping_address: Address,
    /// The gateway's token of the shopper's means of payment, 1 to 255 visible characters.
    #[schema(example = "tok_success")]
    pub payment_token: String,
    /// The total that the shopper saw. Nothing is ordered at any other.
    pub expected_total: Money,
    /// One of the quote's `shipping_options`; the cheapest when left out.
    #[serde(default)]
    #[schema(example = "standard")]
    pub shipping_method: Option<String>,
    /// At most 10 codes.
    #[serde(default)]
    pub promotion_codes: Vec<String>,
}

impl QuoteRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        check(&self.shipping_address, self.shipping_method.as_deref(), &self.promotion_codes, None)
    }
}

impl CheckoutRequest {
    /// Checks every field.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        let (method, token) = (self.shipping_method.as_deref(), self.payment_token.as_str());
        check(&self.shipping_address, method, &self.promotion_codes, Some(token))
    }

    /// Tells this request from every other one: SHA-256 over its content, in hex. How the JSON was laid out does not
    /// matter.
    pub fn hash(&self) -> String {
        let content = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn check(
    address: &Address,
    method: Option<&str>,
    codes: &[String],
    token: Option<&str>,
) -> Result<(), Vec<FieldError>> {
    let mut errors = address.validate("shipping_address.").err().unwrap_or_default();
    let mut refuse = |field: String, message: String| errors.push(FieldError { field, message });
    if let Some(Err(error)) = method.map(|method| text::line(method, 1, 64)) {
        refuse("shipping_method".to_owned(), error.to_string());
    }
    if codes.len() > MAX_CODES {
        refuse("promotion_codes".to_owned(), format!("must be at most {MAX_CODES}"));
    }
    for (n, code) in codes.iter().enumerate().take(MAX_CODES) {
        if let Err(error) = text::line(code, 1, 40) {
            refuse(format!("promotion_codes[{n}]"), error.to_string());
        }
    }
    if token.is_some_and(|token| token.is_empty() || token.len() > 255 || !is_visible(token)) {
        refuse("payment_token".to_owned(), "must have 1 to 255 visible ASCII characters".to_owned());
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An Idempotency-Key: 1 to 255 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Parses the header's value.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let key = std::str::from_utf8(raw).ok()?.trim();
        let fits = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        fits.then(|| Self(key.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn body() -> Value {
        json!({
            "shipping_address": {"name": "Ana", "line1": "Rua 7", "city": "Lisboa", "postal_code": "1200", "country": "PT"},
            "payment_token": "tok_success",
            "expected_total": {"amount_minor": 1490, "currency": "EUR"}
        })
    }

    fn with(pointer: &str, value: Value) -> CheckoutRequest {
        let mut body = body();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn every_bad_field_is_named() {
        for (pointer, value, field) in [
            ("/payment_token", json!(""), "payment_token"),
            ("/payment_token", json!("a b"), "payment_token"),
            ("/payment_token", json!("t".repeat(256)), "payment_token"),
            ("/shipping_method", json!("\u{0}"), "shipping_method"),
            ("/promotion_codes", json!([" "]), "promotion_codes[0]"),
            ("/promotion_codes", json!(vec!["A"; 11]), "promotion_codes"),
            ("/shipping_address/country", json!("Portugal"), "shipping_address.country"),
        ] {
            let errors = with(pointer, value).validate().unwrap_err();
            assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
        }
        assert_eq!(with("/shipping_method", json!("express")).validate(), Ok(()));
    }

    #[test]
    fn a_request_equals_itself_and_no_other() {
        let hash = |pointer: &str, value: Value| with(pointer, value).hash();
        let same = hash("/payment_token", json!("tok_success"));
        assert_eq!(same.len(), 64);
        assert_eq!(same, hash("/promotion_codes", json!([])), "a default that is spelled out is the same request");
        for (pointer, value) in [
            ("/payment_token", json!("tok_declined")),
            ("/expected_total/amount_minor", json!(1491)),
            ("/expected_total/currency", json!("JPY")),
            ("/shipping_address/line2", json!("2nd floor")),
            ("/shipping_method", json!("standard")),
            ("/promotion_codes", json!(["WELCOME10"])),
        ] {
            assert_ne!(same, hash(pointer, value), "{pointer}");
        }
    }

    #[test]
    fn unknown_fields_and_wrong_types_do_not_parse() {
        for (name, value) in [("items", json!([])), ("expected_total", json!("14.90")), ("promotion_codes", json!("A"))]
        {
            let mut body = body();
            body[name] = value;
            assert!(serde_json::from_value::<CheckoutRequest>(body).is_err(), "{name}");
        }
    }

    #[test]
    fn a_key_is_short_printable_text() {
        assert_eq!(IdempotencyKey::parse(b" once more ").map(|key| key.0), Some("once more".to_owned()));
        let endless = "k".repeat(256);
        for bad in [&b""[..], b"  ", b"a\0b", b"\xff", "schl\u{fc}ssel".as_bytes(), endless.as_bytes()] {
            assert_eq!(IdempotencyKey::parse(bad), None, "{bad:?}");
        }
    }
}
