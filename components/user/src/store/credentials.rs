//! Registration, sign-in, and what mailed tokens and passwords change.

use super::{read, unexpected};
use crate::domain::account::{Account, Credentials, Locale};
use crate::domain::secret::{RefreshToken, ResetToken, VerificationToken};
use souk_core::email::Email;
use souk_host::db::{Db, DbError, Row, p};
use uuid::Uuid;

/// An account to create.
pub struct NewAccount<'a> {
    /// UUIDv7.
    pub id: Uuid,
    /// Its address.
    pub email: &'a Email,
    /// Its name.
    pub name: &'a str,
    /// The language of its mails.
    pub locale: Locale,
    /// PHC string of the argon2id hash.
    pub password_hash: &'a str,
}

/// What became of the wish for a verification mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// It is on its way.
    Sent,
    /// The address is verified already.
    Verified,
    /// There is no such account.
    Gone,
}

/// Creates the account with its first session, announces it, and has `verification` mailed to it.
pub async fn register(
    account: &NewAccount<'_>,
    session: &RefreshToken,
    device: Option<&str>,
    verification: &VerificationToken,
    traceparent: &str,
) -> Result<Account, DbError> {
    let params = vec![
        p::uuid(account.id),
        p::text(account.email.as_str()),
        p::text(account.name),
        p::text(account.locale.as_str()),
        p::text(account.password_hash),
        p::text(&session.hash_hex()),
        p::opt_text(device),
        p::text(verification.reveal()),
        p::text(&verification.hash_hex()),
        p::text(traceparent),
    ];
    let sql = "SELECT register_account($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let json = Db::connect().await?.json(sql, params).await?;
    read(&json.ok_or_else(|| unexpected("register_account"))?)
}

/// What a sign-in is checked against; `None` when there is no such account.
pub async fn credentials(email: &Email) -> Result<Option<Credentials>, DbError> {
    let sql = "SELECT id, email, password_hash, disabled_at IS NOT NULL FROM accounts WHERE lower(email) = $1";
    let row = Db::connect().await?.one(sql, vec![p::text(email.as_str())]).await?;
    row.as_ref().map(credentials_in).transpose()
}

/// The same for the account with this id.
pub async fn credentials_of(id: Uuid) -> Result<Option<Credentials>, DbError> {
    let sql = "SELECT id, email, password_hash, disabled_at IS NOT NULL FROM accounts WHERE id = $1";
    let row = Db::connect().await?.one(sql, vec![p::uuid(id)]).await?;
    row.as_ref().map(credentials_in).transpose()
}

fn credentials_in(row: &Row) -> Result<Credentials, DbError> {
    Ok(Credentials { id: row.uuid(0)?, email: row.text(1)?, password_hash: row.text(2)?, disabled: row.bool(3)? })
}

/// Opens a session; `None` when the account changed since its password was verified.
pub async fn sign_in(
    verified: &Credentials,
    token: &RefreshToken,
    device: Option<&str>,
) -> Result<Option<Account>, DbError> {
    let params =
        vec![p::uuid(verified.id), p::text(&verified.password_hash), p::text(&token.hash_hex()), p::opt_text(device)];
    let json = Db::connect().await?.json("SELECT sign_in($1, $2, $3, $4)", params).await?;
    json.map(|json| read(&json)).transpose()
}

/// Has `token` mailed to an account that wants its address verified.
pub async fn request_verification(
    id: Uuid,
    token: &VerificationToken,
    traceparent: &str,
) -> Result<Requested, DbError> {
    let params = vec![p::uuid(id), p::text(token.reveal()), p::text(&token.hash_hex()), p::text(traceparent)];
    let row = Db::connect().await?.one("SELECT request_verification($1, $2, $3, $4)", params).await?;
    match row.ok_or_else(|| unexpected("request_verification"))?.text(0)?.as_str() {
        "sent" => Ok(Requested::Sent),
        "verified" => Ok(Requested::Verified),
        "gone" => Ok(Requested::Gone),
        _ => Err(unexpected("request_verification")),
    }
}

/// Uses up `token` as proof of an address; `false` when it is good for nothing (any more).
pub async fn verify_email(token: &VerificationToken) -> Result<bool, DbError> {
    let row = Db::connect().await?.one("SELECT verify_email($1)", vec![p::text(&token.hash_hex())]).await?;
    row.ok_or_else(|| unexpected("verify_email"))?.bool(0)
}

/// Has `token` mailed to the account with this address, if there is one: nothing here tells.
pub async fn request_reset(email: &Email, token: &ResetToken, traceparent: &str) -> Result<(), DbError> {
    let params =
        vec![p::text(email.as_str()), p::text(token.reveal()), p::text(&token.hash_hex()), p::text(traceparent)];
    let sql = "SELECT request_password_reset($1, $2, $3, $4)::text";
    Db::connect().await?.rows(sql, params).await.map(drop)
}

/// The address of the account whose password `token` can change now.
pub async fn reset_email(token: &ResetToken) -> Result<Option<String>, DbError> {
    let sql = "SELECT a.email FROM account_tokens t JOIN accounts a ON a.id = t.account_id
               WHERE t.hash = decode($1, 'hex') AND t.purpose = 'reset_password' AND t.expires_at > now()";
    let row = Db::connect().await?.one(sql, vec![p::text(&token.hash_hex())]).await?;
    row.map(|row| row.text(0)).transpose()
}

/// Uses up `token` for another password; `false` when it is good for nothing (any more).
pub async fn reset_password(token: &ResetToken, password_hash: &str, traceparent: &str) -> Result<bool, DbError> {
    let params = vec![p::text(&token.hash_hex()), p::text(password_hash), p::text(traceparent)];
    let row = Db::connect().await?.one("SELECT reset_password($1, $2, $3)", params).await?;
    Ok(row.ok_or_else(|| unexpected("reset_password"))?.text_opt(0)?.is_some())
}

/// Changes the password and ends all sessions but the one of `keep`; `false` when the account changed since its password
/// was verified.
pub async fn change_password(
    verified: &Credentials,
    password_hash: &str,
    keep: Option<&RefreshToken>,
    traceparent: &str,
) -> Result<bool, DbError> {
    let keep = keep.map(RefreshToken::hash_hex);
    let params = vec![
        p::uuid(verified.id),
        p::text(&verified.password_hash),
        p::text(password_hash),
        p::opt_text(keep.as_deref()),
        p::text(traceparent),
    ];
    let row = Db::connect().await?.one("SELECT change_password($1, $2, $3, $4, $5)", params).await?;
    row.ok_or_else(|| unexpected("change_password"))?.bool(0)
}
