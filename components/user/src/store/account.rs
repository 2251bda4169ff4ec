//! The account of whoever asks.

use super::{read, unexpected};
use crate::domain::account::{Account, Credentials, Farewell, Locale};
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// The account with this id.
pub async fn account(id: Uuid) -> Result<Option<Account>, DbError> {
    let sql = "SELECT account_json(a) FROM accounts a WHERE id = $1";
    let json = Db::connect().await?.json(sql, vec![p::uuid(id)]).await?;
    json.map(|json| read(&json)).transpose()
}

/// Changes name and locale; what is `None` stays as it is.
pub async fn update_profile(
    id: Uuid,
    name: Option<&str>,
    locale: Option<Locale>,
    traceparent: &str,
) -> Result<Option<Account>, DbError> {
    let params = vec![p::uuid(id), p::opt_text(name), p::opt_text(locale.map(Locale::as_str)), p::text(traceparent)];
    let json = Db::connect().await?.json("SELECT update_profile($1, $2, $3, $4)", params).await?;
    json.map(|json| read(&json)).transpose()
}

/// Deletes the account and all that belongs to it.
pub async fn delete(verified: &Credentials, traceparent: &str) -> Result<Farewell, DbError> {
    let params = vec![p::uuid(verified.id), p::text(&verified.password_hash), p::text(traceparent)];
    let row = Db::connect().await?.one("SELECT delete_account($1, $2, $3)", params).await?;
    match row.ok_or_else(|| unexpected("delete_account"))?.text(0)?.as_str() {
        "deleted" => Ok(Farewell::Deleted),
        "admin" => Ok(Farewell::Admin),
        "changed" => Ok(Farewell::Changed),
        _ => Err(unexpected("delete_account")),
    }
}

/// All that is known of the account, as JSON.
pub async fn export(id: Uuid) -> Result<Option<String>, DbError> {
    Db::connect().await?.json("SELECT export_account($1)", vec![p::uuid(id)]).await
}
