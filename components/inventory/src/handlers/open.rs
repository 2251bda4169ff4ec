//! The opening figures of an import: a SKU without history gets its first stock, every other one is left alone.

use super::{reason, stock_keeper};
use crate::store;
use serde::{Deserialize, Serialize};
use souk_core::{problem::Problem, sku::Sku};
use souk_host::{
    ApiError,
    http::{ApiJson, Identity, RequestContext},
    outbox,
    reply::Json,
};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The most lines in one batch.
const MOST_LINES: usize = 500;
/// The most pieces of one SKU to open with.
const MOST_PIECES: i64 = 1_000_000;

/// Opening figures.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningStock {
    /// 1 to 500 lines, each SKU once.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<OpeningLine>,
    /// Where the figures come from, for the ledger.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// One SKU's opening figure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningLine {
    /// The SKU; it need not be known yet.
    sku: Sku,
    /// Pieces: 0 to 1,000,000.
    #[schema(minimum = 0, maximum = 1_000_000)]
    received: i64,
}

/// What a batch did.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpeningResult {
    /// SKUs that got stock. The others had none to get, or a history already.
    changed: i64,
}

/// Gives SKUs without history their first stock, at `main`. Sending the same figures again changes nothing.
#[utoipa::path(post, path = "/api/inventory/stock/batch", operation_id = "open_stock", tag = "stock", request_body = OpeningStock, security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = OpeningResult), (status = 401), (status = 403), (status = 422)))]
pub async fn batch(
    identity: Identity,
    context: RequestContext,
    ApiJson(body): ApiJson<OpeningStock>,
) -> Result<Json<OpeningResult>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    check(&body.lines)?;
    let lines = serde_json::to_string(&body.lines).map_err(|error| ApiError::defect(&error.to_string()))?;
    let changed = store::keeping::open_stock(&lines, reason(&body.reason)?, actor, &context.traceparent).await?;
    if changed > 0 {
        outbox::hint("inventory");
    }
    Ok(Json(OpeningResult { changed }))
}

fn check(lines: &[OpeningLine]) -> Result<(), ApiError> {
    let refuse = |detail: String| Err(Problem::unprocessable("invalid-lines", detail).into());
    if lines.is_empty() || lines.len() > MOST_LINES {
        return refuse(format!("Send 1 to {MOST_LINES} lines at once."));
    }
    let mut seen = BTreeSet::new();
    for line in lines {
        if !(0..=MOST_PIECES).contains(&line.received) {
            return refuse(format!("received of {} must be from 0 to 1,000,000.", line.sku));
        }
        if !seen.insert(&line.sku) {
            return refuse(format!("{} stands in more than one line; add the lines up first.", line.sku));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sku: &str, received: i64) -> OpeningLine {
        OpeningLine { sku: Sku::parse(sku).unwrap(), received }
    }

    #[test]
    fn a_batch_has_each_sku_once_and_sane_figures() {
        assert!(check(&[line("A", 0), line("B", 1_000_000)]).is_ok());
        let too_many: Vec<_> = (0..501).map(|n| line(&format!("S{n}"), 1)).collect();
        for bad in [vec![], vec![line("A", -1)], vec![line("A", 1_000_001)], vec![line("A", 1), line("A", 2)], too_many]
        {
            assert_eq!(check(&bad).map_err(|error| error.status()), Err(422));
        }
    }
}
