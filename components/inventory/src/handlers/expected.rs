//! When more of a SKU is expected, as the product page tells shoppers.

use super::{path_sku, stock::Availability, stock_keeper, unknown_sku};
use crate::{domain::day::Day, store};
use serde::{Deserialize, Deserializer};
use souk_core::problem::Problem;
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity},
    reply::Json,
};
use utoipa::ToSchema;

/// When more is expected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The day, from today (UTC) to two years ahead; null when nobody knows any more.
    #[serde(deserialize_with = "said")]
    #[schema(required)]
    on: Option<Day>,
}

/// With a function of its own, a field that is left out is an error and not null.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    Option::deserialize(deserializer)
}

/// What `expect_stock` answers; the migration says what each means.
#[derive(Debug, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Answer {
    Done(Availability),
    UnknownSku,
    Past { today: String },
    TooFar { last: String },
}

/// Says when more of a SKU is expected. It is shown from then on until that day has passed, or goods come: what is received, or
/// what a correction, a transfer or a location puts on sale when there is nothing. The ledger says who said it.
#[utoipa::path(put, path = "/api/inventory/stock/{sku}/expected", operation_id = "expect_stock", tag = "stock", request_body = Expectation,
    params(("sku" = String, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Availability), (status = 404, description = "No such SKU"),
    (status = 422, description = "invalid-body: no day; invalid-date: a day that has passed, or too far ahead")))]
pub async fn set(
    identity: Identity,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<Expectation>,
) -> Result<Json<Availability>, ApiError> {
    let actor = stock_keeper(identity)?.sub;
    let sku = path_sku(&raw)?;
    let refuse = |detail| Err(Problem::unprocessable("invalid-date", detail).into());
    let answer = store::keeping::expect_stock(&sku, body.on.as_ref(), actor).await?;
    match serde_json::from_str(&answer).map_err(|error| ApiError::defect(&format!("expect_stock: {error}")))? {
        Answer::Done(availability) => Ok(Json(availability)),
        Answer::UnknownSku => Err(unknown_sku(&raw)),
        Answer::Past { today } => {
            refuse(format!("That day has passed: today is {today} (UTC). Send a day to come, or null."))
        }
        Answer::TooFar { last } => refuse(format!("That is too far ahead. Send a day up to {last}, or null.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_day_is_said_with_null_and_never_by_silence() {
        let read = |json| serde_json::from_str::<Expectation>(json).map(|body| body.on);
        assert_eq!(read(r#"{"on": "2027-05-12"}"#).ok(), Some(Day::parse("2027-05-12")));
        assert_eq!(read(r#"{"on": null}"#).ok(), Some(None));
        for bad in ["{}", r#"{"on": 20270512}"#, r#"{"on": "12 May"}"#, r#"{"on": ""}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
