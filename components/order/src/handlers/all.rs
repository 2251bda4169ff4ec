//! GET /api/orders/all: everybody's orders, for those who run the shop.

use super::{STAFF, list::page_json};
use crate::{
    domain::{moment::Moment, search::Search, status::Status, views::AllOrdersPage},
    store::{self, Filter},
};
use serde::Deserialize;
use souk_core::{page, problem::Problem};
use souk_host::{
    ApiError,
    http::{ApiQuery, Identity, JsonText},
};
use utoipa::{IntoParams, ToSchema};

/// Which orders come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The newest.
    Newest,
    /// The oldest.
    Oldest,
}

/// Which orders, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AllQuery {
    /// Those in this state.
    status: Option<Status>,
    /// Those placed at or after this moment.
    from: Option<Moment>,
    /// Those placed before this moment.
    until: Option<Moment>,
    /// An order's number, however it is written, or the beginning of an e-mail address; 1 to 254 characters.
    q: Option<String>,
    /// `newest` when left out.
    #[param(inline)]
    sort: Option<Sort>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Everybody's orders.
#[utoipa::path(get, path = "/api/orders/all", tag = "merchant", operation_id = "list_all_orders", params(AllQuery),
    security(("bearer" = ["support"]), ("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, description = "A page of orders", body = AllOrdersPage),
    (status = 400, description = "invalid-page or invalid-query"),
))]
pub async fn all(identity: Identity, ApiQuery(query): ApiQuery<AllQuery>) -> Result<JsonText, ApiError> {
    identity.require(&STAFF)?;
    let limit = page::limit(query.limit)?;
    let (number, email) = match query.q.as_deref().map(Search::parse) {
        None => (None, None),
        Some(Some(Search::Number(number))) => (Some(number), None),
        Some(Some(Search::Email(email))) => (None, Some(email)),
        Some(None) => {
            let detail = "`q` is an order's number or the beginning of an e-mail address, 1 to 254 characters.";
            return Err(Problem::bad_request("invalid-query", detail).into());
        }
    };
    let filter = Filter {
        status: query.status,
        from: query.from,
        until: query.until,
        number,
        email,
        oldest_first: query.sort == Some(Sort::Oldest),
        after: query.cursor.as_deref().map(page::decode_cursor).transpose()?,
    };
    let (items, next) = store::all_orders(&filter, limit).await?;
    Ok(JsonText(page_json(&items, next)))
}
