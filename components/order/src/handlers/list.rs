//! GET /api/orders: the shopper's own orders, newest first.

use crate::{domain::views::OrderPage, store};
use serde::Deserialize;
use souk_core::page;
use souk_host::{
    ApiError,
    http::{ApiQuery, JsonText, Shopper},
};
use utoipa::IntoParams;
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// The shopper's orders.
#[utoipa::path(get, path = "/api/orders", tag = "orders", operation_id = "list_orders", params(PageQuery),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "A page of orders", body = OrderPage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn list(shopper: Shopper, ApiQuery(query): ApiQuery<PageQuery>) -> Result<JsonText, ApiError> {
    let limit = page::limit(query.limit)?;
    let before: Option<Uuid> = query.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let (items, next) = store::orders(shopper.0.sub, before, limit).await?;
    Ok(JsonText(page_json(&items, next)))
}

/// An [`OrderPage`] whose items are JSON text already.
pub(super) fn page_json(items: &str, next: Option<Uuid>) -> String {
    let cursor = next.map_or("null".to_owned(), |id| format!("\"{}\"", page::encode_cursor(&id)));
    format!("{{\"items\":{items},\"next_cursor\":{cursor}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_json_and_its_cursor_leads_on() {
        let page: OrderPage = serde_json::from_str(&page_json("[]", Some(Uuid::max()))).unwrap();
        assert_eq!(page::decode_cursor(&page.next_cursor.unwrap()), Ok(Uuid::max()));
        let last: OrderPage = serde_json::from_str(&page_json("[]", None)).unwrap();
        assert_eq!(last, OrderPage { items: vec![], next_cursor: None });
    }
}
