//! POST /api/orders/{id}/refund: gives money back for the shop, in part or whole.

use super::{SUPPORT, idempotency_key, no_such_order};
use crate::{
    domain::{aftercare::RefundRequest, views::OrderView},
    store::{self, Answer},
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde_json::Value;
use souk_core::{address::FieldError, problem::Problem};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, RequestContext},
    reply::json_text,
};
use uuid::Uuid;

/// Asks payment to give money back: an amount, or all that is left of what was paid. The order's `refunds` tell how far
/// it is. Send the same request with the same Idempotency-Key again whenever the answer got lost.
#[utoipa::path(post, path = "/api/orders/{id}/refund", tag = "support", operation_id = "refund_order",
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 255 printable ASCII characters, new for each refund")),
    request_body = RefundRequest, security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 202, description = "The order; the refund is on its way", body = OrderView),
    (status = 400, description = "idempotency-key-missing or idempotency-key-invalid"),
    (status = 404, description = "order-unknown"),
    (status = 409, description = "not-paid: nothing was captured; refund-above-capture: `left` is what can be given back; \
        cancel-instead: all of an order that was not sent yet"),
    (status = 422, description = "invalid-body; invalid-fields; line-unknown; idempotency-key-reused"),
))]
pub async fn refund(
    identity: Identity,
    context: RequestContext,
    headers: HeaderMap,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(request): ApiJson<RefundRequest>,
) -> Result<Response, ApiError> {
    identity.require(&SUPPORT)?;
    let key = idempotency_key(&headers)?;
    request.validate().map_err(ApiError::fields)?;
    let Answer { outcome, body } = store::refund(id, &request, &key, identity.0.sub, &context.traceparent).await?;
    let conflict = |slug, detail: &str| Err(Problem::conflict(slug, detail).into());
    match (outcome.as_str(), body) {
        ("ok", Some(order)) => Ok(json_text(StatusCode::ACCEPTED, order)),
        ("not_found", _) => Err(no_such_order()),
        ("not_paid", _) => {
            conflict("not-paid", "Nothing was captured for this order, so there is nothing to give back.")
        }
        ("cancel_instead", _) => conflict(
            "cancel-instead",
            "This order was not sent yet. Cancel it: its stock goes back, and all that was paid is refunded.",
        ),
        ("key_reused", _) => {
            let detail = "This Idempotency-Key made another refund. Use a new key for a new refund.";
            Err(Problem::unprocessable("idempotency-key-reused", detail).into())
        }
        ("unknown_line", _) => Err(line_unknown()),
        (outcome, body) => Err(refused_amount(outcome, body.as_deref(), "amount.currency")),
    }
}

/// A line that the order, or the return, does not have.
pub(super) fn line_unknown() -> ApiError {
    let detail = "A line names a SKU that is not there, or more pieces than there are. Look at the order's lines.";
    Problem::unprocessable("line-unknown", detail).into()
}

/// An amount that cannot go back: `left` is what could.
pub(super) fn refused_amount(outcome: &str, left: Option<&str>, currency_field: &str) -> ApiError {
    match (outcome, left.map(serde_json::from_str::<Value>)) {
        ("over_capture", Some(Ok(left))) => {
            let detail = "That is more than is left of what was paid; `left` is the most that can go back.";
            Problem::conflict("refund-above-capture", detail).with("left", left).into()
        }
        ("other_currency", _) => {
            let message = "must be the currency that was paid in".to_owned();
            ApiError::fields(vec![FieldError { field: currency_field.to_owned(), message }])
        }
        (other, _) => ApiError::defect(&format!("a refund was answered {other}")),
    }
}
