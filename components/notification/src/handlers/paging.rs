//! Pages of messages, newest first. The cursor is the id of a page's last message: ids grow with time.

use crate::store::{self, Filter};
use souk_core::page::{decode_cursor, encode_cursor, limit};
use souk_host::ApiError;
use souk_host::http::JsonText;
use uuid::Uuid;

/// The page that the caller asked for, its messages shown by the SQL function `view`.
pub async fn page(
    view: &str,
    filter: Filter<'_>,
    asked: Option<i64>,
    cursor: Option<&str>,
) -> Result<JsonText, ApiError> {
    let size = limit(asked)?;
    let before = cursor.map(decode_cursor::<Uuid>).transpose()?;
    let (items, next) = store::messages(view, &Filter { before, ..filter }, size).await?;
    Ok(JsonText(page_json(&items, next)))
}

fn page_json(items: &str, next: Option<Uuid>) -> String {
    let cursor = next.map_or("null".to_owned(), |id| format!("\"{}\"", encode_cursor(&id)));
    format!("{{\"items\":{items},\"next_cursor\":{cursor}}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_page_names_the_next_one_only_when_there_is_one() {
        let page: Value = serde_json::from_str(&page_json("[1]", Some(Uuid::max()))).unwrap();
        assert_eq!(decode_cursor::<Uuid>(page["next_cursor"].as_str().unwrap()), Ok(Uuid::max()));
        let last: Value = serde_json::from_str(&page_json("[]", None)).unwrap();
        assert_eq!(last, serde_json::json!({"items": [], "next_cursor": null}));
    }
}
