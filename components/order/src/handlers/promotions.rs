//! GET and POST /api/orders/promotions, PATCH /api/orders/promotions/{code}: the shop's promotion codes.

use super::MERCHANTS;
use crate::{
    domain::{
        promotion_request::{NewPromotion, PromotionChange, is_code},
        views::{PromotionPage, PromotionView},
    },
    store,
};
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use souk_core::{address::FieldError, page, problem::Problem};
use souk_host::{
    ApiError,
    db::DbError,
    http::{ApiJson, ApiPath, ApiQuery, Identity, JsonText},
    reply::json_text,
};
use utoipa::IntoParams;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PromotionQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// All codes with their limits and how often they are used, newest first.
#[utoipa::path(get, path = "/api/orders/promotions", tag = "merchant", operation_id = "list_promotions",
    params(PromotionQuery), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "A page of codes", body = PromotionPage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn list(identity: Identity, ApiQuery(query): ApiQuery<PromotionQuery>) -> Result<JsonText, ApiError> {
    identity.require(&MERCHANTS)?;
    let limit = page::limit(query.limit)?;
    let after = query.cursor.as_deref().map(page::decode_cursor::<store::PromotionKey>).transpose()?;
    let (items, next) = store::promotions(after.as_ref(), limit).await?;
    let cursor = next.map_or("null".to_owned(), |key| format!("\"{}\"", page::encode_cursor(&key)));
    Ok(JsonText(format!("{{\"items\":{items},\"next_cursor\":{cursor}}}")))
}

/// Makes a code. Shoppers can use it at once, if it is active and its time has come.
#[utoipa::path(post, path = "/api/orders/promotions", tag = "merchant", operation_id = "create_promotion",
    request_body = NewPromotion, security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 201, description = "The code", body = PromotionView),
    (status = 409, description = "promotion-exists: there is a code of that name"),
    (status = 422, description = "invalid-body or invalid-fields"),
))]
pub async fn create(identity: Identity, ApiJson(new): ApiJson<NewPromotion>) -> Result<Response, ApiError> {
    identity.require(&MERCHANTS)?;
    new.validate().map_err(ApiError::fields)?;
    let answer = store::promotion_create(&new).await.map_err(refused)?;
    match (answer.outcome.as_str(), answer.body) {
        ("ok", Some(promotion)) => Ok(json_text(StatusCode::CREATED, promotion)),
        ("taken", _) => {
            let detail = format!("There is a code {} already. Change it, or choose another name.", new.code);
            Err(Problem::conflict("promotion-exists", detail).into())
        }
        (other, _) => Err(ApiError::defect(&format!("promotion_create answered {other}"))),
    }
}

/// Changes a code's label, time, limits, or whether it can be used. What it gives stays: shoppers have read it.
#[utoipa::path(patch, path = "/api/orders/promotions/{code}", tag = "merchant", operation_id = "change_promotion",
    params(("code" = String, Path)), request_body = PromotionChange,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "The code as it is now", body = PromotionView),
    (status = 404, description = "promotion-unknown: there is no such code"),
    (status = 409, description = "promotion-limit-below-uses: it was used more often than that"),
    (status = 422, description = "invalid-body or invalid-fields"),
))]
pub async fn change(
    identity: Identity,
    ApiPath(code): ApiPath<String>,
    ApiJson(change): ApiJson<PromotionChange>,
) -> Result<JsonText, ApiError> {
    identity.require(&MERCHANTS)?;
    change.validate().map_err(ApiError::fields)?;
    let unknown = || Problem::not_found("promotion-unknown", "There is no such promotion code.");
    let code = code.to_ascii_uppercase();
    if !is_code(&code) {
        return Err(unknown().into());
    }
    let answer = store::promotion_change(&code, &change).await.map_err(refused)?;
    match (answer.outcome.as_str(), answer.body) {
        ("ok", Some(promotion)) => Ok(JsonText(promotion)),
        ("not_found", _) => Err(unknown().into()),
        (other, _) => Err(ApiError::defect(&format!("promotion_change answered {other}"))),
    }
}

/// What the database holds against a code.
fn refused(error: DbError) -> ApiError {
    if error.is_constraint("promotions_period") {
        let message = "must be after valid_from".to_owned();
        ApiError::fields(vec![FieldError { field: "valid_until".to_owned(), message }])
    } else if error.is_constraint("promotions_within_limit") {
        let detail = "The code was used more often than that already. Choose a higher limit, or switch it off.";
        Problem::conflict("promotion-limit-below-uses", detail).into()
    } else {
        error.into()
    }
}
