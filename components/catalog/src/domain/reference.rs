//! How a path names a product: by its id or by its slug. Anything that can be neither names nothing, and is answered
//! without asking anybody.

use uuid::Uuid;

/// The most characters of a slug.
pub const MAX_SLUG: usize = 128;

/// A product's name in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// Its UUID.
    Id(Uuid),
    /// The merchant's handle.
    Slug(String),
}

impl Reference {
    /// Reads a path segment; `None` when no product can have that name.
    pub fn parse(segment: &str) -> Option<Self> {
        match Uuid::try_parse(segment) {
            Ok(id) if segment.len() == 36 => Some(Self::Id(id)),
            _ => is_slug(segment).then(|| Self::Slug(segment.to_owned())),
        }
    }

    /// The id, when it is one.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Slug(_) => None,
        }
    }

    /// The slug, when it is one.
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Slug(slug) => Some(slug),
        }
    }
}

/// Whether `text` is a slug: words of `a-z 0-9` joined by single dashes or underscores, at most 128 characters, and not
/// the text of a UUID.
pub fn is_slug(text: &str) -> bool {
    let words = !text.is_empty() && text.split(['-', '_']).all(|word| !word.is_empty());
    let clean = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    words && clean && text.len() <= MAX_SLUG && !(text.len() == 36 && Uuid::try_parse(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_an_id_a_slug_or_nothing() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(Reference::parse(&id.to_uppercase()), Some(Reference::Id(Uuid::try_parse(id).unwrap())));
        assert_eq!(Reference::parse("copper-kettle_2"), Some(Reference::Slug("copper-kettle_2".into())));
        for nothing in [
            "",
            "-",
            "a--b",
            "a-",
            "Copper",
            "a b",
            "ü",
            "a/b",
            "a\0",
            "01890a5dac96774bbcceb302099a80571-",
            &"a".repeat(129),
        ] {
            assert_eq!(Reference::parse(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_slug_never_looks_like_an_id() {
        assert!(!is_slug("01890a5d-ac96-774b-bcce-b302099a8057"));
        assert!(is_slug("01890a5dac96774bbcceb302099a8057"));
    }
}
