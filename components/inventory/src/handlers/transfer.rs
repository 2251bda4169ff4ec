//! Pieces moved from one location to another: the shop as a whole gets no more and no less.

use super::{
    change::{MOST_PIECES, out_of_bounds},
    idempotency::IdempotencyKey,
    path_sku, reason,
    refusal::Refusal,
    stock_keeper,
};
use crate::{
    domain::location::LocationCode,
    store::{self, keeping::Request},
};
use serde::{Deserialize, Serialize};
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, RequestContext},
    outbox,
    reply::Json,
};
use utoipa::ToSchema;

/// Pieces to move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Where from.
    pub from: LocationCode,
    /// Where to, another location.
    pub to: LocationCode,
    /// Pieces.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Why, for the ledger.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// What one side of a transfer has now.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Side {
    /// The location.
    location: String,
    /// Pieces there that are neither reserved nor sold.
    available: i64,
}

/// What a transfer left behind.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Transferred {
    /// The SKU.
    sku: String,
    /// Pieces on sale, over all locations.
    available: i64,
    /// Where they were.
    from: Side,
    /// Where they are.
    to: Side,
}

/// What `transfer_stock` answers; the migration says what each means.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Answer {
    Refused(Refusal),
    Done(Transferred),
}

/// Moves pieces that can be sold from one location to another. With an `Idempotency-Key`, a retry gets the first answer
/// again.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/transfer", operation_id = "transfer_stock", tag = "stock", request_body = Transfer,
    params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255)),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Transferred), (status = 404, description = "No such SKU"),
    (status = 409, description = "Less is available at `from`, or more than can be stocked at `to`; nothing was changed")))]
pub async fn transfer(
    identity: Identity,
    context: RequestContext,
    IdempotencyKey(key): IdempotencyKey,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<Transfer>,
) -> Result<Json<Transferred>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    let sku = path_sku(&raw)?;
    if !(1..=MOST_PIECES).contains(&body.quantity) {
        return Err(out_of_bounds("quantity", "from 1 to 1,000,000"));
    }
    if body.from == body.to {
        return Err(Problem::unprocessable("same-location", "from and to must be two locations.").into());
    }
    let reason = reason(&body.reason)?;
    let request = Request { actor, reason, key: key.as_deref(), traceparent: &context.traceparent };
    let answer = store::keeping::transfer_stock(&sku, &body, &request).await?;
    match serde_json::from_str(&answer).map_err(|error| ApiError::defect(&format!("transfer_stock: {error}")))? {
        Answer::Done(done) => {
            outbox::hint("inventory");
            Ok(Json(done))
        }
        Answer::Refused(refusal) => Err(refusal.problem(&sku, &body.from, &body.to)),
    }
}
