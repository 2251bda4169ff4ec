//! The storefront: one plain page that says where everything is, a picture for its tab, and 404 for the rest. It has no
//! capabilities at all: no database, no Redis, no other host.

pub mod pages;

/// The component's entry point; its export name is for a wasm linker only.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code)] // in what the macro expands to
mod exports {
    use bytes::Bytes;
    use spin_sdk::http::{FullBody, Request};
    use spin_sdk::http_service;

    #[http_service]
    async fn handle(request: Request) -> http::Response<FullBody<Bytes>> {
        let (parts, _) = request.into_parts();
        crate::pages::answer(&parts.method, parts.uri.path(), &parts.headers)
            .map(|body| FullBody::new(Bytes::from(body)))
    }
}
