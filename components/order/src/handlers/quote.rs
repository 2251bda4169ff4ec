//! POST /api/orders/cart/quote: what the open cart costs, sent to an address. Changes nothing.

use crate::{
    domain::{
        promotion::spelled,
        quote::{self, Quote, QuoteError},
        request::QuoteRequest,
        views::QuoteView,
    },
    plugins::Composed,
    store,
};
use souk_core::problem::Problem;
use souk_host::reply::Json;
use souk_host::{
    ApiError,
    http::{ApiJson, Shopper},
};

/// What the cart costs with shipping, tax and discounts.
#[utoipa::path(post, path = "/api/orders/cart/quote", tag = "cart", request_body = QuoteRequest,
    security(("bearer" = ["guest"]), ("bearer" = [])), responses(
    (status = 200, description = "The quote", body = QuoteView),
    (status = 409, description = "cart-empty; items-unavailable: `skus` names what must be taken out"),
    (status = 422, description = "invalid-fields; not-deliverable; shipping-method-unknown; promotion-unknown, \
        promotion-not-yet, promotion-ended, promotion-used-up, promotion-used, promotion-not-applicable; \
        nothing-to-pay; or what a plug-in refused, such as promotions-do-not-combine"),
    (status = 502, description = "plugin-failed: tax, shipping or promotions"),
))]
pub async fn quote(shopper: Shopper, ApiJson(request): ApiJson<QuoteRequest>) -> Result<Json<QuoteView>, ApiError> {
    request.validate().map_err(ApiError::fields)?;
    let codes = spelled(&request.promotion_codes);
    let email = (!shopper.0.is_guest()).then_some(shopper.0.email.as_str());
    let loaded = store::checkout_load(shopper.0.sub, email, &codes, None).await?;
    let cart = loaded.cart.ok_or_else(|| problem(QuoteError::Empty))?;
    let quoted = quote::quote(&cart, &request.shipping_address, request.shipping_method.as_deref(), &Composed);
    Ok(Json(QuoteView::from(&quoted.map_err(problem)?)))
}

/// What the caller is told when there is no quote.
pub fn problem(error: QuoteError) -> ApiError {
    match error {
        QuoteError::Empty => Problem::conflict("cart-empty", "There is nothing in the cart.").into(),
        QuoteError::Unavailable(skus) => {
            let detail = "Something in the cart is no longer for sale. Take it out and go on.";
            Problem::conflict("items-unavailable", detail).with("skus", skus).into()
        }
        QuoteError::NotDeliverable(country) => {
            let detail = format!("We cannot deliver to {country}. Choose an address in another country.");
            Problem::unprocessable("not-deliverable", detail).into()
        }
        QuoteError::UnknownMethod(methods) => {
            let detail = "There is no such shipping method for this address; `shipping_methods` names what there is.";
            Problem::unprocessable("shipping-method-unknown", detail).with("shipping_methods", methods).into()
        }
        QuoteError::Refused(refusal) => Problem::unprocessable(&refusal.code, refusal.message).into(),
        QuoteError::NothingToPay => {
            let detail = "The total is zero, and orders without a payment are not taken. Leave out a promotion code.";
            Problem::unprocessable("nothing-to-pay", detail).into()
        }
        QuoteError::Amount(error) => error.into(),
        QuoteError::Plugin(name, _) => {
            // What it gave is logged; the shopper is told which plug-in it was.
            ApiError::defect(&error.to_string());
            let detail = format!(
                "The {name} plug-in failed and the request was stopped; nothing was ordered. Try again in a moment; if \
                 it fails again, its operator must repair or replace it."
            );
            Problem::new(502, "Bad Gateway", "plugin-failed", detail).with("plugin", name).into()
        }
    }
}

/// The 409 that carries the new quote.
pub fn price_changed(quote: &Quote) -> ApiError {
    let detail = format!("The total is {} now. Nothing was ordered; look at the new quote and decide.", quote.total);
    Problem::conflict("price-changed", detail).with("quote", QuoteView::from(quote)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quote::Refusal;

    fn refused(code: &str) -> ApiError {
        problem(QuoteError::Refused(Refusal { code: code.to_owned(), message: "No.".to_owned() }))
    }

    #[test]
    fn a_plugins_refusal_is_a_422_with_its_code_and_message() {
        let error = refused("promotion-unknown");
        assert_eq!(error.status(), 422);
        assert_eq!(error.0.type_, "urn:souk:problem:promotion-unknown");
        assert_eq!(error.0.detail, "No.");
    }

    #[test]
    fn a_broken_plugin_is_named_and_what_it_gave_is_not_shown() {
        let error = problem(QuoteError::Plugin("tax", "-1.00 EUR".to_owned()));
        assert_eq!((error.status(), error.0.type_.as_str()), (502, "urn:souk:problem:plugin-failed"));
        assert!(error.0.detail.contains("tax") && !error.0.detail.contains("-1.00"));
    }
}
