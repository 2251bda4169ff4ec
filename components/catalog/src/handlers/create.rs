//! POST /api/catalog/products: one new product.

use super::{announce, refusal, require_merchant};
use crate::domain::product::{ProductInput, check_one};
use crate::{store, views::ProductDetail};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use souk_host::ApiError;
use souk_host::http::{ApiJson, Identity, RequestContext};

/// Creates a product.
#[utoipa::path(
    post, path = "/api/catalog/products", tag = "merchant", operation_id = "create_product",
    request_body = ProductInput,
    responses(
        (status = 201, description = "Created; `location` is its address", body = ProductDetail),
        (status = 401, description = "No valid token"),
        (status = 403, description = "Not a merchant"),
        (status = 409, description = "The handle or a SKU is taken"),
        (status = 422, description = "Some fields cannot be accepted; `errors` names each"),
    ),
    security(("bearer" = []))
)]
pub async fn post(
    identity: Identity,
    context: RequestContext,
    ApiJson(product): ApiJson<ProductInput>,
) -> Result<Response, ApiError> {
    require_merchant(&identity)?;
    let content = check_one(&product).map_err(ApiError::fields)?;
    match store::create(&content, &context.traceparent).await? {
        store::Written::Ok { changed, product: Some(product), .. } => {
            announce(&changed).await;
            let location = HeaderValue::try_from(format!("/api/catalog/products/{}", product.slug));
            let mut response = (StatusCode::CREATED, Json(product)).into_response();
            if let Ok(location) = location {
                response.headers_mut().insert(header::LOCATION, location);
            }
            Ok(response)
        }
        refused => Err(refusal(refused)),
    }
}
