//! POST /api/catalog/products: one new product.

use super::{announce, product_response, refusal, require_merchant};
use crate::domain::{input::ProductInput, product::check_one};
use crate::{store, views::ProductDetail};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity, RequestContext};

/// Creates a product.
#[utoipa::path(
    post, path = "/api/catalog/products", tag = "merchant", operation_id = "create_product",
    request_body = ProductInput,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 201, description = "Created; `location` is its address", body = ProductDetail),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 409, description = "The handle or a SKU is taken"),
        (status = 422, description = "Some fields cannot be accepted; `errors` names each"),
    )
)]
pub async fn post(
    identity: Identity,
    context: RequestContext,
    ApiJson(product): ApiJson<ProductInput>,
) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let content = check_one(&product).map_err(ApiError::fields)?;
    let done = store::create(&content, &context.traceparent).await?.map_err(refusal)?;
    announce(&done.changed).await;
    let mut response = product_response(StatusCode::CREATED, done)?;
    // A handle that passed is plain ASCII.
    if let Ok(location) = HeaderValue::try_from(format!("/api/catalog/products/{}", product.handle)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
