//! Accounts as staff see and admins change them, as the JSON that the database builds.

use super::unexpected;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// Which accounts, and which page of them.
#[derive(Debug)]
pub struct Page<'a> {
    /// A part of address or name, for LIKE, its own wildcards escaped.
    pub pattern: Option<&'a str>,
    /// A role that the accounts have.
    pub role: Option<&'a str>,
    /// Whether they are disabled.
    pub disabled: Option<bool>,
    /// The last account of the page before.
    pub before: Option<Uuid>,
    /// The most on the page.
    pub limit: u32,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The account as it is now, as JSON.
    Changed(String),
    /// There is no such account.
    Missing,
    /// Whoever asked is no admin any more.
    NotAdmin,
    /// An admin would lose the own role or access.
    OwnAccount,
}

/// A page of accounts, newest first, as a JSON list, and the last of them when there are more. Ids grow with time and
/// never change, so a page is not moved by what is registered meanwhile.
pub async fn staff_accounts(page: &Page<'_>) -> Result<(String, Option<Uuid>), DbError> {
    let sql = "WITH found AS (
                 SELECT a AS account, a.id, row_number() OVER (ORDER BY a.id DESC) AS n FROM accounts a
                 WHERE ($1::text IS NULL OR lower(a.email || ' ' || a.name) LIKE lower($1))
                   AND ($2::text IS NULL OR a.roles @> ARRAY[$2])
                   AND ($3::boolean IS NULL OR (a.disabled_at IS NOT NULL) = $3)
                   AND ($4::uuid IS NULL OR a.id < $4)
                 ORDER BY a.id DESC LIMIT $5::int + 1)
               SELECT (SELECT coalesce(jsonb_agg(account_for_staff(account) ORDER BY id DESC), '[]')
                       FROM found WHERE n <= $5),
                      (SELECT id FROM found WHERE n = $5 AND EXISTS (SELECT FROM found WHERE n > $5))";
    let limit = i32::try_from(page.limit).map_err(|_| DbError::Other("an absurd page size".to_owned()))?;
    let params = vec![
        p::opt_text(page.pattern),
        p::opt_text(page.role),
        page.disabled.map_or_else(p::null, p::bool),
        p::opt_uuid(page.before),
        p::int4(limit),
    ];
    let row = Db::connect().await?.one(sql, params).await?.ok_or_else(|| unexpected("the list of accounts"))?;
    Ok((row.json(0)?, row.uuid_opt(1)?))
}

/// One account.
pub async fn staff_account(id: Uuid) -> Result<Option<String>, DbError> {
    let sql = "SELECT account_for_staff(a) FROM accounts a WHERE id = $1";
    Db::connect().await?.json(sql, vec![p::uuid(id)]).await
}

/// Changes roles and whether the account is disabled; what is `None` stays as it is.
pub async fn change_account(
    actor: Uuid,
    id: Uuid,
    roles: Option<&[&str]>,
    disabled: Option<bool>,
) -> Result<Changed, DbError> {
    let params = vec![
        p::uuid(actor),
        p::uuid(id),
        roles.map_or_else(p::null, |roles| p::text_array(roles.iter())),
        disabled.map_or_else(p::null, p::bool),
    ];
    let sql = "SELECT outcome, account FROM change_account($1, $2, $3, $4)";
    let row = Db::connect().await?.one(sql, params).await?.ok_or_else(|| unexpected("change_account"))?;
    match row.text(0)?.as_str() {
        "changed" => Ok(Changed::Changed(row.json(1)?)),
        "missing" => Ok(Changed::Missing),
        "not_admin" => Ok(Changed::NotAdmin),
        "own_account" => Ok(Changed::OwnAccount),
        _ => Err(unexpected("change_account")),
    }
}
