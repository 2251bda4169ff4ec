//! One use case a module. Handlers parse, call the store and render.

pub mod balances;
pub mod ledger;
pub mod list;
pub mod parked;
pub mod refunds;
pub mod settle;
pub mod show;
pub mod webhook;

/// A page whose items are JSON text already.
fn page_json(items: &[String], next_cursor: Option<String>) -> souk_host::http::JsonText {
    let cursor = next_cursor.map_or("null".to_owned(), |cursor| format!("\"{cursor}\""));
    souk_host::http::JsonText(format!("{{\"items\":[{}],\"next_cursor\":{cursor}}}", items.join(",")))
}

/// Splits off the row that was read to see whether there are more: the page's items, and the cursor to the next.
fn cut<K: serde::Serialize>(mut rows: Vec<(K, String)>, limit: u32) -> (Vec<String>, Option<String>) {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|(key, _)| souk_core::page::encode_cursor(key));
    (rows.into_iter().map(|(_, item)| item).collect(), next_cursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_core::page;

    #[test]
    fn a_page_ends_where_its_cursor_goes_on() {
        let rows = |count: i64| (0..count).map(|n| (n, n.to_string())).collect::<Vec<_>>();
        let (items, next) = cut(rows(3), 2);
        assert_eq!((items.len(), page::decode_cursor::<i64>(&next.clone().unwrap())), (2, Ok(1)));
        let text = page_json(&items, next).0;
        assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["next_cursor"].is_string());
        let (items, next) = cut(rows(2), 2);
        assert_eq!(page_json(&items, next).0, r#"{"items":[0,1],"next_cursor":null}"#);
    }
}
