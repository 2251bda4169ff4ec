//! Where mails send the shopper.

use std::fmt::Write as _;
use uuid::Uuid;

/// The shop's addresses.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    url: &'a str,
}

impl<'a> Shop<'a> {
    /// The shop at `url`, with or without a slash at its end.
    pub fn new(url: &'a str) -> Self {
        Self { url: url.trim_end_matches('/') }
    }

    /// The first page.
    pub fn home(&self) -> String {
        format!("{}/", self.url)
    }

    /// The page of an order.
    pub fn order(&self, order_id: Uuid) -> String {
        format!("{}/orders/{order_id}", self.url)
    }

    /// The page of a product.
    pub fn product(&self, slug: &str) -> String {
        format!("{}/products/{}", self.url, escaped(slug))
    }

    /// The page that confirms an address.
    pub fn verify_email(&self, token: &str) -> String {
        format!("{}/verify-email?token={}", self.url, escaped(token))
    }

    /// The page that takes a new password.
    pub fn reset_password(&self, token: &str) -> String {
        format!("{}/reset-password?token={}", self.url, escaped(token))
    }

    /// The page where a new password is asked for.
    pub fn forgot_password(&self) -> String {
        format!("{}/forgot-password", self.url)
    }

    /// The page that ends a kind of mail.
    pub fn unsubscribe(&self, token: &str) -> String {
        format!("{}/unsubscribe?token={}", self.url, escaped(token))
    }

    /// What a mail program posts to for the same (RFC 8058).
    pub fn one_click_unsubscribe(&self, token: &str) -> String {
        format!("{}/api/notifications/unsubscribe/{}", self.url, escaped(token))
    }
}

/// `part` with everything percent-encoded that means something in an address or in a mail's header.
fn escaped(part: &str) -> String {
    part.bytes().fold(String::with_capacity(part.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_token_or_a_slug_leads_elsewhere() {
        let shop = Shop::new("https://shop.example/");
        assert_eq!(shop.home(), "https://shop.example/");
        assert_eq!(shop.product("../x?y#z"), "https://shop.example/products/..%2Fx%3Fy%23z");
        assert_eq!(shop.reset_password("a b&c"), "https://shop.example/reset-password?token=a%20b%26c");
        assert_eq!(shop.unsubscribe("AZ-_09"), "https://shop.example/unsubscribe?token=AZ-_09");
    }
}
