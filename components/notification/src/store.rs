//! All SQL of the service. Each function is one statement.

use crate::domain::effect::Effect;
use crate::domain::locale::Locale;
use crate::domain::plan::{Ask, Known};
use serde::de::DeserializeOwned;
use souk_host::db::{Db, DbError, Row, p};
use uuid::Uuid;

/// Rows that one tick forgets at most.
const SWEEP_LIMIT: i32 = 1000;

/// Which messages to list.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    /// Of this user only.
    pub user_id: Option<Uuid>,
    /// With this status only.
    pub status: Option<&'a str>,
    /// Of this kind only.
    pub template: Option<&'a str>,
    /// To this address only, in lower case.
    pub recipient: Option<&'a str>,
    /// About this order only.
    pub order_id: Option<Uuid>,
    /// Older than this message only.
    pub before: Option<Uuid>,
}

/// A message, and what is needed to send it again.
pub struct Kept {
    /// The message as JSON.
    pub view: String,
    /// The event that it was made from, while that is kept.
    pub source: Option<String>,
    /// Where its recipient's mails go now; none once that was erased.
    pub address: Option<String>,
}

/// Applies the effects of a batch of events; returns how many mails were queued.
pub async fn apply(effects: &[Effect]) -> Result<i64, DbError> {
    let row = Db::connect().await?.one("SELECT apply_effects($1)", vec![p::json(&effects)]).await?;
    some(row)?.int(0)
}

/// What is known about the orders and accounts of a batch.
pub async fn known(ask: &Ask) -> Result<Known, DbError> {
    let ids = |ids: &[Uuid]| p::text_array(ids.iter().map(Uuid::to_string));
    let sql = "SELECT known(($1::text[])::uuid[], ($2::text[])::uuid[])";
    read(Db::connect().await?.json(sql, vec![ids(&ask.orders), ids(&ask.users)]).await?)
}

/// A page of messages, newest first, as a JSON array, and the id to go on from. `view` is the SQL function that
/// shows a message.
pub async fn messages(view: &str, filter: &Filter<'_>, limit: u32) -> Result<(String, Option<Uuid>), DbError> {
    let sql = format!(
        "SELECT coalesce(jsonb_agg({view}(m) ORDER BY (m).id DESC) FILTER (WHERE n <= $7::bigint), '[]'),
           (array_agg((m).id) FILTER (WHERE n = $7::bigint AND total > $7::bigint))[1]
         FROM (SELECT m, row_number() OVER (ORDER BY (m).id DESC) AS n, count(*) OVER () AS total
               FROM (SELECT m FROM messages AS m
                     WHERE ($1::uuid IS NULL OR user_id = $1) AND ($2::text IS NULL OR status = $2)
                       AND ($3::text IS NULL OR template = $3) AND ($4::text IS NULL OR recipient = $4)
                       AND ($5::uuid IS NULL OR order_id = $5) AND ($6::uuid IS NULL OR id < $6)
                     ORDER BY id DESC LIMIT $7::bigint + 1) AS found) AS page"
    );
    let params = vec![
        p::opt_uuid(filter.user_id),
        p::opt_text(filter.status),
        p::opt_text(filter.template),
        p::opt_text(filter.recipient),
        p::opt_uuid(filter.order_id),
        p::opt_uuid(filter.before),
        p::int(i64::from(limit)),
    ];
    let row = some(Db::connect().await?.one(&sql, params).await?)?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// A message with what support needs to look at it and to send it again.
pub async fn message(id: Uuid) -> Result<Option<Kept>, DbError> {
    let sql = "SELECT view, source, address FROM message_with_source($1)";
    let row = Db::connect().await?.one(sql, vec![p::uuid(id)]).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(view) = row.json_opt(0)? else { return Ok(None) };
    Ok(Some(Kept { view, source: row.json_opt(1)?, address: row.text_opt(2)? }))
}

/// Sends a message again; returns the outcome and the new message.
pub async fn resend(effect: &Effect) -> Result<(String, Option<String>), DbError> {
    let sql = "SELECT outcome, view FROM resend_message($1)";
    let row = some(Db::connect().await?.one(sql, vec![p::json(effect)]).await?)?;
    Ok((row.text(0)?, row.json_opt(1)?))
}

/// What somebody chose, as JSON.
pub async fn preferences(user_id: Uuid) -> Result<String, DbError> {
    let row = Db::connect().await?.one("SELECT preferences_of($1)", vec![p::uuid(user_id)]).await?;
    some(row)?.json(0)
}

/// Changes what is given; returns what then counts, as JSON.
pub async fn set_preferences(
    user_id: Uuid,
    locale: Option<Locale>,
    stock: Option<bool>,
    news: Option<bool>,
) -> Result<String, DbError> {
    let flag = |value: Option<bool>| value.map_or(p::null(), p::bool);
    let locale = p::opt_text(locale.map(Locale::as_str));
    let params = vec![p::uuid(user_id), locale, flag(stock), flag(news)];
    let row = Db::connect().await?.one("SELECT set_preferences($1, $2, $3, $4)", params).await?;
    some(row)?.json(0)
}

/// Ends the kind of mail that a link is for; its name, unless the link is unknown.
pub async fn unsubscribe(token: &str) -> Result<Option<String>, DbError> {
    let row = Db::connect().await?.one("SELECT unsubscribe($1)", vec![p::text(token)]).await?;
    some(row)?.text_opt(0)
}

/// Forgets a slice of what is no longer needed.
pub async fn sweep() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sweep($1)", vec![p::int4(SWEEP_LIMIT)]).await.map(drop)
}

fn some(row: Option<Row>) -> Result<Row, DbError> {
    row.ok_or_else(|| DbError::Other("a function returned nothing".to_owned()))
}

fn read<T: DeserializeOwned>(json: Option<String>) -> Result<T, DbError> {
    serde_json::from_str(json.as_deref().unwrap_or("null"))
        .map_err(|error| DbError::Other(format!("the database's JSON does not fit: {error}")))
}
