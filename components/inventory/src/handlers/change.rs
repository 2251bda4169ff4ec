//! Stock changed by hand: goods that came in, and corrections after a count.

use super::{idempotency::IdempotencyKey, path_sku, reason, refusal::Refusal, stock::Availability, stock_keeper};
use crate::{
    domain::location::LocationCode,
    store::{self, keeping::Request},
};
use serde::Deserialize;
use souk_core::{problem::Problem, sku::Sku};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, RequestContext},
    outbox,
    reply::Json,
};
use utoipa::ToSchema;

/// The most pieces one change may move.
pub(super) const MOST_PIECES: i64 = 1_000_000;

/// A correction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Pieces found (positive) or missing (negative), not 0.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    delta: i64,
    /// Why, for the ledger.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// Where; `main` when left out.
    #[serde(default = "LocationCode::main")]
    location: LocationCode,
}

/// Goods that came in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Pieces.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantity: i64,
    /// Where from, for the ledger.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// Where to; `main` when left out.
    #[serde(default = "LocationCode::main")]
    location: LocationCode,
}

/// One movement for the ledger.
#[derive(Debug)]
pub struct Movement {
    /// `adjusted` or `received`.
    pub kind: &'static str,
    /// Pieces.
    pub delta: i64,
    /// Where.
    pub location: LocationCode,
}

/// Corrects what can be sold of a SKU. With an `Idempotency-Key`, a retry gets the first answer again.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/adjust", operation_id = "adjust_stock", tag = "stock", request_body = Adjustment,
    params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255)),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Availability), (status = 404, description = "No such SKU"),
    (status = 409, description = "Less is available there than is written off, or more than can be stocked; nothing was changed")))]
pub async fn adjust(
    identity: Identity,
    context: RequestContext,
    IdempotencyKey(key): IdempotencyKey,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<Adjustment>,
) -> Result<Json<Availability>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    let sku = path_sku(&raw)?;
    if body.delta == 0 || !(-MOST_PIECES..=MOST_PIECES).contains(&body.delta) {
        return Err(out_of_bounds("delta", "from -1,000,000 to 1,000,000 and not 0"));
    }
    let reason = reason(&body.reason)?;
    let request = Request { actor, reason, key: key.as_deref(), traceparent: &context.traceparent };
    change(&sku, &Movement { kind: "adjusted", delta: body.delta, location: body.location }, &request).await
}

/// Adds goods that came in. With an `Idempotency-Key`, a retry gets the first answer again.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/receive", operation_id = "receive_stock", tag = "stock", request_body = Receipt,
    params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255)),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Availability), (status = 404, description = "No such SKU"),
    (status = 409, description = "More than can be stocked; nothing was changed")))]
pub async fn receive(
    identity: Identity,
    context: RequestContext,
    IdempotencyKey(key): IdempotencyKey,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<Receipt>,
) -> Result<Json<Availability>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    let sku = path_sku(&raw)?;
    if !(1..=MOST_PIECES).contains(&body.quantity) {
        return Err(out_of_bounds("quantity", "from 1 to 1,000,000"));
    }
    let reason = reason(&body.reason)?;
    let request = Request { actor, reason, key: key.as_deref(), traceparent: &context.traceparent };
    change(&sku, &Movement { kind: "received", delta: body.quantity, location: body.location }, &request).await
}

pub(super) fn out_of_bounds(field: &str, bounds: &str) -> ApiError {
    Problem::unprocessable("invalid-quantity", format!("{field} must be a whole number {bounds}.")).into()
}

/// What `change_stock` answers; the migration says what each means.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Answer {
    Refused(Refusal),
    Done(Availability),
}

async fn change(sku: &Sku, movement: &Movement, request: &Request<'_>) -> Result<Json<Availability>, ApiError> {
    let answer = store::keeping::change_stock(sku, movement, request).await?;
    match serde_json::from_str(&answer).map_err(|error| ApiError::defect(&format!("change_stock: {error}")))? {
        Answer::Done(done) => {
            outbox::hint("inventory");
            Ok(Json(done))
        }
        Answer::Refused(refusal) => Err(refusal.problem(sku, &movement.location, &movement.location)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_and_what_was_refused_are_told_apart() {
        let parse = |json| serde_json::from_str::<Answer>(json).unwrap();
        let done = |day: Option<&str>| {
            Answer::Done(Availability { sku: "A".into(), available: 3, expected_on: day.map(str::to_owned) })
        };
        let told = r#"{"outcome": "done", "sku": "A", "available": 3, "expected_on": "2027-05-12"}"#;
        assert_eq!(parse(told), done(Some("2027-05-12")));
        let remembered = r#"{"outcome": "done", "sku": "A", "available": 3}"#; // from before there was such a day
        assert_eq!(parse(remembered), done(None));
        let refused = Answer::Refused(Refusal::NotEnough { available: 3 });
        assert_eq!(parse(r#"{"outcome": "not_enough", "available": 3}"#), refused);
    }

    #[test]
    fn a_delta_beyond_every_integer_is_not_a_delta() {
        for bad in ["1e30", "99999999999999999999", "1.5", "\"7\"", "null", "-9223372036854775809"] {
            let body = format!(r#"{{"delta": {bad}, "reason": "count"}}"#);
            assert!(serde_json::from_str::<Adjustment>(&body).is_err(), "{bad}");
        }
    }
}
