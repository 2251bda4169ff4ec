//! The ledger, for admins: newest entry first.

use crate::store::{self, LedgerFilter};
use serde::{Deserialize, Serialize};
use souk_core::{page, token::Role};
use souk_host::{
    ApiError,
    db::{DbError, Row},
    http::{ApiQuery, Identity},
    reply::Json,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// One entry: a transfer has one for each account, and they sum to zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerEntry {
    /// Grows with time.
    pub id: i64,
    /// The capture or refund that it is part of.
    pub transfer_id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// capture or refund.
    pub kind: String,
    /// The refund, if it is one.
    pub refund_id: Option<Uuid>,
    /// gateway (what the payment provider owes the shop), sales, or refunds (what went back of sales).
    pub account: String,
    /// Minor units; debits positive, credits negative.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// RFC 3339.
    pub created_at: String,
}

impl LedgerEntry {
    /// From the columns in the order of the fields.
    pub fn of_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.int(0)?,
            transfer_id: row.uuid(1)?,
            order_id: row.uuid(2)?,
            kind: row.text(3)?,
            refund_id: row.uuid_opt(4)?,
            account: row.text(5)?,
            amount_minor: row.int(6)?,
            currency: row.text(7)?,
            created_at: row.text(8)?,
        })
    }
}

/// A page of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerPage {
    /// Newest first.
    items: Vec<LedgerEntry>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only entries of this order.
    order_id: Option<Uuid>,
    /// From the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Ledger entries, newest first.
#[utoipa::path(get, path = "/api/payments/ledger", tag = "ledger", operation_id = "list_ledger", params(Params), security(("bearer" = ["admin"])), responses(
    (status = 200, body = LedgerPage), (status = 400, description = "invalid-page or invalid-query")))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<Json<LedgerPage>, ApiError> {
    identity.require(&[Role::Admin])?;
    let limit = page::limit(params.limit)?;
    let before = params.cursor.as_deref().map(page::decode_cursor::<i64>).transpose()?;
    let filter = LedgerFilter { order_id: params.order_id, before };
    let mut items = store::ledger(&filter, i64::from(limit) + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| page::encode_cursor(&last.id));
    Ok(Json(LedgerPage { items, next_cursor }))
}
