//! Routes and the OpenAPI document as one thing.
//!
//! Natively a router is utoipa-axum's, and the document comes out of it. In a component the document is the snapshot
//! that a test compares with the code, and only the routes are built: a component without the document's builders is
//! a third smaller, and an instance starts without building what hardly anybody asks for.

#[cfg(not(target_family = "wasm"))]
pub use native::ApiRouter;
#[cfg(target_family = "wasm")]
pub use wasm::ApiRouter;

/// Names the handlers of one path, each annotated with `#[utoipa::path]`: `routes!(list::get, list::post)`.
#[cfg(not(target_family = "wasm"))]
#[macro_export]
macro_rules! routes {
    ($($handler:path),+ $(,)?) => { $crate::utoipa_axum::routes!($($handler),+) };
}

/// Names the handlers of one path, each annotated with `#[utoipa::path]`: `routes!(list::get, list::post)`.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! routes {
    (@one $router:ident [$($module:ident ::)*] $handler:ident) => {
        $crate::utoipa_axum::paste! {{
            use $crate::utoipa::Path as _;
            let path = $($module ::)* [<__path_ $handler>]::path();
            for method in $($module ::)* [<__path_ $handler>]::methods() {
                $router.1 = $router.1.on($crate::openapi::method_filter(&method), $($module ::)* $handler);
            }
            $router.0 = path;
        }}
    };
    (@split $router:ident $a:ident) => { $crate::routes!(@one $router [] $a) };
    (@split $router:ident $a:ident :: $b:ident) => { $crate::routes!(@one $router [$a ::] $b) };
    (@split $router:ident $a:ident :: $b:ident :: $c:ident) => { $crate::routes!(@one $router [$a :: $b ::] $c) };
    ($($($part:ident)::+),+ $(,)?) => {{
        let mut router = (::std::string::String::new(), $crate::axum::routing::MethodRouter::new());
        $( $crate::routes!(@split router $($part)::+); )+
        router
    }};
}

/// The axum filter of a documented method.
#[cfg(target_family = "wasm")]
pub fn method_filter(method: &utoipa::openapi::HttpMethod) -> axum::routing::MethodFilter {
    use axum::routing::MethodFilter;
    use utoipa::openapi::HttpMethod;
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}

#[cfg(target_family = "wasm")]
mod wasm {
    use axum::{Router, routing::MethodRouter};

    /// A router of documented routes.
    #[derive(Debug, Default)]
    pub struct ApiRouter(Router);

    impl ApiRouter {
        /// No routes.
        pub fn new() -> Self {
            Self::default()
        }

        /// Adds the handlers that [`routes!`](crate::routes) names.
        #[must_use]
        pub fn routes(self, (path, methods): (String, MethodRouter)) -> Self {
            Self(self.0.route(&path, methods))
        }

        /// The routes alone.
        pub fn into_router(self) -> Router {
            self.0
        }
    }
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use crate::{documents, http::Service};
    use axum::Router;
    use serde::Serialize as _;
    use std::path::Path;
    use utoipa::openapi::OpenApi;
    use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

    /// A router of documented routes.
    #[derive(Default)]
    pub struct ApiRouter(OpenApiRouter);

    impl ApiRouter {
        /// No routes.
        pub fn new() -> Self {
            Self::default()
        }

        /// Adds the handlers that [`routes!`](crate::routes) names.
        #[must_use]
        pub fn routes(self, routes: UtoipaMethodRouter) -> Self {
            Self(self.0.routes(routes))
        }

        /// The routes alone.
        pub fn into_router(self) -> Router {
            self.0.split_for_parts().0
        }

        /// The document that describes the routes.
        pub fn into_document(self) -> OpenApi {
            self.0.split_for_parts().1
        }
    }

    impl Service {
        /// The service's OpenAPI document, as its code says it; an error when an operation is not described well enough.
        pub fn openapi(&self) -> Result<OpenApi, String> {
            let mut document = (self.router)().into_document();
            document.info.title = format!("Souk {} API", self.name);
            document.info.version = env!("CARGO_PKG_VERSION").to_owned();
            document.info.license = None;
            document.info.contact = None;
            crate::contract::complete(&mut document)?;
            Ok(document)
        }

        /// For the service's test: whether the snapshot that it serves is what its code says. With UPDATE_OPENAPI set
        /// the snapshot is written anew first.
        pub fn check_document(&self) -> Result<(), String> {
            let current = self.document_text()?;
            if std::env::var_os("UPDATE_OPENAPI").is_some() {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/openapi");
                let file = folder.join(format!("{}.json", self.api));
                return std::fs::write(&file, current).map_err(|error| format!("{}: {error}", file.display()));
            }
            if documents::inflate(self.document).as_ref() == Some(&current) {
                return Ok(());
            }
            Err(format!(
                "docs/openapi/{api}.json is not what the code of souk-{name} says; after checking the difference run: \
                 UPDATE_OPENAPI=1 cargo test --release -p souk-{name}",
                api = self.api,
                name = self.name
            ))
        }

        /// One line for each member, without indentation: it diffs by line and stays small inside the component.
        fn document_text(&self) -> Result<String, String> {
            let mut text = Vec::new();
            let formatter = serde_json::ser::PrettyFormatter::with_indent(b"");
            let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
            self.openapi()?.serialize(&mut serializer).map_err(|error| error.to_string())?;
            text.push(b'\n');
            String::from_utf8(text).map_err(|error| error.to_string())
        }
    }
}
