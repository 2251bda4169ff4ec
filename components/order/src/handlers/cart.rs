//! GET and DELETE /api/orders/cart, PUT and DELETE /api/orders/cart/items/{sku}: the shopper's open cart.

use crate::{
    domain::views::CartView,
    store::{self, Answer},
};
use serde::Deserialize;
use souk_core::{problem::Problem, quantity::Quantity, sku::Sku};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, JsonText},
};
use utoipa::ToSchema;

/// How many pieces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemChange {
    /// Replaces the quantity that was there.
    quantity: Quantity,
}

/// The open cart at today's prices.
#[utoipa::path(get, path = "/api/orders/cart", tag = "cart", operation_id = "get_cart", security(("bearer" = [])), responses(
    (status = 200, description = "The cart; without items when nothing is in it", body = CartView),
    (status = 401, description = "token-missing, token-invalid or token-expired"),
))]
pub async fn show(identity: Identity) -> Result<JsonText, ApiError> {
    Ok(JsonText(store::cart(identity.0.sub).await?))
}

/// Takes everything out of the cart.
#[utoipa::path(delete, path = "/api/orders/cart", tag = "cart", operation_id = "clear_cart", security(("bearer" = [])), responses(
    (status = 200, description = "The empty cart", body = CartView),
))]
pub async fn clear(identity: Identity) -> Result<JsonText, ApiError> {
    Ok(JsonText(store::cart_remove(identity.0.sub, None).await?))
}

/// Sets how many pieces of a SKU are in the cart. Stock is not looked at here: it is reserved at checkout.
#[utoipa::path(put, path = "/api/orders/cart/items/{sku}", tag = "cart", operation_id = "put_cart_item", params(("sku" = String, Path)),
    request_body = ItemChange, security(("bearer" = [])), responses(
    (status = 200, description = "The cart as it is now", body = CartView),
    (status = 404, description = "sku-unknown: not for sale"),
    (status = 409, description = "cart-full: 100 lines are the most; currency-mismatch: the cart has another currency"),
    (status = 422, description = "invalid-body: quantity is a whole number from 1 to 1000"),
))]
pub async fn put(
    identity: Identity,
    ApiPath(sku): ApiPath<String>,
    ApiJson(change): ApiJson<ItemChange>,
) -> Result<JsonText, ApiError> {
    let sku = Sku::parse(&sku).map_err(|_| sku_unknown())?;
    let Answer { outcome, body } = store::cart_put(identity.0.sub, &sku, change.quantity.get()).await?;
    match (outcome.as_str(), body) {
        ("ok", Some(cart)) => Ok(JsonText(cart)),
        ("unknown_sku", _) => Err(sku_unknown()),
        ("cart_full", _) => {
            let detail = "A cart has at most 100 different items. Order these first, or take something out.";
            Err(Problem::conflict("cart-full", detail).into())
        }
        ("currency_mismatch", _) => {
            let detail = "This is sold in another currency than what is in the cart. Order it separately.";
            Err(Problem::conflict("currency-mismatch", detail).into())
        }
        ("account_deleted", _) => {
            Err(Problem::unauthorized("account-gone", "The account of this token does not exist any more.").into())
        }
        (other, _) => Err(ApiError::defect(&format!("cart_put answered {other}"))),
    }
}

/// Takes a SKU out of the cart. Taking out what is not there is no error.
#[utoipa::path(delete, path = "/api/orders/cart/items/{sku}", tag = "cart", operation_id = "remove_cart_item", params(("sku" = String, Path)), security(("bearer" = [])), responses(
    (status = 200, description = "The cart as it is now", body = CartView),
    (status = 404, description = "sku-unknown: not a SKU"),
))]
pub async fn remove(identity: Identity, ApiPath(sku): ApiPath<String>) -> Result<JsonText, ApiError> {
    let sku = Sku::parse(&sku).map_err(|_| sku_unknown())?;
    Ok(JsonText(store::cart_remove(identity.0.sub, Some(&sku)).await?))
}

fn sku_unknown() -> ApiError {
    Problem::not_found("sku-unknown", "There is nothing for sale under this SKU.").into()
}
