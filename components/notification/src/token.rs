//! The words in links that end a kind of mail: 122 random bits twice over, of which the database keeps a hash.

use uuid::Uuid;

/// Characters of a token.
pub const LENGTH: usize = 64;

/// A new token, in lower-case hex.
pub fn new() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// Whether `raw` could be a token at all.
pub fn is_token(raw: &str) -> bool {
    raw.len() == LENGTH && raw.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_told_from_noise() {
        let (one, other) = (new(), new());
        assert!(is_token(&one) && is_token(&other) && one != other);
        for bad in ["", &one[1..], &one.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A"), &format!("{one}0")] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
