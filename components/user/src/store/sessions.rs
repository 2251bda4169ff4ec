//! Sessions and their refresh tokens.

use super::{read, unexpected};
use crate::domain::account::Account;
use crate::domain::rotation::Rotation;
use crate::domain::secret::RefreshToken;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Rows that one tick cleans up at most, of each kind.
const SWEEP_LIMIT: i32 = 200;

/// Exchanges `presented` for `next`.
pub async fn rotate(presented: &RefreshToken, next: &RefreshToken) -> Result<Rotation<Account>, DbError> {
    let params = vec![p::text(&presented.hash_hex()), p::text(&next.hash_hex())];
    let json = Db::connect().await?.json("SELECT rotate_refresh_token($1, $2)", params).await?;
    read(&json.ok_or_else(|| unexpected("rotate_refresh_token"))?)
}

/// Exchanges the refresh token of a browser's cookie; one that was exchanged within ten seconds, once more.
pub async fn renew(presented: &RefreshToken, next: &RefreshToken) -> Result<Rotation<Account>, DbError> {
    let params = vec![p::text(&presented.hash_hex()), p::text(&next.hash_hex())];
    let json = Db::connect().await?.json("SELECT renew_browser_session($1, $2)", params).await?;
    read(&json.ok_or_else(|| unexpected("renew_browser_session"))?)
}

/// Ends the session of `token`, if it goes on.
pub async fn sign_out(token: &RefreshToken) -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sign_out($1)", vec![p::text(&token.hash_hex())]).await.map(drop)
}

/// The account's sessions that go on, as a JSON list.
pub async fn sessions(account: Uuid) -> Result<String, DbError> {
    let json = Db::connect().await?.json("SELECT sessions_json($1)", vec![p::uuid(account)]).await?;
    json.ok_or_else(|| unexpected("sessions_json"))
}

/// Ends one session of the account; `false` when it has no such session.
pub async fn end_session(account: Uuid, session: Uuid) -> Result<bool, DbError> {
    let params = vec![p::uuid(account), p::uuid(session)];
    let row = Db::connect().await?.one("SELECT end_session($1, $2)", params).await?;
    row.ok_or_else(|| unexpected("end_session"))?.bool(0)
}

/// Ends every session of the account.
pub async fn end_all_sessions(account: Uuid) -> Result<(), DbError> {
    let sql = "SELECT end_sessions($1, 'logout_all', NULL)";
    Db::connect().await?.rows(sql, vec![p::uuid(account)]).await.map(drop)
}

/// Deletes a slice of the sessions and tokens that are over.
pub async fn sweep() -> Result<(), DbError> {
    Db::connect().await?.rows("SELECT sweep($1)", vec![p::int4(SWEEP_LIMIT)]).await.map(drop)
}
