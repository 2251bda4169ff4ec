//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{
    all, cancel, cart, checkout, list, merge, parcel, promotions, quote, refund, returns, show, watch,
};
use souk_host::{
    http::{ApiRouter, Service},
    routes,
};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service =
    Service { name: "order", api: "orders", router, document: souk_host::documents::ORDERS, batch_paths: &[] };

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(cart::show, cart::clear))
        .routes(routes!(cart::put, cart::add, cart::remove))
        .routes(routes!(merge::merge))
        .routes(routes!(quote::quote))
        .routes(routes!(checkout::checkout))
        .routes(routes!(list::list))
        .routes(routes!(all::all))
        .routes(routes!(promotions::list, promotions::create))
        .routes(routes!(promotions::change, promotions::delete))
        .routes(routes!(show::show))
        .routes(routes!(cancel::cancel))
        .routes(routes!(parcel::ship))
        .routes(routes!(parcel::deliver))
        .routes(routes!(watch::watch))
        .routes(routes!(refund::refund))
        .routes(routes!(returns::request))
        .routes(routes!(returns::accept))
        .routes(routes!(returns::reject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }

    #[test]
    fn every_route_of_the_design_is_documented() {
        let document = serde_json::to_value(SERVICE.openapi().unwrap()).unwrap();
        for (method, path) in [
            ("get", "/api/orders"),
            ("get", "/api/orders/cart"),
            ("delete", "/api/orders/cart"),
            ("put", "/api/orders/cart/items/{sku}"),
            ("post", "/api/orders/cart/items/{sku}"),
            ("delete", "/api/orders/cart/items/{sku}"),
            ("post", "/api/orders/cart/merge"),
            ("post", "/api/orders/cart/quote"),
            ("post", "/api/orders/checkout"),
            ("get", "/api/orders/{id}"),
            ("get", "/api/orders/{id}/events"),
            ("post", "/api/orders/{id}/cancel"),
            ("post", "/api/orders/{id}/ship"),
            ("post", "/api/orders/{id}/deliver"),
            ("post", "/api/orders/{id}/refund"),
            ("post", "/api/orders/{id}/return"),
            ("post", "/api/orders/{id}/returns/{return_id}/accept"),
            ("post", "/api/orders/{id}/returns/{return_id}/reject"),
            ("get", "/api/orders/all"),
            ("get", "/api/orders/promotions"),
            ("post", "/api/orders/promotions"),
            ("patch", "/api/orders/promotions/{code}"),
            ("delete", "/api/orders/promotions/{code}"),
        ] {
            assert!(document["paths"][path][method].is_object(), "{method} {path}");
        }
        for shape in ["Order", "Cart", "Quote"] {
            assert!(document["components"]["schemas"][shape].is_object(), "{shape}");
        }
    }
}
