//! Wishes to be told when a SKU that is sold out is back. Each is kept once, with one `stock.back_in_stock`.

use super::{path_sku, unknown_sku};
use crate::{store, views::Wish};
use http::StatusCode;
use serde::Deserialize;
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiPath, Identity, JsonText},
};

/// What `subscribe` answers; the migration says what each means.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Answer {
    Done { sku: String, since: String },
    UnknownSku,
    InStock { available: i64 },
}

/// Asks to be told, once, when a SKU that is sold out is back. Asking again changes nothing.
#[utoipa::path(post, path = "/api/inventory/stock/{sku}/notify-me", operation_id = "notify_me", tag = "wishes", params(("sku" = String, Path)),
    security(("bearer" = [])), responses(
    (status = 200, body = Wish), (status = 404, description = "No such SKU"),
    (status = 409, description = "in-stock: there is nothing to wait for, `available` pieces are on sale")))]
pub async fn add(identity: Identity, ApiPath(raw): ApiPath<String>) -> Result<JsonText, ApiError> {
    let sku = path_sku(&raw)?;
    let answer = store::wishes::add(&sku, &identity.0).await?;
    match serde_json::from_str(&answer).map_err(|error| ApiError::defect(&format!("subscribe: {error}")))? {
        Answer::Done { sku, since } => Ok(JsonText(format!("{{\"sku\":\"{sku}\",\"since\":\"{since}\"}}"))),
        Answer::UnknownSku => Err(unknown_sku(&raw)),
        Answer::InStock { available } => Err(Problem::conflict(
            "in-stock",
            format!("{sku} is on sale, {available} of it. There is nothing to wait for: buy it."),
        )
        .with("sku", sku)
        .with("available", available)
        .into()),
    }
}

/// Takes the wish back, if there is one.
#[utoipa::path(delete, path = "/api/inventory/stock/{sku}/notify-me", operation_id = "do_not_notify_me", tag = "wishes", params(("sku" = String, Path)),
    security(("bearer" = [])), responses((status = 204, description = "There is no wish (any more)"), (status = 404, description = "No such SKU")))]
pub async fn remove(identity: Identity, ApiPath(raw): ApiPath<String>) -> Result<StatusCode, ApiError> {
    let sku = path_sku(&raw)?;
    if store::wishes::remove(&sku, identity.0.sub).await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown_sku(&raw)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_the_database_is_understood() {
        let parse = |json| serde_json::from_str::<Answer>(json).unwrap();
        let done = Answer::Done { sku: "A".into(), since: "now".into() };
        assert_eq!(parse(r#"{"outcome": "done", "sku": "A", "since": "now"}"#), done);
        assert_eq!(parse(r#"{"outcome": "unknown_sku"}"#), Answer::UnknownSku);
        assert_eq!(parse(r#"{"outcome": "in_stock", "available": 3}"#), Answer::InStock { available: 3 });
    }
}
