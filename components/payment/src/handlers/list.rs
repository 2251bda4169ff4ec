//! Payments, for support and admins: newest order first.

use super::{cut, page_json, show::Payment};
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{page, token::Role};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which payments are listed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentFilter {
    /// Being made.
    Pending,
    /// The payment provider has not answered yet.
    Unknown,
    /// Held, waiting to be captured.
    Authorized,
    /// Being taken.
    Capturing,
    /// Being let go.
    Voiding,
    /// Taken; also those that were given back since.
    Captured,
    /// Refused.
    Declined,
    /// Held and let go.
    Voided,
    /// Of orders that were cancelled before anything was charged.
    Cancelled,
}

impl PaymentFilter {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Authorized => "authorized",
            Self::Capturing => "capturing",
            Self::Voiding => "voiding",
            Self::Captured => "captured",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A page of payments.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PaymentPage {
    /// Newest order first.
    items: Vec<Payment>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Only these.
    #[param(inline)]
    status: Option<PaymentFilter>,
    /// From the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Payments, newest order first.
#[utoipa::path(get, path = "/api/payments", tag = "payments", operation_id = "list_payments", params(Params), security(("bearer" = ["support"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = PaymentPage), (status = 400, description = "invalid-page or invalid-query")))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    identity.require(&[Role::Support, Role::Admin])?;
    let limit = page::limit(params.limit)?;
    let before: Option<Uuid> = params.cursor.as_deref().map(page::decode_cursor).transpose()?;
    let rows = store::payments(params.status.map(PaymentFilter::as_str), before, i64::from(limit) + 1).await?;
    let (items, next_cursor) = cut(rows, limit);
    Ok(page_json(&items, next_cursor))
}
