//! POST /api/orders/cart/quote: what the open cart costs, sent to an address. Changes nothing.

use crate::{
    domain::{
        promotion::none_passed_over,
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
    http::{ApiJson, Identity},
};

/// What the cart costs with shipping, tax and discounts.
#[utoipa::path(post, path = "/api/orders/cart/quote", tag = "cart", request_body = QuoteRequest, security(("bearer" = [])), responses(
    (status = 200, description = "The quote", body = QuoteView),
    (status = 409, description = "cart-empty; items-unavailable: `skus` names what must be taken out"),
    (status = 422, description = "invalid-fields; not-deliverable; shipping-method-unknown; or what a plug-in refused, \
        such as promotion-unknown"),
))]
pub async fn quote(identity: Identity, ApiJson(request): ApiJson<QuoteRequest>) -> Result<Json<QuoteView>, ApiError> {
    request.validate().map_err(ApiError::fields)?;
    let cart = store::checkout_load(identity.0.sub, None).await?.cart.ok_or_else(|| problem(QuoteError::Empty))?;
    let QuoteRequest { shipping_address, shipping_method, promotion_codes } = &request;
    none_passed_over(&cart.promotions, promotion_codes).map_err(|refusal| problem(QuoteError::Refused(refusal)))?;
    let quoted = quote::quote(&cart, shipping_address, shipping_method.as_deref(), &Composed);
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
        QuoteError::Refused(refusal) => match is_slug(&refusal.code) {
            true => Problem::unprocessable(&refusal.code, refusal.message).into(),
            false => ApiError::defect(&format!("a plug-in refused with the code {:?}", refusal.code)),
        },
        QuoteError::NothingToPay => {
            let detail = "The total is zero, and orders without a payment are not taken. Leave out a promotion code.";
            Problem::unprocessable("nothing-to-pay", detail).into()
        }
        QuoteError::Amount(error) => error.into(),
        QuoteError::Plugin(..) => ApiError::defect(&error.to_string()),
    }
}

/// The 409 that carries the new quote.
pub fn price_changed(quote: &Quote) -> ApiError {
    let detail = format!("The total is {} now. Nothing was ordered; look at the new quote and decide.", quote.total);
    Problem::conflict("price-changed", detail).with("quote", QuoteView::from(quote)).into()
}

/// A refusal's code becomes part of a problem type, whatever language the plug-in is written in.
fn is_slug(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
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
    fn a_plugin_cannot_smuggle_anything_into_a_problem_type() {
        for code in ["", "Über", "a b", "a\r\nx: y", &"a".repeat(65)] {
            assert_eq!(refused(code).status(), 500, "{code:?}");
        }
    }

    #[test]
    fn a_broken_plugin_says_nothing_to_the_shopper() {
        let error = problem(QuoteError::Plugin("tax", "-1.00 EUR".to_owned()));
        assert_eq!(error.status(), 500);
        assert!(!error.0.detail.contains("-1.00"));
    }
}
