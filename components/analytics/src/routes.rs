//! The service's routes; the OpenAPI document is made from them.

use crate::handlers;
use souk_host::{http::Service, openapi::ApiRouter, routes};

/// The analytics service as the shared HTTP layer sees it.
pub static SERVICE: Service = Service {
    name: "analytics",
    api: "analytics",
    router,
    document: souk_host::documents::ANALYTICS,
    batch_paths: &[],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(handlers::summary::summary))
        .routes(routes!(handlers::sales::sales))
        .routes(routes!(handlers::top_products::top_products))
        .routes(routes!(handlers::funnel::funnel))
        .routes(routes!(handlers::payments::payments))
        .routes(routes!(handlers::returns::returns))
        .routes(routes!(handlers::stock_outs::stock_outs))
        .routes(routes!(handlers::cohorts::cohorts))
        .routes(routes!(handlers::metrics::metrics))
        .routes(routes!(handlers::streams::list))
        .routes(routes!(handlers::dead_letters::list))
        .routes(routes!(handlers::dead_letters::show, handlers::dead_letters::discard))
        .routes(routes!(handlers::dead_letters::replay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
