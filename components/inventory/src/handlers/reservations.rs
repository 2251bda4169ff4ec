//! Reservations, for those who keep the stock: newest order first.

use super::stock_keeper;
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::page;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity},
    reply::Json,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What became of an order's stock.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Held until it is paid for or expires.
    Active,
    /// Sold.
    Committed,
    /// Given back.
    Released,
    /// Never held: not enough stock, or an unknown SKU.
    Rejected,
}

impl Status {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Committed => "committed",
            Self::Released => "released",
            Self::Rejected => "rejected",
        }
    }
}

/// One order's reservation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reservation {
    /// The order.
    pub order_id: Uuid,
    /// Its number, as the shopper knows it.
    pub order_number: Option<String>,
    /// active, committed, released or rejected.
    pub status: String,
    /// cancelled or expired, when released.
    pub release_reason: Option<String>,
    /// RFC 3339, when active.
    pub expires_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// What it holds, held or sold; empty when it never held anything.
    pub lines: Vec<ReservationLine>,
}

/// One SKU of a reservation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ReservationLine {
    /// The SKU.
    pub sku: String,
    /// Pieces.
    pub quantity: i64,
}

/// A page of reservations.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationPage {
    /// Newest order first.
    items: Vec<Reservation>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only these.
    status: Option<Status>,
    /// From the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    limit: Option<i64>,
}

/// Which reservations to read.
#[derive(Debug)]
pub struct ReservationFilter {
    /// Only in this state.
    pub status: Option<Status>,
    /// Only orders older than this one.
    pub before: Option<Uuid>,
}

/// Reservations, newest order first.
#[utoipa::path(get, path = "/api/inventory/reservations", operation_id = "list_reservations", tag = "reservations", params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = ReservationPage), (status = 400), (status = 401), (status = 403)))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<Json<ReservationPage>, ApiError> {
    stock_keeper(identity)?;
    let limit = page::limit(params.limit)?;
    let before = params.cursor.as_deref().map(page::decode_cursor::<Uuid>).transpose()?;
    let filter = ReservationFilter { status: params.status, before };
    let mut items = store::reservations(&filter, i64::from(limit) + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| page::encode_cursor(&last.order_id));
    Ok(Json(ReservationPage { items, next_cursor }))
}
