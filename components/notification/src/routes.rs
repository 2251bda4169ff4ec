//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{message, messages, mine, preferences, resend, unsubscribe};
use souk_host::http::Service;
use souk_host::{openapi::ApiRouter, routes};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service = Service {
    name: "notification",
    api: "notifications",
    router,
    document: souk_host::documents::NOTIFICATIONS,
    batch_paths: &[],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(mine::mine))
        .routes(routes!(preferences::show, preferences::change))
        .routes(routes!(unsubscribe::unsubscribe))
        .routes(routes!(unsubscribe::one_click))
        .routes(routes!(messages::messages))
        .routes(routes!(message::message))
        .routes(routes!(resend::resend))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
