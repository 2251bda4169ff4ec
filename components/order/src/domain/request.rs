//! What a shopper sends to get a quote or an order, checked field by field.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use souk_core::{
    address::{Address, FieldError},
    email::Email,
    money::Money,
    text,
    token::Claims,
};
use utoipa::ToSchema;
use uuid::Uuid;

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
    #[schema(min_length = 1, max_length = 64, example = "standard")]
    pub shipping_method: Option<String>,
    /// At most 10 codes, each of 1 to 40 characters, in any case.
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["WELCOME10"]))]
    pub promotion_codes: Vec<String>,
}

/// What to order: the open cart, as it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    /// Where it goes.
    pub shipping_address: Address,
    /// The gateway's token of the shopper's means of payment, 1 to 255 visible characters.
    #[schema(min_length = 1, max_length = 255, example = "tok_success")]
    pub payment_token: String,
    /// The total that the shopper saw. Nothing is ordered at any other.
    pub expected_total: Money,
    /// One of the quote's `shipping_options`; the cheapest when left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "standard")]
    pub shipping_method: Option<String>,
    /// At most 10 codes, each of 1 to 40 characters, in any case.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub promotion_codes: Vec<String>,
    /// Where a guest's mails go; guests must give it. An account's own address is used whatever this says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "email", max_length = 254, example = "guest@souk.example")]
    pub email: Option<String>,
    /// A guest's name, 1 to 100 characters; guests must give it. An account's own name is used whatever this says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "Ana Souk")]
    pub name: Option<String>,
}

/// Who orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer {
    /// The account's or the guest's id.
    pub id: Uuid,
    /// Where the mails go.
    pub email: String,
    /// How they are greeted.
    pub name: String,
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

    /// Whom the order is for: the account of the token, or what a guest says.
    pub fn buyer(&self, claims: &Claims) -> Result<Buyer, Vec<FieldError>> {
        if !claims.is_guest() {
            return Ok(Buyer { id: claims.sub, email: claims.email.clone(), name: claims.name.clone() });
        }
        let email = self.email.as_deref().unwrap_or_default();
        let name = self.name.as_deref().unwrap_or_default();
        match (Email::parse(email), text::line(name, 1, 100)) {
            (Ok(email), Ok(name)) => {
                Ok(Buyer { id: claims.sub, email: email.as_str().to_owned(), name: name.to_owned() })
            }
            (email, name) => {
                let email = email.err().map(|error| ("email", error.to_string()));
                let name = name.err().map(|error| ("name", error.to_string()));
                let error = |(field, message): (&str, String)| FieldError { field: field.to_owned(), message };
                Err([email, name].into_iter().flatten().map(error).collect())
            }
        }
    }

    /// Tells this request from every other one.
    pub fn hash(&self) -> String {
        digest(self)
    }
}

/// Tells a request from every other one: SHA-256 over its content, in hex. How the JSON was laid out does not matter.
pub fn digest(request: &impl Serialize) -> String {
    let content = serde_json::to_vec(request).unwrap_or_default();
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
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
    use souk_core::token::Role;

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
    fn a_guest_says_who_it_is_and_an_account_is_who_it_is() {
        let claims = |roles: Vec<Role>, email: &str| Claims {
            iss: "souk".into(),
            sub: Uuid::max(),
            email: email.into(),
            name: String::new(),
            roles,
            iat: 0,
            exp: 0,
        };
        let guest = claims(vec![Role::Guest], "");
        let fields = |body: &CheckoutRequest| -> Vec<String> {
            body.buyer(&guest).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
        };
        assert_eq!(fields(&with("/email", json!(null))), ["email", "name"]);
        let mut body = with("/email", json!(" Ana@Souk.Example "));
        assert_eq!(fields(&body), ["name"]);
        body.name = Some(" Ana ".to_owned());
        let buyer = Buyer { id: Uuid::max(), email: "ana@souk.example".to_owned(), name: "Ana".to_owned() };
        assert_eq!(body.buyer(&guest), Ok(buyer));
        let account = body.buyer(&claims(vec![Role::Customer], "ben@souk.example")).unwrap();
        assert_eq!(account.email, "ben@souk.example", "nobody orders in another's name");
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
