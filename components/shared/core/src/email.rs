//! E-mail addresses: enough of a check to catch typing errors and header injection; only a delivered mail proves one.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::fmt;
use utoipa::ToSchema;

/// An address in lower case, at most 254 characters (RFC 5321 section 4.5.3.1), ASCII only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[schema(value_type = String, example = "shopper@souk.example", format = "email")]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address, as in name@example.com")]
pub struct InvalidEmail;

impl Email {
    /// Trims, folds to lower case and checks.
    pub fn parse(raw: &str) -> Result<Self, InvalidEmail> {
        let address = raw.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_ok = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_ok = domain.contains('.') && domain.split('.').all(label_ok);
        if address.len() <= 254 && local_ok && domain_ok { Ok(Self(address)) } else { Err(InvalidEmail) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_spelling() {
        assert_eq!(Email::parse(" Ana@Souk.Example ").unwrap().as_str(), "ana@souk.example");
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for bad in
            ["", "a", "@b.c", "a@", "a@b", "a b@c.de", "a@b..c", "a\r\nBcc: x@y.z@c.de", "a@-b.c", ".a@b.c", "a,b@c.de"]
        {
            assert_eq!(Email::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
    }
}
