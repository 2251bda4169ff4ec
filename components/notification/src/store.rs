//! All SQL of the service. Each function is one statement.

use crate::domain::effect::{Contact, Effect};
use serde::de::DeserializeOwned;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Inbox rows that one tick forgets at most.
const SWEEP_LIMIT: i32 = 1000;

/// Which messages to list.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    /// Of this user only.
    pub user_id: Option<Uuid>,
    /// With this status only.
    pub status: Option<&'a str>,
    /// Older than this message only.
    pub before: Option<Uuid>,
}

/// Applies the effects of a batch of events; returns how many mails were queued.
pub async fn apply(effects: &[Effect]) -> Result<i64, DbError> {
    let row = Db::connect().await?.one("SELECT apply_effects($1)", vec![p::json(&effects)]).await?;
    row.ok_or_else(|| DbError::Other("apply_effects returned nothing".to_owned()))?.int(0)
}

/// The contacts of those orders that are known.
pub async fn contacts(orders: &[Uuid]) -> Result<Vec<Contact>, DbError> {
    let sql = "SELECT coalesce(jsonb_agg(jsonb_build_object('order_id', order_id, 'number', number,
                 'user_id', user_id, 'email', email, 'name', name)), '[]')
               FROM order_contacts WHERE order_id = ANY (($1::text[])::uuid[])";
    let params = vec![p::text_array(orders.iter().map(Uuid::to_string))];
    read(Db::connect().await?.json(sql, params).await?)
}

/// A page of messages, newest first: at most `limit`, as JSON objects of the shape of `T`.
pub async fn messages<T: DeserializeOwned>(filter: &Filter<'_>, limit: u32) -> Result<Vec<T>, DbError> {
    let sql = "SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'template', template, 'subject', subject,
                 'status', status, 'order_id', order_id, 'created_at', rfc3339(created_at),
                 'settled_at', rfc3339(settled_at), 'user_id', user_id, 'to', recipient, 'error', error)
                 ORDER BY id DESC), '[]')
               FROM (SELECT * FROM messages
                     WHERE ($1::uuid IS NULL OR user_id = $1) AND ($2::text IS NULL OR status = $2)
                       AND ($3::uuid IS NULL OR id < $3)
                     ORDER BY id DESC LIMIT $4) AS page";
    let params = vec![
        p::opt_uuid(filter.user_id),
        p::opt_text(filter.status),
        p::opt_uuid(filter.before),
        p::int(i64::from(limit)),
    ];
    read(Db::connect().await?.json(sql, params).await?)
}

/// Forgets a slice of the event ids that were applied long ago.
pub async fn sweep_inbox() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sweep_inbox($1)", vec![p::int4(SWEEP_LIMIT)]).await.map(drop)
}

fn read<T: DeserializeOwned>(json: Option<String>) -> Result<T, DbError> {
    serde_json::from_str(json.as_deref().unwrap_or("null"))
        .map_err(|error| DbError::Other(format!("the database's JSON does not fit: {error}")))
}
