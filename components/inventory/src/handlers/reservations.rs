//! Reservations, for those who keep the stock: newest order first.

use super::{page_json, stock_keeper};
use crate::{store, views::ReservationPage};
use serde::Deserialize;
use souk_core::page;
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
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

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only these.
    #[param(inline)]
    status: Option<Status>,
    /// From the page before.
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
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
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    let limit = page::limit(params.limit)?;
    let before = params.cursor.as_deref().map(page::decode_cursor::<Uuid>).transpose()?;
    let filter = ReservationFilter { status: params.status, before };
    let (items, next) = store::reading::reservations(&filter, i64::from(limit)).await?;
    Ok(page_json(&items, next))
}
