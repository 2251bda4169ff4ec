//! The service's addresses. The router and the OpenAPI document are made from the same list.

use crate::handlers::{
    archive, batch, categories, collections, create, detail, export, import, list, media, suggestions, update,
};
use souk_host::http::Service;
use souk_host::{openapi::ApiRouter, routes};

/// How the shared HTTP layer knows this service.
pub static SERVICE: Service = Service {
    name: "catalog",
    api: "catalog",
    router,
    document: souk_host::documents::CATALOG,
    batch_paths: &[batch::PATH, import::PATH],
};

fn router() -> ApiRouter {
    ApiRouter::new()
        .routes(routes!(list::get, create::post))
        .routes(routes!(batch::post))
        .routes(routes!(detail::get, update::patch, archive::delete))
        .routes(routes!(categories::list::get, categories::create::post))
        .routes(routes!(categories::update::patch, categories::delete::delete))
        .routes(routes!(collections::list::get, collections::create::post))
        .routes(routes!(collections::show::get, collections::update::patch, collections::delete::delete))
        .routes(routes!(suggestions::get))
        .routes(routes!(import::post))
        .routes(routes!(export::get))
        .routes(routes!(media::get))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_served_document_is_what_the_code_says() {
        assert_eq!(SERVICE.check_document(), Ok(()));
    }
}
