//! The service's routes; the OpenAPI document is made from them.

use crate::handlers;
use souk_host::{http::Service, openapi::ApiRouter, routes};

/// The inventory service as the shared HTTP layer sees it.
pub static SERVICE: Service = Service {
    name: "inventory",
    api: "inventory",
    router,
    document: souk_host::documents::INVENTORY,
    batch_paths: &["/api/inventory/stock/batch"],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(handlers::stock::one))
        .routes(routes!(handlers::stock::several))
        .routes(routes!(handlers::stock::by_location))
        .routes(routes!(handlers::change::adjust))
        .routes(routes!(handlers::change::receive))
        .routes(routes!(handlers::transfer::transfer))
        .routes(routes!(handlers::threshold::set))
        .routes(routes!(handlers::expected::set))
        .routes(routes!(handlers::ledger::list))
        .routes(routes!(handlers::notify_me::add, handlers::notify_me::remove))
        .routes(routes!(handlers::open::batch))
        .routes(routes!(handlers::reservations::list))
        .routes(routes!(handlers::low_stock::list))
        .routes(routes!(handlers::locations::list, handlers::locations::add))
        .routes(routes!(handlers::locations::change))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
