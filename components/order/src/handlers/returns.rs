//! POST /api/orders/{id}/return, and /returns/{return_id}/accept and /reject: pieces that come back.

use super::{
    MERCHANTS, SUPPORT, no_such_order,
    refund::{line_unknown, refused_amount},
};
use crate::{
    domain::{
        aftercare::{AcceptRequest, RejectRequest, ReturnRequest},
        views::OrderView,
    },
    store::{self, Answer},
};
use axum::{http::StatusCode, response::Response};
use souk_core::problem::Problem;
use souk_host::{
    ApiError, config,
    http::{ApiJson, ApiPath, Identity, JsonText, RequestContext, Shopper},
    reply::json_text,
};
use uuid::Uuid;

/// Asks to send pieces of a delivered order back. The shop answers; the order's `returns` tell what.
#[utoipa::path(post, path = "/api/orders/{id}/return", tag = "orders", operation_id = "request_return",
    params(("id" = Uuid, Path)), request_body = ReturnRequest,
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 201, description = "The order with the return", body = OrderView),
    (status = 404, description = "order-unknown: no such order, or another shopper's"),
    (status = 409, description = "not-delivered: only what has arrived can go back; too-late-to-return: the time for it \
        is over; returned-already: more pieces than were not sent back yet"),
    (status = 422, description = "invalid-body; invalid-fields; line-unknown"),
))]
pub async fn request(
    shopper: Shopper,
    context: RequestContext,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(request): ApiJson<ReturnRequest>,
) -> Result<Response, ApiError> {
    request.validate().map_err(ApiError::fields)?;
    let is_support = shopper.0.has_any(&SUPPORT);
    let window_days = config::number("return_window_days").await?;
    let Answer { outcome, body } =
        store::request_return(id, shopper.0.sub, is_support, &request, window_days, &context.traceparent).await?;
    let conflict = |slug, detail: &str| Err(Problem::conflict(slug, detail).into());
    match (outcome.as_str(), body) {
        ("ok", Some(order)) => Ok(json_text(StatusCode::CREATED, order)),
        ("not_found", _) => Err(no_such_order()),
        ("not_delivered", _) => conflict(
            "not-delivered",
            "Only an order that has arrived can be sent back. Before it is on its way, cancel it instead.",
        ),
        ("too_late", _) => {
            let detail = format!("Orders can be sent back for {window_days} days. Write to us about this one.");
            conflict("too-late-to-return", &detail)
        }
        ("unknown_line", _) => Err(line_unknown()),
        ("too_many", _) => conflict(
            "returned-already",
            "That is more than was ordered and not sent back yet. Look at the order's returns.",
        ),
        (other, _) => Err(ApiError::defect(&format!("request_return answered {other}"))),
    }
}

/// Takes the pieces of a return back and refunds them. What can be sold again goes back into stock.
#[utoipa::path(post, path = "/api/orders/{id}/returns/{return_id}/accept", tag = "merchant",
    operation_id = "accept_return", params(("id" = Uuid, Path), ("return_id" = Uuid, Path)),
    request_body = AcceptRequest, security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The order as it is now", body = OrderView),
    (status = 404, description = "return-unknown"),
    (status = 409, description = "return-settled: it was declined; refund-above-capture: `left` is the most that can go back"),
    (status = 422, description = "invalid-body; invalid-fields; line-unknown: `restock` names what is not in the return"),
))]
pub async fn accept(
    identity: Identity,
    context: RequestContext,
    ApiPath(ids): ApiPath<(Uuid, Uuid)>,
    ApiJson(request): ApiJson<AcceptRequest>,
) -> Result<JsonText, ApiError> {
    identity.require(&MERCHANTS)?;
    request.validate().map_err(ApiError::fields)?;
    let answer = store::accept_return(ids, &request, identity.0.sub, &context.traceparent).await?;
    settled(answer)
}

/// Declines a return. Its pieces can be asked for again.
#[utoipa::path(post, path = "/api/orders/{id}/returns/{return_id}/reject", tag = "merchant",
    operation_id = "reject_return", params(("id" = Uuid, Path), ("return_id" = Uuid, Path)),
    request_body = RejectRequest, security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The order as it is now", body = OrderView),
    (status = 404, description = "return-unknown"),
    (status = 409, description = "return-settled: it was accepted"),
    (status = 422, description = "invalid-body or invalid-fields"),
))]
pub async fn reject(
    identity: Identity,
    ApiPath(ids): ApiPath<(Uuid, Uuid)>,
    ApiJson(request): ApiJson<RejectRequest>,
) -> Result<JsonText, ApiError> {
    identity.require(&MERCHANTS)?;
    request.validate().map_err(ApiError::fields)?;
    settled(store::reject_return(ids, &request.reason, identity.0.sub).await?)
}

fn settled(Answer { outcome, body }: Answer) -> Result<JsonText, ApiError> {
    match (outcome.as_str(), body) {
        ("ok", Some(order)) => Ok(JsonText(order)),
        ("not_found", _) => Err(Problem::not_found("return-unknown", "This order has no such return.").into()),
        ("settled", _) => {
            let detail = "This return was answered already. Look at the order's returns for how.";
            Err(Problem::conflict("return-settled", detail).into())
        }
        ("unknown_line", _) => Err(line_unknown()),
        (outcome, body) => Err(refused_amount(outcome, body.as_deref(), "refund.currency")),
    }
}
