//! Where the next page of a list begins: the sort key and the id of the last row shown. It is put into the cursor, and the
//! page after it holds exactly the rows that sort behind it, whatever was inserted in the meantime.

use serde::{Deserialize, Serialize};
use souk_core::page::{self, PageError};
use uuid::Uuid;

/// The orders that a list can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// Best match first; needs a search.
    #[serde(rename = "r")]
    Relevance,
    /// Last created first.
    #[serde(rename = "n")]
    Newest,
    /// Cheapest first.
    #[serde(rename = "p")]
    PriceAsc,
    /// Dearest first.
    #[serde(rename = "d")]
    PriceDesc,
    /// By title, A to Z.
    #[serde(rename = "t")]
    Title,
}

impl Sort {
    /// Reads the `sort` parameter.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "relevance" => Self::Relevance,
            "newest" => Self::Newest,
            "price_asc" => Self::PriceAsc,
            "price_desc" => Self::PriceDesc,
            "title" => Self::Title,
            _ => return None,
        })
    }
}

/// How a search found what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Match {
    /// The words themselves, in any inflection. Also said of a list without a search.
    #[serde(rename = "w")]
    Words,
    /// Titles that are spelled like the words, because nothing has the words themselves.
    #[serde(rename = "s")]
    Similar,
}

/// The last row's sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortKey {
    /// Price or relevance.
    Number(i64),
    /// Lower-case title.
    Text(String),
    /// Sorted by id alone.
    None,
}

impl SortKey {
    /// Reads the key of a list in the order `sort` from its text; `None` when it cannot be one.
    pub fn parse(sort: Sort, text: Option<&str>) -> Option<Self> {
        match (sort, text) {
            (Sort::Newest, None) => Some(Self::None),
            (Sort::Relevance | Sort::PriceAsc | Sort::PriceDesc, Some(number)) => number.parse().ok().map(Self::Number),
            (Sort::Title, Some(title)) if !title.contains(char::is_control) => Some(Self::Text(title.to_owned())),
            _ => None,
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The order that the key belongs to.
    pub sort: Sort,
    /// How the pages before it were found: all pages of one list are found the same way.
    pub found_by: Match,
    /// Sort key of the last row.
    pub key: SortKey,
    /// Id of the last row, which decides between equal keys.
    pub id: Uuid,
}

/// A position as it stands in a cursor.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "s")]
    sort: Sort,
    #[serde(rename = "m")]
    found_by: Match,
    #[serde(rename = "k")]
    key: Option<String>,
    #[serde(rename = "i")]
    id: Uuid,
}

impl Position {
    /// The cursor that stands for this position.
    pub fn encode(&self) -> String {
        let key = match &self.key {
            SortKey::Number(number) => Some(number.to_string()),
            SortKey::Text(text) => Some(text.clone()),
            SortKey::None => None,
        };
        page::encode_cursor(&Wire { sort: self.sort, found_by: self.found_by, key, id: self.id })
    }

    /// Reads a cursor. One of another order, or whose key does not fit its order, is refused like any other forgery.
    pub fn decode(cursor: &str, sort: Sort) -> Result<Self, PageError> {
        let wire: Wire = page::decode_cursor(cursor)?;
        let key = SortKey::parse(sort, wire.key.as_deref()).filter(|_| wire.sort == sort).ok_or(PageError::Cursor)?;
        Ok(Self { sort, found_by: wire.found_by, key, id: wire.id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(sort: Sort, key: SortKey) -> Position {
        Position { sort, found_by: Match::Words, key, id: Uuid::from_u128(7) }
    }

    #[test]
    fn a_cursor_only_continues_the_list_that_gave_it_out() {
        let cursor = at(Sort::PriceAsc, SortKey::Number(100)).encode();
        assert_eq!(Position::decode(&cursor, Sort::PriceAsc), Ok(at(Sort::PriceAsc, SortKey::Number(100))));
        assert_eq!(Position::decode(&cursor, Sort::PriceDesc), Err(PageError::Cursor));
    }

    #[test]
    fn a_key_of_the_wrong_kind_is_refused() {
        for (sort, key) in [
            (Sort::PriceAsc, SortKey::Text("x".into())),
            (Sort::Newest, SortKey::Number(1)),
            (Sort::Title, SortKey::None),
            (Sort::Title, SortKey::Text("a\0".into())),
        ] {
            assert_eq!(Position::decode(&at(sort, key).encode(), sort), Err(PageError::Cursor));
        }
    }

    #[test]
    fn the_longest_title_has_a_cursor_that_is_taken_back() {
        for letter in ["𝔸", "\"", "\\"] {
            let position = at(Sort::Title, SortKey::Text(letter.repeat(200)));
            assert_eq!(Position::decode(&position.encode(), Sort::Title), Ok(position), "{letter}");
        }
    }

    proptest! {
        #[test]
        fn every_position_survives_its_cursor(price: i64, title in "[^\\p{Cc}]{0,200}", id: u128) {
            for (sort, key) in [
                (Sort::PriceDesc, SortKey::Number(price)), (Sort::Title, SortKey::Text(title.clone())), (Sort::Newest, SortKey::None),
            ] {
                let position = Position { sort, found_by: Match::Similar, key, id: Uuid::from_u128(id) };
                prop_assert_eq!(Position::decode(&position.encode(), sort), Ok(position));
            }
        }

        #[test]
        fn no_text_makes_the_decoder_panic(text in "\\PC{0,100}") {
            let _ = Position::decode(&text, Sort::Newest);
        }
    }
}
