//! Refunds, for support and admins: newest first. Those that the gateway keeps refusing show why.

use crate::store::{self, RefundFilter};
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, page, token::Role};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity},
    reply::Json,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Whether a refund is done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RefundStatus {
    /// The payment provider is asked until it is done.
    Requested,
    /// The money was given back.
    Refunded,
}

impl RefundStatus {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refunded => "refunded",
        }
    }
}

/// Money that is or was given back for an order. Made by `refund_page` in migration V5.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedRefund {
    /// The order.
    pub order_id: Uuid,
    /// The order's number, as the shopper knows it.
    pub number: String,
    /// How much.
    pub amount: Money,
    /// requested or refunded.
    pub status: RefundStatus,
    /// Why.
    pub reason: Option<String>,
    /// How often the payment provider was asked.
    pub tries: u32,
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
}

/// A page of refunds.
#[derive(Debug, Serialize, ToSchema)]
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
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    limit: Option<i64>,
}

/// Refunds, newest first.
#[utoipa::path(get, path = "/api/payments/refunds", tag = "refunds", operation_id = "list_refunds", params(Params), security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = RefundPage), (status = 400), (status = 401), (status = 403)))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<Json<RefundPage>, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let limit = page::limit(params.limit)?;
    let before = params.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let filter = RefundFilter { status: params.status, before };
    let mut rows = store::refunds(&filter, i64::from(limit) + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next_cursor = rows.last().filter(|_| more).map(|(key, _)| page::encode_cursor(key));
    Ok(Json(RefundPage { items: rows.into_iter().map(|(_, refund)| refund).collect(), next_cursor }))
}
