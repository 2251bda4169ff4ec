//! POST /api/orders/checkout: makes an order of the open cart, at the total that the shopper saw or not at all.
//!
//! Two statements: one loads the cart with today's offers, one places the order if they still hold. Between them the
//! plug-ins say what shipping, tax and discounts are.

use super::{
    no_such_order,
    quote::{price_changed, problem},
};
use crate::{
    domain::{
        promotion::none_passed_over,
        quote::{self, Cart, Quote, QuoteError},
        request::{CheckoutRequest, IdempotencyKey},
        views::OrderView,
    },
    plugins::Composed,
    store::{self, Placement},
};
use axum::response::Response;
use axum::{http::HeaderMap, http::StatusCode, response::IntoResponse};
use souk_core::{problem::Problem, token::Claims};
use souk_host::reply::Json;
use souk_host::{
    ApiError,
    http::{ApiJson, Identity, RequestContext},
    reply::json_text,
};
use uuid::Uuid;

/// Orders the open cart. Send the same request with the same Idempotency-Key again whenever the answer got lost: it
/// returns the same order.
#[utoipa::path(post, path = "/api/orders/checkout", tag = "orders", request_body = CheckoutRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 printable ASCII characters, new for each order")),
    security(("bearer" = [])), responses(
    (status = 202, description = "The order was accepted; its status tells how it goes on", body = OrderView),
    (status = 400, description = "idempotency-key-missing or idempotency-key-invalid"),
    (status = 409, description = "price-changed: the total is another, `quote` has it; cart-empty; \
        cart-ordered: another tab was faster, `order_id` names the order; items-unavailable: `skus` names what must go"),
    (status = 422, description = "invalid-fields; idempotency-key-reused: the key made another order; not-deliverable; \
        shipping-method-unknown; or what a plug-in refused, such as promotion-unknown"),
))]
pub async fn checkout(
    identity: Identity,
    context: RequestContext,
    headers: HeaderMap,
    ApiJson(request): ApiJson<CheckoutRequest>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&headers)?;
    request.validate().map_err(ApiError::fields)?;
    let shopper = identity.0;
    let loaded = store::checkout_load(shopper.sub, Some(&key)).await?;
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
    match store::place_order(&shopper, &cart, &quote, &key, &request, &context.traceparent).await? {
        Placement::Placed(made) => {
            Ok((StatusCode::ACCEPTED, Json(OrderView::placed(made, &cart, &quote, request))).into_response())
        }
        Placement::Replayed(order_id) => {
            let order = store::order(order_id, shopper.sub, false).await?.ok_or_else(no_such_order)?;
            Ok(json_text(StatusCode::ACCEPTED, order))
        }
        Placement::KeyReused => Err(key_reused()),
        Placement::CartOrdered(order_id) => Err(cart_ordered(order_id)),
        Placement::Changed => Err(changed(&shopper, &request).await?),
    }
}

fn quoted(cart: &Cart, request: &CheckoutRequest) -> Result<Quote, QuoteError> {
    none_passed_over(&cart.promotions, &request.promotion_codes).map_err(QuoteError::Refused)?;
    let method = request.shipping_method.as_deref();
    quote::quote(cart, &request.shipping_address, method, &Composed)
}

/// The cart or an offer changed after it was loaded: the answer is made of what is there now.
async fn changed(shopper: &Claims, request: &CheckoutRequest) -> Result<ApiError, ApiError> {
    let loaded = store::checkout_load(shopper.sub, None).await?;
    Ok(match (loaded.cart.map(|cart| quoted(&cart, request)), loaded.last_order_id) {
        (Some(Ok(quote)), _) => price_changed(&quote),
        (Some(Err(error)), _) => problem(error),
        (None, Some(order_id)) => cart_ordered(order_id),
        (None, None) => problem(QuoteError::Empty),
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        let detail = "Send an Idempotency-Key header: any text that is new for this order, the same for its retries.";
        return Err(Problem::bad_request("idempotency-key-missing", detail).into());
    };
    IdempotencyKey::parse(value.as_bytes()).ok_or_else(|| {
        let detail = "An Idempotency-Key has 1 to 255 printable ASCII characters.";
        Problem::bad_request("idempotency-key-invalid", detail).into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_and_a_bad_key_are_told_apart() {
        let mut headers = HeaderMap::new();
        let slug = |headers: &HeaderMap| idempotency_key(headers).map_err(|error| error.0.type_);
        assert_eq!(slug(&headers), Err("urn:souk:problem:idempotency-key-missing".to_owned()));
        headers.insert("idempotency-key", "k".repeat(256).parse().unwrap());
        assert_eq!(slug(&headers), Err("urn:souk:problem:idempotency-key-invalid".to_owned()));
        headers.insert("idempotency-key", "k".repeat(255).parse().unwrap());
        assert!(slug(&headers).is_ok());
    }
}
