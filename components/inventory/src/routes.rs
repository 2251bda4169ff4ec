//! The service's routes; the OpenAPI document is made from them.

use crate::handlers;
use souk_host::{http::Service, openapi::ApiRouter, routes};

/// The inventory service as the shared HTTP layer sees it.
pub static SERVICE: Service = Service {
    name: "inventory",
    api: "inventory",
    router,
    document: include_str!("../../../docs/openapi/inventory.json"),
    batch_paths: &["/api/inventory/stock/batch"],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(handlers::stock::one))
        .routes(routes!(handlers::stock::several))
        .routes(routes!(handlers::change::adjust))
        .routes(routes!(handlers::change::receive))
        .routes(routes!(handlers::open::batch))
        .routes(routes!(handlers::reservations::list))
        .routes(routes!(handlers::low_stock::list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
