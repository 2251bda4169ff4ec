//! POST /api/orders/{id}/ship and /deliver: the merchant's side of a confirmed order.

use super::{MERCHANTS, no_such_order};
use crate::{
    domain::{status::Status, views::OrderView},
    store::{self, Answer},
};
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiPath, Identity, JsonText, RequestContext},
};
use uuid::Uuid;

/// Notes that a confirmed order was handed to the carrier.
#[utoipa::path(post, path = "/api/orders/{id}/ship", tag = "merchant", params(("id" = Uuid, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The order as it is now", body = OrderView),
    (status = 403, description = "role-missing: merchant or admin"),
    (status = 404, description = "order-unknown"),
    (status = 409, description = "not-possible-now: only a confirmed order can be shipped"),
))]
pub async fn ship(
    identity: Identity,
    context: RequestContext,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<JsonText, ApiError> {
    moved(&identity, &context, id, Status::Shipped).await
}

/// Notes that a shipped order has arrived.
#[utoipa::path(post, path = "/api/orders/{id}/deliver", tag = "merchant", params(("id" = Uuid, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The order as it is now", body = OrderView),
    (status = 403, description = "role-missing: merchant or admin"),
    (status = 404, description = "order-unknown"),
    (status = 409, description = "not-possible-now: only a shipped order can be delivered"),
))]
pub async fn deliver(
    identity: Identity,
    context: RequestContext,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<JsonText, ApiError> {
    moved(&identity, &context, id, Status::Delivered).await
}

async fn moved(identity: &Identity, context: &RequestContext, id: Uuid, status: Status) -> Result<JsonText, ApiError> {
    identity.require(&MERCHANTS)?;
    let Answer { outcome, body } = store::move_parcel(id, status.as_str(), &context.traceparent).await?;
    match (outcome.as_str(), body) {
        ("ok", Some(order)) => Ok(JsonText(order)),
        ("not_found", _) => Err(no_such_order()),
        ("not_possible", _) => {
            let detail =
                "The order's status does not allow this; only confirmed orders ship, only shipped ones arrive.";
            Err(Problem::conflict("not-possible-now", detail).into())
        }
        (other, _) => Err(ApiError::defect(&format!("move_parcel answered {other}"))),
    }
}
