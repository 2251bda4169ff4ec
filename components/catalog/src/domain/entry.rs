//! What a value in the cache looks like, so that an answer can be sent from it without reading the JSON:
//! `<stamp>+<etag>\n<body>` is an answer, `<stamp>-` says that there is no such product, and `<stamp>!` that everything
//! older than the stamp has been invalidated. The stamp is a product's revision, or the generation of all lists.

/// One value in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Revision or generation that the content belongs to.
    pub stamp: u64,
    /// What is known at that stamp.
    pub content: Content<'a>,
}

/// The three things that a value can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// A complete answer.
    Answer {
        /// The ETag, quotes included.
        etag: &'a str,
        /// Where the body begins in the value; it goes on to the end.
        body_at: usize,
    },
    /// No product that the public may see.
    Absent,
    /// Older answers are not to be used any more.
    Invalidated,
}

impl<'a> Entry<'a> {
    /// Reads a value; `None` for anything that this version of the code did not write.
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        let digits = value.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
        let stamp = std::str::from_utf8(value.get(..digits)?).ok()?.parse().ok()?;
        let content = match value.get(digits)? {
            b'-' => Content::Absent,
            b'!' => Content::Invalidated,
            b'+' => {
                let head = value.get(digits + 1..)?;
                let length = head.iter().take(80).position(|b| *b == b'\n')?;
                let etag = std::str::from_utf8(head.get(..length)?).ok()?;
                Content::Answer { etag, body_at: digits + length + 2 }
            }
            _ => return None,
        };
        Some(Self { stamp, content })
    }
}

/// The value for an answer.
pub fn answer(stamp: u64, etag: &str, body: &[u8]) -> Vec<u8> {
    let mut value = format!("{stamp}+{etag}\n").into_bytes();
    value.extend_from_slice(body);
    value
}

/// The value that says: no such product.
pub fn absent(stamp: u64) -> Vec<u8> {
    format!("{stamp}-").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_foreign_value_is_not_mistaken_for_an_answer() {
        for foreign in ["", "12", "+\"x\"\nbody", "12+no end of head", "x12+\"e\"\n", "99999999999999999999999-", "12?"]
        {
            assert_eq!(Entry::parse(foreign.as_bytes()), None, "{foreign}");
        }
        assert_eq!(Entry::parse(b"7!"), Some(Entry { stamp: 7, content: Content::Invalidated }));
        assert_eq!(Entry::parse(&absent(0)), Some(Entry { stamp: 0, content: Content::Absent }));
    }

    proptest! {
        #[test]
        fn an_answer_comes_back_byte_for_byte(stamp: u64, etag in "\"[a-z0-9-]{1,40}\"", body in "(?s).{0,100}") {
            let value = answer(stamp, &etag, body.as_bytes());
            let entry = Entry::parse(&value).unwrap();
            prop_assert_eq!(entry.stamp, stamp);
            let Content::Answer { etag: read, body_at } = entry.content else { panic!("not an answer") };
            prop_assert_eq!(read, etag.as_str());
            prop_assert_eq!(&value[body_at..], body.as_bytes());
        }

        #[test]
        fn no_bytes_panic(value: Vec<u8>) {
            let _ = Entry::parse(&value);
        }
    }
}
