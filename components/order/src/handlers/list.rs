//! GET /api/orders: the shopper's own orders, newest first.

use crate::{
    domain::views::{OrderPage, OrderSummary},
    store,
};
use serde::Deserialize;
use souk_core::page;
use souk_host::reply::Json;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity},
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
    limit: Option<i64>,
}

/// The shopper's orders.
#[utoipa::path(get, path = "/api/orders", tag = "orders", params(PageQuery), responses(
    (status = 200, description = "A page of orders", body = OrderPage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn list(identity: Identity, ApiQuery(query): ApiQuery<PageQuery>) -> Result<Json<OrderPage>, ApiError> {
    let limit = page::limit(query.limit)?;
    let before: Option<Uuid> = query.cursor.as_deref().map(page::decode_cursor).transpose()?;
    // One more than asked for tells whether there is a next page.
    let orders = store::orders(identity.0.sub, before, limit + 1).await?;
    Ok(Json(page_of(orders, limit)))
}

fn page_of(mut orders: Vec<OrderSummary>, limit: u32) -> OrderPage {
    let has_more = orders.len() > limit as usize;
    orders.truncate(limit as usize);
    let last = orders.last().filter(|_| has_more);
    OrderPage { next_cursor: last.map(|order| page::encode_cursor(&order.id)), items: orders }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status::Status;
    use souk_core::money::{Currency, Money};

    fn order(n: u128) -> OrderSummary {
        OrderSummary {
            id: Uuid::from_u128(n),
            number: "S-2222-2222".to_owned(),
            status: Status::Placed,
            placed_at: "2026-01-01T00:00:00.000Z".to_owned(),
            total: Money::new(1, Currency::EUR),
            pieces: 1,
            titles: vec![],
        }
    }

    #[test]
    fn the_cursor_is_the_last_order_shown_and_missing_on_the_last_page() {
        let page = page_of(vec![order(3), order(2), order(1)], 2);
        assert_eq!(page.items.len(), 2);
        assert_eq!(page::decode_cursor(&page.next_cursor.unwrap()), Ok(Uuid::from_u128(2)));
        assert_eq!(page_of(vec![order(3), order(2)], 2).next_cursor, None);
        assert_eq!(page_of(vec![], 2).next_cursor, None);
    }
}
