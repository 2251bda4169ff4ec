//! Refunds, for support and admins: newest first. Those that the gateway does not make show why.

use super::{cut, page_json, show::RefundStatus};
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, page, token::Role};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

impl RefundStatus {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }
}

/// Money that is or was given back for an order. Made by `refund_page` in migration V12.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedRefund {
    /// Its own id.
    pub refund_id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// The order's number, as the shopper knows it.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// Whether it is done.
    pub status: RefundStatus,
    /// Why.
    pub reason: Option<String>,
    /// How often the payment provider was asked.
    pub tries: i32,
    /// What it said the last time, when it did not do it.
    pub last_code: Option<String>,
    /// The same in words.
    pub last_message: Option<String>,
    /// The payment provider's reference, once it was done.
    pub gateway_reference: Option<String>,
    /// RFC 3339.
    pub requested_at: String,
    /// RFC 3339, once it was done.
    pub refunded_at: Option<String>,
    /// RFC 3339, when the payment provider refused for good.
    pub failed_at: Option<String>,
}

/// A page of refunds.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RefundPage {
    /// Newest first.
    items: Vec<ListedRefund>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only these.
    status: Option<RefundStatus>,
    /// From the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Refunds, newest first.
#[utoipa::path(get, path = "/api/payments/refunds", tag = "refunds", operation_id = "list_refunds", params(Params), security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = RefundPage), (status = 400, description = "invalid-page or invalid-query")))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let limit = page::limit(params.limit)?;
    let before: Option<store::RefundKey> = params.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let rows = store::refunds(params.status.map(RefundStatus::as_str), before, i64::from(limit) + 1).await?;
    let (items, next_cursor) = cut(rows, limit);
    Ok(page_json(&items, next_cursor))
}
