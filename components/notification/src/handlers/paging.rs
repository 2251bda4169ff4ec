//! Pages of messages, newest first. The cursor is the id of a page's last message: ids grow with time.

use crate::store::{self, Filter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use souk_core::page::{decode_cursor, encode_cursor, limit};
use souk_host::ApiError;
use utoipa::ToSchema;
use uuid::Uuid;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// For the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// The page that the caller asked for.
pub async fn page<T: DeserializeOwned>(
    filter: Filter<'_>,
    asked: Option<i64>,
    cursor: Option<&str>,
    id_of: fn(&T) -> Uuid,
) -> Result<Page<T>, ApiError> {
    let size = limit(asked)?;
    let before = cursor.map(decode_cursor::<Uuid>).transpose()?;
    // One more than asked tells whether there is a next page.
    let items = store::messages(&Filter { before, ..filter }, size.saturating_add(1)).await?;
    Ok(cut(items, size as usize, id_of))
}

fn cut<T>(mut items: Vec<T>, size: usize, id_of: fn(&T) -> Uuid) -> Page<T> {
    let more = items.len() > size;
    items.truncate(size);
    let next_cursor = items.last().filter(|_| more).map(|last| encode_cursor(&id_of(last)));
    Page { items, next_cursor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_next_one_only_when_there_is_one() {
        let id_of = |n: &u8| Uuid::from_u128(u128::from(*n));
        let full = cut(vec![9, 8, 7], 2, id_of);
        assert_eq!(full.items, [9, 8]);
        assert_eq!(decode_cursor::<Uuid>(&full.next_cursor.unwrap()), Ok(Uuid::from_u128(8)));
        assert_eq!(cut(vec![9, 8], 2, id_of).next_cursor, None);
        assert_eq!(cut(Vec::new(), 2, id_of).next_cursor, None);
    }
}
