//! GET /api/catalog/media/{category}/{kind}/{handle}.svg: pictures, drawn on the spot. The same address always gives the same
//! picture, so nothing is stored and everybody may keep it.

use crate::domain::conditional;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::ApiPath;

const MAX_SEGMENT: usize = 160;
/// Changes when the drawings do; a week for everybody who does not ask.
const ETAG: HeaderValue = HeaderValue::from_static(concat!("\"art-", env!("CARGO_PKG_VERSION"), "\""));
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=604800, stale-while-revalidate=604800")),
    (header::ETAG, ETAG),
    // A picture opened by itself is a document: it may run and load nothing.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ),
];

/// The picture of a product. An unknown category or kind gives a neutral one.
#[utoipa::path(
    get, path = "/api/catalog/media/{category}/{kind}/{file}", tag = "products", operation_id = "get_picture",
    params(
        ("category" = String, Path, description = "Slug of the category"),
        ("kind" = String, Path, description = "Slug of the product type"),
        ("file" = String, Path, description = "Handle of the product and `.svg`"),
    ),
    security(()), responses(
        (status = 200, description = "An SVG picture", content_type = "image/svg+xml", body = String),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 404, description = "Not the address of a picture"),
    )
)]
pub async fn get(
    ApiPath((category, kind, file)): ApiPath<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let no_picture = || Problem::not_found("no-such-picture", "A picture's address ends in <handle>.svg.");
    let handle = file.strip_suffix(".svg").filter(|handle| !handle.is_empty()).ok_or_else(no_picture)?;
    if [category.as_str(), &kind, handle].iter().any(|segment| segment.len() > MAX_SEGMENT) {
        return Err(no_picture().into());
    }
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = held.is_some_and(|held| ETAG.to_str().is_ok_and(|etag| conditional::matches(held, etag)));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        souk_art::product_svg(&category, &kind, handle).into_response()
    };
    // `extend` would add to the type that a text has by itself.
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_picture_has_one_type_and_may_run_nothing() {
        let path = ApiPath(("ceramics".to_owned(), "vase".to_owned(), "blue-vase.svg".to_owned()));
        let response = get(path, HeaderMap::new()).await.unwrap();
        let all = |name| response.headers().get_all(name).iter().collect::<Vec<_>>();
        assert_eq!(all(header::CONTENT_TYPE), ["image/svg+xml"]);
        assert!(all(header::CONTENT_SECURITY_POLICY).iter().all(|policy| policy.to_str().unwrap().contains("sandbox")));
    }
}
