//! GET and DELETE /api/users/me/sessions: where the account is signed in.
//! POST /api/users/logout-all: signs out everywhere.

use crate::store;
use axum::http::StatusCode;
use serde::Serialize;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::{ApiPath, Identity, JsonText};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where an account is signed in.
#[derive(Serialize, ToSchema)]
pub struct Sessions {
    /// The most recently used first.
    items: Vec<Session>,
}

/// One sign-in on one device.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// UUIDv7.
    id: Uuid,
    /// What the browser called itself when it signed in.
    #[schema(required, example = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")]
    device: Option<String>,
    /// When it was signed in, RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// When its tokens were last exchanged, RFC 3339.
    #[schema(format = "date-time")]
    last_used_at: String,
    /// When it ends unless it is used, RFC 3339.
    #[schema(format = "date-time")]
    expires_at: String,
}

/// Where the bearer's account is signed in.
#[utoipa::path(get, path = "/api/users/me/sessions", tag = "accounts", operation_id = "list_sessions",
    security(("bearer" = [])), responses((status = 200, description = "The sessions that go on", body = Sessions)))]
pub async fn list(identity: Identity) -> Result<JsonText, ApiError> {
    let items = store::sessions(identity.0.sub).await?;
    Ok(JsonText(format!("{{\"items\":{items}}}")))
}

/// Ends one session of the bearer. Its access token still runs out by itself, within a quarter of an hour.
#[utoipa::path(delete, path = "/api/users/me/sessions/{id}", tag = "accounts", operation_id = "end_session",
    params(("id" = Uuid, Path, description = "The session")), security(("bearer" = [])), responses(
        (status = 204, description = "Ended"),
        (status = 404, description = "session-unknown: over, or not yours"),
    ))]
pub async fn end(identity: Identity, ApiPath(id): ApiPath<Uuid>) -> Result<StatusCode, ApiError> {
    if store::end_session(identity.0.sub, id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("session-unknown", "You have no such session. It may have ended already.").into())
}

/// Ends every session of the bearer, on all devices. Access tokens still run out by themselves.
#[utoipa::path(post, path = "/api/users/logout-all", tag = "accounts", security(("bearer" = [])), responses(
    (status = 204, description = "Signed out everywhere"),
))]
pub async fn logout_all(identity: Identity) -> Result<StatusCode, ApiError> {
    store::end_all_sessions(identity.0.sub).await?;
    Ok(StatusCode::NO_CONTENT)
}
