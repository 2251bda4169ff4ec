//! All SQL of the service. Each function is one statement.

use crate::domain::account::{Account, Credentials};
use crate::domain::refresh_token::{RefreshToken, Rotation};
use serde::de::DeserializeOwned;
use souk_core::email::Email;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Rows that one tick cleans up at most, of each kind.
const SWEEP_LIMIT: i32 = 200;

/// An account to create.
pub struct NewAccount<'a> {
    /// UUIDv7.
    pub id: Uuid,
    /// Its address.
    pub email: &'a Email,
    /// Its name.
    pub name: &'a str,
    /// PHC string of the argon2id hash.
    pub password_hash: &'a str,
}

/// Creates the account with its first session, and announces it.
pub async fn register(account: &NewAccount<'_>, token: &RefreshToken, traceparent: &str) -> Result<Account, DbError> {
    let params = vec![
        p::uuid(account.id),
        p::text(account.email.as_str()),
        p::text(account.name),
        p::text(account.password_hash),
        p::text(&token.hash_hex()),
        p::text(traceparent),
    ];
    let json = Db::connect().await?.json("SELECT register_account($1, $2, $3, $4, $5, $6)", params).await?;
    read(&json.ok_or_else(|| DbError::Other("register_account returned nothing".to_owned()))?)
}

/// What a sign-in is checked against; `None` when there is no such account.
pub async fn credentials(email: &Email) -> Result<Option<Credentials>, DbError> {
    let sql = "SELECT id, password_hash, disabled_at IS NOT NULL FROM accounts WHERE lower(email) = $1";
    let row = Db::connect().await?.one(sql, vec![p::text(email.as_str())]).await?;
    row.map(|row| Ok(Credentials { id: row.uuid(0)?, password_hash: row.text(1)?, disabled: row.bool(2)? })).transpose()
}

/// Opens a session; `None` when the account changed since its password was verified.
pub async fn sign_in(verified: &Credentials, token: &RefreshToken) -> Result<Option<Account>, DbError> {
    let params = vec![p::uuid(verified.id), p::text(&verified.password_hash), p::text(&token.hash_hex())];
    let json = Db::connect().await?.json("SELECT sign_in($1, $2, $3)", params).await?;
    json.map(|json| read(&json)).transpose()
}

/// Exchanges `presented` for `next`.
pub async fn rotate(presented: &RefreshToken, next: &RefreshToken) -> Result<Rotation<Account>, DbError> {
    let params = vec![p::text(&presented.hash_hex()), p::text(&next.hash_hex())];
    let json = Db::connect().await?.json("SELECT rotate_refresh_token($1, $2)", params).await?;
    read(&json.ok_or_else(|| DbError::Other("rotate_refresh_token returned nothing".to_owned()))?)
}

/// Ends the session of `token`, if it goes on.
pub async fn sign_out(token: &RefreshToken) -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sign_out($1)", vec![p::text(&token.hash_hex())]).await.map(drop)
}

/// The account with this id.
pub async fn account(id: Uuid) -> Result<Option<Account>, DbError> {
    let sql = "SELECT account_json(a) FROM accounts a WHERE id = $1";
    let json = Db::connect().await?.json(sql, vec![p::uuid(id)]).await?;
    json.map(|json| read(&json)).transpose()
}

/// Changes the account's name; without a name nothing changes.
pub async fn rename(id: Uuid, name: Option<&str>) -> Result<Option<Account>, DbError> {
    let sql = "UPDATE accounts a SET name = coalesce($2::text, name),
                 updated_at = CASE WHEN $2::text IS DISTINCT FROM name AND $2::text IS NOT NULL
                                   THEN now() ELSE updated_at END
               WHERE id = $1 RETURNING account_json(a)";
    let json = Db::connect().await?.json(sql, vec![p::uuid(id), p::opt_text(name)]).await?;
    json.map(|json| read(&json)).transpose()
}

/// Deletes a slice of the sessions and tokens that ended long ago.
pub async fn sweep_sessions() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sweep_sessions($1)", vec![p::int4(SWEEP_LIMIT)]).await.map(drop)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DbError> {
    serde_json::from_str(json).map_err(|error| DbError::Other(format!("the database's JSON does not fit: {error}")))
}
