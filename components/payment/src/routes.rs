//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{ledger, refunds, show};
use souk_host::{http::Service, openapi::ApiRouter, routes};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service = Service {
    name: "payment",
    api: "payments",
    router,
    document: include_str!("../../../docs/openapi/payments.json"),
    batch_paths: &[],
};

fn router() -> ApiRouter {
    ApiRouter::new().routes(routes!(show::show)).routes(routes!(ledger::list)).routes(routes!(refunds::list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
