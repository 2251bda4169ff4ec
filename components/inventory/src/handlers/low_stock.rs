//! How many there are of each SKU, least of all what is running out, for those who keep the stock.

use super::{page_json, stock_keeper};
use crate::{
    domain::search,
    store::{self, reading::StockFilter},
    views::LowStockPage,
};
use serde::Deserialize;
use souk_core::{page, problem::Problem, sku::Sku, text};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::IntoParams;

/// The highest threshold.
pub(super) const HIGHEST_THRESHOLD: i64 = 1_000_000;

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The most pieces that count as low, for every SKU alike; when left out, each SKU's own threshold counts.
    #[param(minimum = 0, maximum = 1_000_000)]
    threshold: Option<i64>,
    /// Words that the title has, or the SKU, however their letters are cased.
    #[param(max_length = 100)]
    q: Option<String>,
    /// From the page before.
    cursor: Option<String>,
    /// 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// SKUs of which at most their threshold, or `threshold` pieces, can be sold, in SKU order, which does not change while
/// stock does. With 1,000,000 for `threshold` that is every SKU.
#[utoipa::path(get, path = "/api/inventory/low-stock", operation_id = "list_low_stock", tag = "stock", params(Params), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = LowStockPage), (status = 400), (status = 401), (status = 403)))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    if params.threshold.is_some_and(|threshold| !(0..=HIGHEST_THRESHOLD).contains(&threshold)) {
        return Err(Problem::bad_request("invalid-threshold", "threshold must be from 0 to 1,000,000.").into());
    }
    let q = text::line(params.q.as_deref().unwrap_or_default(), 0, 100)
        .map_err(|error| Problem::bad_request("invalid-query", format!("q {error}.")))?;
    let limit = page::limit(params.limit)?;
    let after = params.cursor.as_deref().map(page::decode_cursor::<Sku>).transpose()?;
    let filter = StockFilter { patterns: search::patterns(q), threshold: params.threshold, after };
    let (items, next) = store::reading::low_stock(&filter, i64::from(limit)).await?;
    Ok(page_json(&items, next))
}
