//! The places that have stock. A location is never removed, since ledger and orders name it: it is deactivated.

use super::stock_keeper;
use crate::{
    domain::location::LocationCode,
    store,
    views::{Location, LocationList},
};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use souk_core::{problem::Problem, text};
use souk_host::{
    ApiError,
    http::{ApiJson, ApiPath, Identity, JsonText, RequestContext},
    outbox,
    reply::json_text,
};
use utoipa::ToSchema;

/// The highest priority number.
const LAST_PRIORITY: i32 = 1_000_000;

/// A location to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLocation {
    /// Its code, which cannot be changed.
    code: LocationCode,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The lowest ships first; of two alike, the first by code.
    #[serde(default = "usual_priority")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    priority: i32,
    /// Whether it ships.
    #[serde(default = "yes")]
    active: bool,
}

/// What to change of a location; what is left out or null stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationChange {
    /// Its name for people.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The lowest ships first.
    #[schema(minimum = 0, maximum = 1_000_000)]
    priority: Option<i32>,
    /// Whether it ships.
    active: Option<bool>,
}

fn usual_priority() -> i32 {
    100
}

fn yes() -> bool {
    true
}

/// What `add_location` and `change_location` answer; the migration says what each means.
#[derive(Debug, Deserialize)]
struct Answer {
    outcome: String,
    location: Option<Box<RawValue>>,
    most: Option<i64>,
    reserved: Option<i64>,
}

/// All locations, the one that ships first at the top.
#[utoipa::path(get, path = "/api/inventory/locations", operation_id = "list_locations", tag = "locations",
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses((status = 200, body = LocationList)))]
pub async fn list(identity: Identity) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    Ok(JsonText(format!("{{\"items\":{}}}", store::reading::locations().await?)))
}

/// Adds a location, with nothing in it.
#[utoipa::path(post, path = "/api/inventory/locations", operation_id = "add_location", tag = "locations", request_body = NewLocation,
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 201, body = Location), (status = 409, description = "location-exists, or location-limit: there are 100 already")))]
pub async fn add(identity: Identity, ApiJson(body): ApiJson<NewLocation>) -> Result<Response, ApiError> {
    stock_keeper(identity)?;
    let name = name(&body.name)?;
    check_priority(body.priority)?;
    let answer = store::keeping::add_location(&body.code, name, body.priority, body.active).await?;
    Ok(json_text(StatusCode::CREATED, done(&body.code, &answer)?))
}

/// Changes a location. Deactivating it takes what it has off sale.
#[utoipa::path(patch, path = "/api/inventory/locations/{code}", operation_id = "change_location", tag = "locations", request_body = LocationChange,
    params(("code" = String, Path)), security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
    (status = 200, body = Location), (status = 404, description = "unknown-location"),
    (status = 409, description = "location-owes-pieces: `reserved` are promised from there; or last-location: another must ship")))]
pub async fn change(
    identity: Identity,
    context: RequestContext,
    ApiPath(raw): ApiPath<String>,
    ApiJson(body): ApiJson<LocationChange>,
) -> Result<JsonText, ApiError> {
    stock_keeper(identity)?;
    let code = LocationCode::parse(&raw).ok_or_else(unknown)?;
    let name = body.name.as_deref().map(name).transpose()?;
    body.priority.map(check_priority).transpose()?;
    let answer = store::keeping::change_location(&code, name, body.priority, body.active, &context.traceparent).await?;
    let location = done(&code, &answer)?;
    if body.active.is_some() {
        outbox::hint("inventory");
    }
    Ok(JsonText(location))
}

fn name(raw: &str) -> Result<&str, ApiError> {
    text::line(raw, 1, 100).map_err(|error| Problem::unprocessable("invalid-name", format!("name {error}.")).into())
}

fn check_priority(priority: i32) -> Result<(), ApiError> {
    if (0..=LAST_PRIORITY).contains(&priority) {
        Ok(())
    } else {
        Err(Problem::unprocessable("invalid-priority", "priority must be from 0 to 1,000,000.").into())
    }
}

fn unknown() -> ApiError {
    let detail = "There is no such location. GET /api/inventory/locations lists them.";
    Problem::not_found("unknown-location", detail).into()
}

/// The location's JSON, or why nothing was changed.
fn done(code: &LocationCode, answer: &str) -> Result<String, ApiError> {
    let code = code.as_str();
    let answer: Answer = serde_json::from_str(answer).map_err(|error| ApiError::defect(&format!("{error}")))?;
    match (answer.outcome.as_str(), answer.location) {
        ("done", Some(location)) => Ok(location.get().to_owned()),
        ("unknown", _) => Err(unknown()),
        ("exists", _) => {
            let detail = format!("There is a location {code} already. Change that one, or choose another code.");
            Err(Problem::conflict("location-exists", detail).into())
        }
        ("too_many", _) => {
            let most = answer.most.unwrap_or_default();
            let detail = format!("A shop has {most} locations at most. Give one that is not used another name.");
            Err(Problem::conflict("location-limit", detail).with("most", most).into())
        }
        ("has_reservations", _) => {
            let reserved = answer.reserved.unwrap_or_default();
            let detail = format!(
                "{reserved} pieces at {code} are promised to orders. Wait until they are paid for or expire, and try again."
            );
            Err(Problem::conflict("location-owes-pieces", detail).with("reserved", reserved).into())
        }
        ("last_active", _) => {
            let detail = format!("{code} is the only location that ships. Activate another first.");
            Err(Problem::conflict("last-location", detail).into())
        }
        (other, _) => Err(ApiError::defect(&format!("a change of a location ended with {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_the_database_is_understood() {
        let code = LocationCode::main();
        assert_eq!(
            done(&code, r#"{"outcome": "done", "location": {"code": "main"}}"#),
            Ok(r#"{"code": "main"}"#.into())
        );
        let status = |answer: &str| done(&code, answer).map_err(|error| error.status());
        assert_eq!(status(r#"{"outcome": "unknown"}"#), Err(404));
        for refused in ["exists", "too_many", "has_reservations", "last_active"] {
            assert_eq!(status(&format!(r#"{{"outcome": "{refused}"}}"#)), Err(409), "{refused}");
        }
        assert_eq!(status(r#"{"outcome": "surprise"}"#), Err(500));
    }
}
