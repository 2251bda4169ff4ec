//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{jwks, login, logout, me, refresh, register};
use souk_host::http::Service;
use souk_host::{openapi::ApiRouter, routes};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service = Service {
    name: "user",
    api: "users",
    router,
    document: include_str!("../../../docs/openapi/users.json"),
    batch_paths: &[],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(me::show, me::change))
        .routes(routes!(jwks::jwks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
