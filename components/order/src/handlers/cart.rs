//! GET and DELETE /api/orders/cart, PUT, POST and DELETE /api/orders/cart/items/{sku}: the shopper's open cart.
//!
//! Several tabs may change a cart at once: POST adds to whatever is there, and `If-Match` makes a change hold only for
//! the cart that its tab has seen.

use crate::{
    domain::views::CartView,
    store::{self, CartAnswer},
};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use souk_core::{address::FieldError, problem::Problem, quantity::Quantity, sku::Sku, token::Claims};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, JsonText, RequestContext, Shopper},
};
use utoipa::ToSchema;

/// How many pieces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemChange {
    /// Replaces the quantity that was there.
    quantity: Quantity,
}

/// How many pieces more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemAddition {
    /// Added to the quantity that is there, -1000 to 1000. What falls to zero or below goes out.
    #[schema(minimum = -1000, maximum = 1000, example = 1)]
    add: i32,
}

/// The open cart at today's prices. Its ETag is what `If-Match` takes.
#[utoipa::path(get, path = "/api/orders/cart", tag = "cart", operation_id = "get_cart",
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The cart; without items when nothing is in it", body = CartView),
))]
pub async fn show(shopper: Shopper) -> Result<Response, ApiError> {
    answered(store::cart(shopper.0.sub).await?)
}

/// Takes everything out of the cart.
#[utoipa::path(delete, path = "/api/orders/cart", tag = "cart", operation_id = "clear_cart",
    params(("If-Match" = Option<String>, Header, description = "ETag of the cart that was seen")),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The empty cart", body = CartView),
    (status = 412, description = "cart-changed: it is not the cart of `If-Match`"),
))]
pub async fn clear(shopper: Shopper, headers: HeaderMap) -> Result<Response, ApiError> {
    answered(store::cart_remove(shopper.0.sub, None, seen(&headers)).await?)
}

/// Sets how many pieces of a SKU are in the cart. Stock is not looked at here: it is reserved at checkout.
#[utoipa::path(put, path = "/api/orders/cart/items/{sku}", tag = "cart", operation_id = "put_cart_item",
    params(("sku" = String, Path), ("If-Match" = Option<String>, Header, description = "ETag of the cart that was seen")),
    request_body = ItemChange, security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The cart as it is now", body = CartView),
    (status = 404, description = "sku-unknown: not for sale"),
    (status = 409, description = "cart-full: 100 lines are the most; currency-mismatch: the cart has another currency"),
    (status = 412, description = "cart-changed: it is not the cart of `If-Match`"),
    (status = 422, description = "invalid-body: quantity is a whole number from 1 to 1000"),
))]
pub async fn put(
    shopper: Shopper,
    context: RequestContext,
    headers: HeaderMap,
    ApiPath(sku): ApiPath<String>,
    ApiJson(change): ApiJson<ItemChange>,
) -> Result<Response, ApiError> {
    let quantity = i32::try_from(change.quantity.get()).map_err(|error| ApiError::defect(&error.to_string()))?;
    changed(&shopper.0, &sku, (quantity, false), &headers, &context).await
}

/// Adds pieces of a SKU to those in the cart, or takes some out. However many tabs do so at once, each counts.
#[utoipa::path(post, path = "/api/orders/cart/items/{sku}", tag = "cart", operation_id = "add_cart_item",
    params(("sku" = String, Path), ("If-Match" = Option<String>, Header, description = "ETag of the cart that was seen")),
    request_body = ItemAddition, security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The cart as it is now", body = CartView),
    (status = 404, description = "sku-unknown: not for sale"),
    (status = 409, description = "cart-full: 100 lines are the most; quantity-limit: 1000 pieces are the most; \
        currency-mismatch: the cart has another currency"),
    (status = 412, description = "cart-changed: it is not the cart of `If-Match`"),
    (status = 422, description = "invalid-body; invalid-fields: `add` is a whole number from -1000 to 1000"),
))]
pub async fn add(
    shopper: Shopper,
    context: RequestContext,
    headers: HeaderMap,
    ApiPath(sku): ApiPath<String>,
    ApiJson(ItemAddition { add }): ApiJson<ItemAddition>,
) -> Result<Response, ApiError> {
    if !(-1000..=1000).contains(&add) {
        let message = "must be from -1000 to 1000".to_owned();
        return Err(ApiError::fields(vec![FieldError { field: "add".to_owned(), message }]));
    }
    changed(&shopper.0, &sku, (add, true), &headers, &context).await
}

/// Takes a SKU out of the cart. Taking out what is not there is no error.
#[utoipa::path(delete, path = "/api/orders/cart/items/{sku}", tag = "cart", operation_id = "remove_cart_item",
    params(("sku" = String, Path), ("If-Match" = Option<String>, Header, description = "ETag of the cart that was seen")),
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The cart as it is now", body = CartView),
    (status = 404, description = "sku-unknown: not a SKU"),
    (status = 412, description = "cart-changed: it is not the cart of `If-Match`"),
))]
pub async fn remove(shopper: Shopper, headers: HeaderMap, ApiPath(sku): ApiPath<String>) -> Result<Response, ApiError> {
    let sku = Sku::parse(&sku).map_err(|_| sku_unknown())?;
    answered(store::cart_remove(shopper.0.sub, Some(&sku), seen(&headers)).await?)
}

async fn changed(
    shopper: &Claims,
    sku: &str,
    (quantity, is_delta): (i32, bool),
    headers: &HeaderMap,
    context: &RequestContext,
) -> Result<Response, ApiError> {
    let sku = Sku::parse(sku).map_err(|_| sku_unknown())?;
    answered(store::cart_put(shopper, &sku, quantity, is_delta, seen(headers), &context.traceparent).await?)
}

/// The cart with its ETag, or why it was not changed.
pub(super) fn answered(CartAnswer { outcome, body, version }: CartAnswer) -> Result<Response, ApiError> {
    let conflict = |slug, detail| Err(Problem::conflict(slug, detail).into());
    match (outcome.as_str(), body) {
        ("ok", Some(cart)) => {
            let mut response = JsonText(cart).into_response();
            if let Ok(etag) = HeaderValue::try_from(format!("\"{}\"", version.unwrap_or_default())) {
                response.headers_mut().insert(header::ETAG, etag);
            }
            Ok(response)
        }
        ("changed", _) => {
            let detail = "The cart was changed in the meantime, perhaps in another tab. Read it again and decide.";
            Err(Problem::precondition_failed("cart-changed", detail).into())
        }
        ("unknown_sku", _) => Err(sku_unknown()),
        ("cart_full", _) => {
            conflict("cart-full", "A cart has at most 100 different items. Order these first, or take something out.")
        }
        ("quantity_limit", _) => conflict("quantity-limit", "A cart has at most 1000 pieces of one item."),
        ("currency_mismatch", _) => conflict(
            "currency-mismatch",
            "This is sold in another currency than what is in the cart. Order it separately.",
        ),
        ("account_deleted", _) => {
            Err(Problem::unauthorized("account-gone", "The account of this token does not exist any more.").into())
        }
        (other, _) => Err(ApiError::defect(&format!("a cart's function answered {other}"))),
    }
}

/// The version that a change is made for; none when it is for any. A tag that no cart ever had is the version -1, which
/// none has.
fn seen(headers: &HeaderMap) -> Option<i64> {
    let tag = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    // Proxies weaken what they compress; the version is exact all the same.
    let version = || tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    (tag != "*").then(|| version().unwrap_or(-1))
}

fn sku_unknown() -> ApiError {
    Problem::not_found("sku-unknown", "There is nothing for sale under this SKU.").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_for_the_version_it_names_or_for_any() {
        let mut headers = HeaderMap::new();
        assert_eq!(seen(&headers), None);
        for (value, version) in [
            ("*", None),
            ("\"7\"", Some(7)),
            ("W/\"7\"", Some(7)),
            ("\"x\"", Some(-1)),
            ("7", Some(-1)),
            ("", Some(-1)),
        ] {
            headers.insert(header::IF_MATCH, HeaderValue::from_static(value));
            assert_eq!(seen(&headers), version, "{value}");
        }
    }
}
