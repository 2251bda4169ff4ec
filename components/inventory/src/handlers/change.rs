//! Stock changed by hand: goods that came in, and corrections after a count.

use super::{idempotency::IdempotencyKey, path_sku, reason, stock::Availability, stock_keeper, unknown_sku};
use crate::store;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, RequestContext},
    outbox,
    reply::Json,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The most pieces one change may move.
const MOST_PIECES: i64 = 1_000_000;

/// A correction.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Adjustment {
    /// Pieces found (positive) or missing (negative): from -1,000,000 to 1,000,000, not 0.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    delta: i64,
    /// Why, for the ledger: 1 to 200 characters.
    reason: String,
}

/// Goods that came in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Receipt {
    /// Pieces: 1 to 1,000,000.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantity: i64,
    /// Where from, for the ledger: 1 to 200 characters.
    reason: String,
}

/// One movement for the ledger.
#[derive(Debug)]
pub struct Movement<'a> {
    /// `adjusted` or `received`.
    pub kind: &'static str,
    /// Pieces.
    pub delta: i64,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub actor: Uuid,
}

/// Corrects what can be sold of a SKU. With an `Idempotency-Key`, a retry gets the first answer again.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/adjust", operation_id = "adjust_stock", tag = "stock", request_body = Adjustment,
    params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Availability), (status = 401), (status = 403), (status = 404, description = "No such SKU"),
    (status = 409, description = "Less is available than is written off; nothing was changed"), (status = 422)))]
pub async fn adjust(
    identity: Identity,
    context: RequestContext,
    IdempotencyKey(key): IdempotencyKey,
    ApiPath(sku): ApiPath<String>,
    ApiJson(body): ApiJson<Adjustment>,
) -> Result<Json<Availability>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    if body.delta == 0 || !(-MOST_PIECES..=MOST_PIECES).contains(&body.delta) {
        return Err(out_of_bounds("delta", "from -1,000,000 to 1,000,000 and not 0"));
    }
    let movement = Movement { kind: "adjusted", delta: body.delta, reason: reason(&body.reason)?, actor };
    change(&sku, &movement, key.as_deref(), &context).await
}

/// Adds goods that came in. With an `Idempotency-Key`, a retry gets the first answer again.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/receive", operation_id = "receive_stock", tag = "stock", request_body = Receipt,
    params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Availability), (status = 401), (status = 403), (status = 404, description = "No such SKU"),
    (status = 409, description = "More than can be stocked; nothing was changed"), (status = 422)))]
pub async fn receive(
    identity: Identity,
    context: RequestContext,
    IdempotencyKey(key): IdempotencyKey,
    ApiPath(sku): ApiPath<String>,
    ApiJson(body): ApiJson<Receipt>,
) -> Result<Json<Availability>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    if !(1..=MOST_PIECES).contains(&body.quantity) {
        return Err(out_of_bounds("quantity", "from 1 to 1,000,000"));
    }
    let movement = Movement { kind: "received", delta: body.quantity, reason: reason(&body.reason)?, actor };
    change(&sku, &movement, key.as_deref(), &context).await
}

fn out_of_bounds(field: &str, bounds: &str) -> ApiError {
    Problem::unprocessable("invalid-quantity", format!("{field} must be a whole number {bounds}.")).into()
}

/// What `change_stock` answers; the migration says what each means.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Answer {
    Done { sku: String, available: i64 },
    UnknownSku,
    NotEnough { available: i64 },
    TooMuch { received: i64 },
    KeyReused,
}

async fn change(
    raw_sku: &str,
    movement: &Movement<'_>,
    key: Option<&str>,
    context: &RequestContext,
) -> Result<Json<Availability>, ApiError> {
    let sku = path_sku(raw_sku)?;
    let answer = store::change_stock(&sku, movement, key, &context.traceparent).await?;
    match serde_json::from_str(&answer).map_err(|error| ApiError::defect(&format!("change_stock: {error}")))? {
        Answer::Done { sku, available } => {
            outbox::hint("inventory");
            Ok(Json(Availability { sku, available }))
        }
        Answer::UnknownSku => Err(unknown_sku(raw_sku)),
        Answer::NotEnough { available } => Err(Problem::conflict(
            "not-enough-stock",
            format!("Only {available} of {sku} can be written off; the rest is reserved or sold. Nothing was changed."),
        )
        .with("sku", sku)
        .with("available", available)
        .into()),
        Answer::TooMuch { received } => Err(Problem::conflict(
            "too-much-stock",
            format!("{sku} would pass the most that can be stocked, 1,000,000,000. Nothing was changed."),
        )
        .with("sku", sku)
        .with("received", received)
        .into()),
        Answer::KeyReused => Err(Problem::unprocessable(
            "idempotency-key-reused",
            "This Idempotency-Key was used for another request. Use a new key for a new change.",
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_the_database_is_understood() {
        let parse = |json| serde_json::from_str::<Answer>(json).unwrap();
        assert_eq!(
            parse(r#"{"outcome": "done", "sku": "A", "available": 3}"#),
            Answer::Done { sku: "A".into(), available: 3 }
        );
        assert_eq!(parse(r#"{"outcome": "unknown_sku"}"#), Answer::UnknownSku);
        assert_eq!(parse(r#"{"outcome": "not_enough", "available": 3}"#), Answer::NotEnough { available: 3 });
        assert_eq!(parse(r#"{"outcome": "too_much", "received": 3}"#), Answer::TooMuch { received: 3 });
        assert_eq!(parse(r#"{"outcome": "key_reused"}"#), Answer::KeyReused);
    }

    #[test]
    fn a_delta_beyond_every_integer_is_not_a_delta() {
        for bad in ["1e30", "99999999999999999999", "1.5", "\"7\"", "null", "-9223372036854775809"] {
            let body = format!(r#"{{"delta": {bad}, "reason": "count"}}"#);
            assert!(serde_json::from_str::<Adjustment>(&body).is_err(), "{bad}");
        }
    }
}
