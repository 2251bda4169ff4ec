//! POST /api/orders/checkout: makes an order of the open cart, at the total that the shopper saw or not at all.
//!
//! Two statements: one loads the cart with today's offers, one places the order if they still hold. Between them the
//! plug-ins say what shipping, tax and discounts are.

use super::{
    idempotency_key, no_such_order,
    quote::{price_changed, problem},
};
use crate::{
    domain::{
        promotion::spelled,
        quote::{self, Cart, Quote, QuoteError},
        request::{Buyer, CheckoutRequest},
        views::OrderView,
    },
    plugins::Composed,
    store::{self, Placement},
};
use axum::response::Response;
use axum::{http::HeaderMap, http::StatusCode, response::IntoResponse};
use souk_core::problem::Problem;
use souk_host::reply::Json;
use souk_host::{
    ApiError,
    http::{ApiJson, RequestContext, Shopper},
    reply::json_text,
};
use uuid::Uuid;

/// Orders the open cart. Send the same request with the same Idempotency-Key again whenever the answer got lost: it
/// returns the same order.
#[utoipa::path(post, path = "/api/orders/checkout", tag = "orders", request_body = CheckoutRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 printable ASCII characters, new for each order")),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 202, description = "The order was accepted; its status tells how it goes on", body = OrderView),
    (status = 400, description = "idempotency-key-missing or idempotency-key-invalid"),
    (status = 409, description = "price-changed: the total is another, `quote` has it; cart-empty; \
        cart-ordered: another tab was faster, `order_id` names the order; items-unavailable: `skus` names what must go"),
    (status = 422, description = "invalid-fields; idempotency-key-reused: the key made another order; not-deliverable; \
        shipping-method-unknown; promotion-unknown, promotion-not-yet, promotion-ended, promotion-used-up, promotion-used, \
        promotion-not-applicable; nothing-to-pay; or what a plug-in refused, such as promotions-do-not-combine"),
    (status = 502, description = "plugin-failed: tax, shipping or promotions; nothing was ordered"),
))]
pub async fn checkout(
    shopper: Shopper,
    context: RequestContext,
    headers: HeaderMap,
    ApiJson(mut request): ApiJson<CheckoutRequest>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&headers)?;
    request.validate().map_err(ApiError::fields)?;
    let buyer = request.buyer(&shopper.0).map_err(ApiError::fields)?;
    request.promotion_codes = spelled(&request.promotion_codes);
    let loaded = store::checkout_load(buyer.id, Some(&buyer.email), &request.promotion_codes, Some(&key)).await?;
    if let Some(replay) = loaded.replay {
        return match replay.request_hash == request.hash() {
            true => Ok(json_text(StatusCode::ACCEPTED, replay.order.get())),
            false => Err(key_reused()),
        };
    }
    let cart = match (loaded.cart, loaded.last_order_id) {
        (Some(cart), _) => cart,
        (None, Some(order_id)) => return Err(cart_ordered(order_id)),
        (None, None) => return Err(problem(QuoteError::Empty)),
    };
    let quote = quoted(&cart, &request).map_err(problem)?;
    if quote.total != request.expected_total {
        return Err(price_changed(&quote));
    }
    let on_shipping = quote::tax_on_shipping(&cart, &request.shipping_address, &quote, &Composed);
    match store::place_order(&buyer, &cart, (&quote, on_shipping), &key, &request, &context.traceparent).await? {
        Placement::Placed(made) => {
            Ok((StatusCode::ACCEPTED, Json(OrderView::placed(made, &cart, &quote, request))).into_response())
        }
        Placement::Replayed(order_id) => {
            let order = store::order(order_id, buyer.id, false).await?.ok_or_else(no_such_order)?;
            Ok(json_text(StatusCode::ACCEPTED, order))
        }
        Placement::KeyReused => Err(key_reused()),
        Placement::CartOrdered(order_id) => Err(cart_ordered(order_id)),
        Placement::Changed => Err(changed(&buyer, &request).await?),
    }
}

fn quoted(cart: &Cart, request: &CheckoutRequest) -> Result<Quote, QuoteError> {
    let method = request.shipping_method.as_deref();
    quote::quote(cart, &request.shipping_address, method, &Composed)
}

/// The cart, an offer or a code changed after it was loaded: the answer is made of what is there now.
async fn changed(buyer: &Buyer, request: &CheckoutRequest) -> Result<ApiError, ApiError> {
    let loaded = store::checkout_load(buyer.id, Some(&buyer.email), &request.promotion_codes, None).await?;
    Ok(match (loaded.cart.map(|cart| quoted(&cart, request)), loaded.last_order_id) {
        (Some(Ok(quote)), _) => price_changed(&quote),
        (Some(Err(error)), _) => problem(error),
        (None, Some(order_id)) => cart_ordered(order_id),
        (None, None) => problem(QuoteError::Empty),
    })
}

fn key_reused() -> ApiError {
    let detail = "This Idempotency-Key made another order. Use a new key for a new order.";
    Problem::unprocessable("idempotency-key-reused", detail).into()
}

fn cart_ordered(order_id: Uuid) -> ApiError {
    let detail = "This cart was ordered already. Nothing was ordered a second time; `order_id` names the order.";
    Problem::conflict("cart-ordered", detail).with("order_id", order_id).into()
}
