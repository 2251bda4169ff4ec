//! The routes of the service and, made from the same lines, its OpenAPI document.

use crate::handlers::{
    addresses, browser_session, export, guest, jwks, login, logout, me, password, refresh, register, sessions, staff,
    verify_email,
};
use souk_host::http::Service;
use souk_host::{openapi::ApiRouter, routes};

/// The service as the shared HTTP layer knows it.
pub static SERVICE: Service =
    Service { name: "user", api: "users", router, document: souk_host::documents::USERS, batch_paths: &[] };

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(sessions::logout_all))
        .routes(routes!(guest::create))
        .routes(routes!(browser_session::refresh))
        .routes(routes!(browser_session::end))
        .routes(routes!(browser_session::guest))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(password::forgot))
        .routes(routes!(password::reset))
        .routes(routes!(me::show, me::change, me::delete))
        .routes(routes!(verify_email::request_verification))
        .routes(routes!(password::change))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(addresses::list, addresses::add))
        .routes(routes!(addresses::show, addresses::replace, addresses::remove))
        .routes(routes!(export::export))
        .routes(routes!(jwks::jwks))
        .routes(routes!(staff::list))
        .routes(routes!(staff::show, staff::change))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
