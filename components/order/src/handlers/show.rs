//! GET /api/orders/{id}: one order, for its shopper or for support.

use super::no_such_order;
use crate::{domain::views::OrderView, store};
use souk_core::token::Role;
use souk_host::{
    ApiError,
    http::{ApiPath, Identity, JsonText},
};
use uuid::Uuid;

/// Who sees everybody's orders.
pub const STAFF: [Role; 2] = [Role::Support, Role::Admin];

/// An order as it is now.
#[utoipa::path(get, path = "/api/orders/{id}", tag = "orders", operation_id = "get_order", params(("id" = Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "The order", body = OrderView),
    (status = 404, description = "order-unknown: no such order, or another shopper's"),
))]
pub async fn show(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<JsonText, ApiError> {
    let order = store::order(id, identity.0.sub, identity.0.has_any(&STAFF)).await?;
    order.map(JsonText).ok_or_else(no_such_order)
}
