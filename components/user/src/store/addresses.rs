//! The addresses that an account keeps, as the JSON that the database builds.

use super::unexpected;
use souk_core::address::Address;
use souk_host::db::{Db, DbError, p};
use uuid::Uuid;

/// What became of an address to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// Added; as JSON.
    Added(String),
    /// The account keeps as many as it can.
    Full,
    /// There is no such account.
    Gone,
}

/// All addresses of the account, as a JSON list.
pub async fn addresses(account: Uuid) -> Result<String, DbError> {
    let json = Db::connect().await?.json("SELECT addresses_json($1)", vec![p::uuid(account)]).await?;
    json.ok_or_else(|| unexpected("addresses_json"))
}

/// One address of the account.
pub async fn address(account: Uuid, id: Uuid) -> Result<Option<String>, DbError> {
    let sql = "SELECT address_json(a) FROM addresses a WHERE id = $2 AND account_id = $1";
    Db::connect().await?.json(sql, vec![p::uuid(account), p::uuid(id)]).await
}

/// Adds an address.
pub async fn add_address(account: Uuid, address: &Address, is_default: bool) -> Result<Added, DbError> {
    let params = vec![p::uuid(account), p::json(address), p::bool(is_default)];
    let sql = "SELECT outcome, address FROM add_address($1, $2, $3)";
    let row = Db::connect().await?.one(sql, params).await?.ok_or_else(|| unexpected("add_address"))?;
    match row.text(0)?.as_str() {
        "added" => Ok(Added::Added(row.json(1)?)),
        "full" => Ok(Added::Full),
        "gone" => Ok(Added::Gone),
        _ => Err(unexpected("add_address")),
    }
}

/// Replaces an address of the account.
pub async fn replace_address(
    account: Uuid,
    id: Uuid,
    address: &Address,
    is_default: bool,
) -> Result<Option<String>, DbError> {
    let params = vec![p::uuid(account), p::uuid(id), p::json(address), p::bool(is_default)];
    Db::connect().await?.json("SELECT replace_address($1, $2, $3, $4)", params).await
}

/// Removes an address of the account; `false` when it has no such address.
pub async fn remove_address(account: Uuid, id: Uuid) -> Result<bool, DbError> {
    let params = vec![p::uuid(account), p::uuid(id)];
    let row = Db::connect().await?.one("SELECT remove_address($1, $2)", params).await?;
    row.ok_or_else(|| unexpected("remove_address"))?.bool(0)
}
