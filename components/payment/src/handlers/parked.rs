//! What the gateway says was done and could not be booked, for admins: a person has to look at it.

use super::{cut, page_json};
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, page, token::Role};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Something that was put aside. Made by `parked_page` in migration V12.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parked {
    /// Grows with time.
    pub id: i64,
    /// unknown_key (we never asked for it), amount_mismatch (another amount than we asked for), reference_taken (the
    /// same movement stands for something else), not_booked (the books say otherwise), was_captured or was_refunded
    /// (it is said to have failed after it was said to be done).
    pub reason: String,
    /// The key of the attempt or refund that the provider named.
    pub key: String,
    /// The order, when there is one.
    pub order_id: Option<Uuid>,
    /// What the provider says: captured, declined, refunded.
    pub result: Option<String>,
    /// The provider's reference.
    pub gateway_reference: Option<String>,
    /// How much the provider says.
    pub amount: Option<Money>,
    /// RFC 3339.
    pub parked_at: String,
}

/// A page of what was put aside.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ParkedPage {
    /// Newest first.
    items: Vec<Parked>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// From the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// What the provider says was done and could not be booked, newest first.
#[utoipa::path(get, path = "/api/payments/parked", tag = "ledger", operation_id = "list_parked", params(Params), security(("bearer" = ["admin"])), responses(
    (status = 200, body = ParkedPage), (status = 400, description = "invalid-page or invalid-query")))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Admin])?;
    let limit = page::limit(params.limit)?;
    let before: Option<i64> = params.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let (items, next_cursor) = cut(store::parked(before, i64::from(limit) + 1).await?, limit);
    Ok(page_json(&items, next_cursor))
}
