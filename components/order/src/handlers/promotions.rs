//! GET and POST /api/orders/promotions, PATCH and DELETE /api/orders/promotions/{code}: the shop's promotion codes.

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
    let code = named(&code)?;
    let answer = store::promotion_change(&code, &change).await.map_err(refused)?;
    match (answer.outcome.as_str(), answer.body) {
        ("ok", Some(promotion)) => Ok(JsonText(promotion)),
        ("not_found", _) => Err(unknown()),
        (other, _) => Err(ApiError::defect(&format!("promotion_change answered {other}"))),
    }
}

/// Deletes a code that no order uses, such as one with a typing mistake. One that was used can only be switched off.
#[utoipa::path(delete, path = "/api/orders/promotions/{code}", tag = "merchant", operation_id = "delete_promotion",
    params(("code" = String, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 204, description = "There is no such code any more"),
    (status = 404, description = "promotion-unknown: there is no such code"),
    (status = 409, description = "promotion-in-use: an order uses it"),
))]
pub async fn delete(identity: Identity, ApiPath(code): ApiPath<String>) -> Result<StatusCode, ApiError> {
    identity.require(&MERCHANTS)?;
    match store::promotion_delete(&named(&code)?).await?.as_str() {
        "ok" => Ok(StatusCode::NO_CONTENT),
        "not_found" => Err(unknown()),
        "used" => {
            let detail = "Orders use this code, so it stays in their history. Switch it off instead: `active` false.";
            Err(Problem::conflict("promotion-in-use", detail).into())
        }
        other => Err(ApiError::defect(&format!("promotion_delete answered {other}"))),
    }
}

/// A code of the path, as the shop spells it.
fn named(code: &str) -> Result<String, ApiError> {
    Some(code.to_ascii_uppercase()).filter(|code| is_code(code)).ok_or_else(unknown)
}

fn unknown() -> ApiError {
    Problem::not_found("promotion-unknown", "There is no such promotion code.").into()
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
