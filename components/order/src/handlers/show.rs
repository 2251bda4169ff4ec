//! GET /api/orders/{id}: one order, for its shopper or for those who run the shop.

use super::{STAFF, no_such_order};
use crate::{domain::views::OrderView, store};
use souk_host::{
    ApiError,
    http::{ApiPath, JsonText, Shopper},
};
use uuid::Uuid;

/// An order as it is now.
#[utoipa::path(get, path = "/api/orders/{id}", tag = "orders", operation_id = "get_order", params(("id" = Uuid, Path)),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The order", body = OrderView),
    (status = 404, description = "order-unknown: no such order, or another shopper's"),
))]
pub async fn show(shopper: Shopper, ApiPath(id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    let order = store::order(id, shopper.0.sub, shopper.0.has_any(&STAFF)).await?;
    order.map(JsonText).ok_or_else(no_such_order)
}
