//! Events that a consumer could not apply, for those who operate the shop: what `souk dlq` does, for a browser.

use super::require_operator;
use crate::{
    domain::stream::{EntryId, Stream},
    streams::{self, DeadLetter, Replayed},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use souk_core::{page, problem::Problem};
use souk_host::{
    ApiError,
    http::{ApiPath, ApiQuery, Identity},
    reply::Json,
};
use utoipa::{IntoParams, ToSchema};

/// Query parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Those of this stream alone.
    #[param(inline)]
    stream: Option<Stream>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// A page of dead letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterPage {
    /// Newest first.
    items: Vec<DeadLetter>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A dead letter with its event.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetterContent {
    letter: DeadLetter,
    /// The event as it was on the stream. Text: what is no JSON is why some events end here.
    event: String,
}

/// Events that consumers gave up on.
#[utoipa::path(get, path = "/api/analytics/dead-letters", operation_id = "list_dead_letters", tag = "operations",
    params(Params), security(("bearer" = ["admin"])), responses((status = 200, body = DeadLetterPage)))]
pub async fn list(identity: Identity, ApiQuery(params): ApiQuery<Params>) -> Result<Json<DeadLetterPage>, ApiError> {
    require_operator(&identity)?;
    let limit = page::limit(params.limit)?;
    let after = params.cursor.as_deref().map(page::decode_cursor::<(Stream, EntryId)>).transpose()?;
    let wanted: Vec<Stream> = params.stream.map_or_else(|| Stream::ALL.to_vec(), |stream| vec![stream]);
    let mut items = streams::letters(&wanted, limit + 1, after.as_ref()).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| page::encode_cursor(&(last.stream, &last.entry)));
    Ok(Json(DeadLetterPage { items, next_cursor }))
}

/// A dead letter and the event in it.
#[utoipa::path(get, path = "/api/analytics/dead-letters/{stream}/{entry}", operation_id = "show_dead_letter",
    tag = "operations", security(("bearer" = ["admin"])),
    params(("stream" = String, Path, description = "As in `order`"), ("entry" = String, Path, description = "As in the list")),
    responses((status = 200, body = DeadLetterContent), (status = 404, description = "dead-letter-unknown")))]
pub async fn show(
    identity: Identity,
    ApiPath((stream, entry)): ApiPath<(Stream, EntryId)>,
) -> Result<Json<DeadLetterContent>, ApiError> {
    require_operator(&identity)?;
    let (letter, event) = streams::show(stream, &entry).await?.ok_or_else(unknown)?;
    Ok(Json(DeadLetterContent { letter, event }))
}

/// Puts the event back on its stream, for every group that reads it, and takes the letter away. Groups that applied the
/// event before do nothing. One that cannot be applied still comes back as a new letter.
#[utoipa::path(post, path = "/api/analytics/dead-letters/{stream}/{entry}/replay", operation_id = "replay_dead_letter",
    tag = "operations", security(("bearer" = ["admin"])),
    params(("stream" = String, Path, description = "As in `order`"), ("entry" = String, Path, description = "As in the list")),
    responses((status = 204, description = "It is back on its stream"), (status = 404, description = "dead-letter-unknown"),
    (status = 409, description = "dead-letter-empty: it holds no event; drop it")))]
pub async fn replay(
    identity: Identity,
    ApiPath((stream, entry)): ApiPath<(Stream, EntryId)>,
) -> Result<StatusCode, ApiError> {
    require_operator(&identity)?;
    match streams::replay(stream, &entry).await? {
        Replayed::Yes => {
            note(&identity, "dead letter replayed", stream, &entry);
            Ok(StatusCode::NO_CONTENT)
        }
        Replayed::Unknown => Err(unknown().into()),
        Replayed::Empty => Err(Problem::conflict("dead-letter-empty", "This letter holds no event. Drop it.").into()),
    }
}

/// Takes a dead letter away for good. Its event is applied nowhere where it was not applied before.
#[utoipa::path(delete, path = "/api/analytics/dead-letters/{stream}/{entry}", operation_id = "drop_dead_letter",
    tag = "operations", security(("bearer" = ["admin"])),
    params(("stream" = String, Path, description = "As in `order`"), ("entry" = String, Path, description = "As in the list")),
    responses((status = 204, description = "Gone"), (status = 404, description = "dead-letter-unknown")))]
pub async fn discard(
    identity: Identity,
    ApiPath((stream, entry)): ApiPath<(Stream, EntryId)>,
) -> Result<StatusCode, ApiError> {
    require_operator(&identity)?;
    if !streams::drop_letter(stream, &entry).await? {
        return Err(unknown().into());
    }
    note(&identity, "dead letter dropped", stream, &entry);
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> Problem {
    Problem::not_found("dead-letter-unknown", "There is no such dead letter; it may have been replayed or dropped.")
}

/// Who did what to an event is asked later.
fn note(identity: &Identity, what: &str, stream: Stream, entry: &EntryId) {
    let line = format!(
        "{{\"level\":\"info\",\"service\":\"analytics\",\"message\":\"{what}\",\"stream\":\"{}\",\"entry\":\"{}\",\"by\":\"{}\"}}",
        stream.key(),
        entry.as_str(),
        identity.0.sub
    );
    eprintln!("{line}");
}
