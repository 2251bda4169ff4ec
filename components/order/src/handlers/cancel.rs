//! POST /api/orders/{id}/cancel: calls an order off, as long as it is not on its way.

use super::{SUPPORT, no_such_order};
use crate::{
    domain::views::OrderView,
    store::{self, Answer},
};
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiPath, JsonText, RequestContext, Shopper},
};
use uuid::Uuid;

/// Cancels an order. Stock goes back, and what was charged is refunded. Cancelling again while the refund is on its way
/// returns the order as it is.
#[utoipa::path(post, path = "/api/orders/{id}/cancel", tag = "orders", params(("id" = Uuid, Path)),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The order as it is now", body = OrderView),
    (status = 404, description = "order-unknown: no such order, or another shopper's"),
    (status = 409, description = "too-late-to-cancel: it was shipped, rejected or refunded already"),
))]
pub async fn cancel(
    shopper: Shopper,
    context: RequestContext,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<JsonText, ApiError> {
    let is_support = shopper.0.has_any(&SUPPORT);
    let Answer { outcome, body } = store::cancel(id, shopper.0.sub, is_support, &context.traceparent).await?;
    match (outcome.as_str(), body) {
        ("ok", Some(order)) => Ok(JsonText(order)),
        ("not_found", _) => Err(no_such_order()),
        ("too_late", _) => {
            let detail = "This order can no longer be cancelled. Look at its status for what happened to it.";
            Err(Problem::conflict("too-late-to-cancel", detail).into())
        }
        (other, _) => Err(ApiError::defect(&format!("cancel_order answered {other}"))),
    }
}
