//! The headers by which a mail program ends a kind of mail at one press (RFC 2369, RFC 8058).

use lettre::message::MessageBuilder;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use std::error::Error;

/// Longer than any address that is made here, and well below the 998 characters of a line (RFC 5322).
const LONGEST: usize = 800;

/// `builder` with both headers. Without them where `url` is no address that can stand in a header: a mail without this
/// button is better than none.
pub fn with(builder: MessageBuilder, url: &str) -> MessageBuilder {
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte));
    let web = url.starts_with("https://") || url.starts_with("http://");
    if plain && web && url.len() <= LONGEST {
        builder.header(Address(url.to_owned())).header(OneClick)
    } else {
        builder
    }
}

#[derive(Clone)]
struct Address(String);

impl Header for Address {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(value: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self(value.trim_matches(['<', '>']).to_owned()))
    }

    /// On one line, as it is: folding or encoding would make it another address. [`with`] saw to it that it can stand so.
    fn display(&self) -> HeaderValue {
        let value = format!("<{}>", self.0);
        HeaderValue::dangerous_new_pre_encoded(Self::name(), value.clone(), value)
    }
}

#[derive(Clone)]
struct OneClick;

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lettre::Message;

    fn headers(url: &str) -> String {
        let builder = Message::builder().from("a@b.example".parse().unwrap()).to("c@d.example".parse().unwrap());
        String::from_utf8(with(builder, url).body(String::new()).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_long_address_stays_whole_on_its_line() {
        let url = format!("https://shop.example/api/notifications/unsubscribe/{}", "a1".repeat(32));
        let headers = headers(&url);
        assert!(headers.contains(&format!("\r\nList-Unsubscribe: <{url}>\r\n")), "{headers}");
        assert!(headers.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{headers}");
    }

    #[test]
    fn nothing_but_an_address_gets_into_a_header() {
        let long = format!("https://shop.example/{}", "x".repeat(1000));
        for bad in
            ["", "mailto:a@b.example", "https://x.example/\r\nBcc: eve@x.example", "https://x/>,<mailto:e", &long]
        {
            assert!(!headers(bad).contains("List-Unsubscribe"), "{bad}");
        }
    }
}
