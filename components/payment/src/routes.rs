//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{balances, ledger, list, parked, refunds, settle, show, webhook};
use souk_host::{http::Service, openapi::ApiRouter, routes};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service =
    Service { name: "payment", api: "payments", router, document: souk_host::documents::PAYMENTS, batch_paths: &[] };

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show))
        .routes(routes!(settle::capture))
        .routes(routes!(settle::void))
        .routes(routes!(ledger::list))
        .routes(routes!(balances::balances))
        .routes(routes!(refunds::list))
        .routes(routes!(parked::list))
        .routes(routes!(webhook::receive))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
