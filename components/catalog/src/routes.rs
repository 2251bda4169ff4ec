//! The service's addresses. The router and the OpenAPI document are made from the same list.

use crate::handlers::{archive, batch, categories, create, detail, list, media, update};
use souk_host::http::Service;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How the shared HTTP layer knows this service.
pub static SERVICE: Service = Service { name: "catalog", api: "catalog", router, batch_paths: &[batch::PATH] };

fn router() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list::get, create::post))
        .routes(routes!(batch::post))
        .routes(routes!(detail::get, update::patch, archive::delete))
        .routes(routes!(categories::get))
        .routes(routes!(media::get))
}
