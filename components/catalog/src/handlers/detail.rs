//! GET /api/catalog/products/{slug-or-id}: a product in full, from the cache whenever it is there.

use super::{MERCHANTS, PRIVATE, REVALIDATE, no_such_product, product_etag, reference, send};
use crate::cache::{self, Answer, Known};
use crate::domain::{compact::compact, reference::Reference};
use crate::{store, views::ProductDetail};
use axum::extract::FromRequestParts;
use axum::{extract::Request, response::Response};
use http::{HeaderMap, header};
use souk_host::ApiError;
use souk_host::http::{ApiPath, OptionalIdentity};

/// One product by its slug or id. Drafts and archived products exist for merchants only.
#[utoipa::path(
    get, path = "/api/catalog/products/{slug_or_id}", tag = "products", operation_id = "get_product",
    params(
        ("slug_or_id" = String, Path, description = "Slug or UUID"),
        ("if-none-match" = Option<String>, Header, description = "ETag that the caller holds"),
    ),
    security((), ("bearer" = [])), responses(
        (status = 200, description = "The product, with an ETag", body = ProductDetail),
        (status = 304, description = "The caller's ETag still stands"),
        (status = 404, description = "No such product, or not for the public"),
    )
)]
pub async fn get(ApiPath(segment): ApiPath<String>, request: Request) -> Result<Response, ApiError> {
    let reference = reference(&segment)?;
    if let Some(response) = public(&reference, request.headers()).await? {
        return Ok(response);
    }
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Err(no_such_product());
    }
    let (mut parts, _) = request.into_parts();
    let OptionalIdentity(claims) = OptionalIdentity::from_request_parts(&mut parts, &()).await?;
    let stored = match claims {
        Some(claims) if claims.has_any(&MERCHANTS) => store::product(&reference).await?,
        _ => None,
    };
    Ok(send(answer(&stored.ok_or_else(no_such_product)?), &parts.headers, PRIVATE))
}

/// The answer for everybody; `None` when the public sees no such product. Nothing in it depends on who asks.
pub async fn public(reference: &Reference, headers: &HeaderMap) -> Result<Option<Response>, ApiError> {
    let known = cache::product(reference).await;
    let answer = match known {
        Known::Answer(answer) => Some(answer),
        Known::Absent => None,
        Known::Nothing | Known::Away => {
            let stored = store::product(reference).await?;
            let revision = stored.as_ref().map_or(0, |stored| stored.state.revision);
            let answer = stored.filter(|stored| stored.active).map(|stored| answer(&stored));
            if known == Known::Nothing {
                cache::fill_product(reference, revision, answer.as_ref()).await;
            }
            answer
        }
    };
    Ok(answer.map(|answer| send(answer, headers, REVALIDATE)))
}

fn answer(stored: &store::Stored) -> Answer {
    Answer { etag: product_etag(stored.state), body: compact(&stored.detail).into() }
}
