//! GET /api/catalog/export: all products as a file.
//!
//! Products are read a page at a time while the file is sent, each page only when the one before it has gone out, so a shop of
//! any size passes through an instance. A failure on the way breaks the response off: a file that ends is complete.

use super::{PRIVATE, require_merchant};
use crate::store::{self, EXPORTED_AT_ONCE};
use axum::body::Body;
use axum::response::Response;
use futures::stream;
use http::{HeaderValue, header};
use souk_host::ApiError;
use souk_host::db::DbError;
use souk_host::http::Identity;
use souk_shopify_csv::{self as csv, Product};

/// All products, drafts and archived ones included, by handle, as a CSV in Shopify's columns that
/// POST /api/catalog/import takes back. A product that changes while the file is made may be in it as it was or as it is.
#[utoipa::path(
    get, path = "/api/catalog/export", tag = "merchant", operation_id = "export_products",
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "The file", body = String, content_type = "text/csv"),
    )
)]
pub async fn get(identity: Identity) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    // Before the response begins, so that an outage has an answer of its own.
    let first = store::export("").await?;
    let mut response = Response::new(Body::from_stream(stream::try_unfold(Some((csv::header(), first)), chunk)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"products.csv\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE));
    Ok(response)
}

/// What is to be sent next: text that is made already, and the products behind it. `None` when all is sent.
type Pending = Option<(String, Vec<Product>)>;

async fn chunk(pending: Pending) -> Result<Option<(String, Pending)>, DbError> {
    let Some((mut text, products)) = pending else { return Ok(None) };
    products.iter().for_each(|product| csv::rows(product, &mut text));
    let last = products.last().filter(|_| products.len() == EXPORTED_AT_ONCE);
    let next = match last {
        Some(last) => Some((String::new(), store::export(&last.handle).await?)),
        None => None,
    };
    Ok(Some((text, next)))
}
