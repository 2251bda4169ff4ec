//! An account service's database, and short ways to call its functions.

use anyhow::{Context, Result};
use serde_json::Value;
use souk_testkit::Postgres;
use souk_testkit::events::EventSchemas;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// A PHC string that the constraint lets pass.
pub const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$x";

pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

pub async fn database() -> Result<souk_testkit::Database> {
    Postgres::shared().migrated("user").await
}

/// A 32-byte hash in hex, told apart by its first byte.
pub fn hash(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

/// A mailed token that looks like a real one.
pub fn token(kind: &str, n: u8) -> String {
    format!("souk_{kind}_{}", format!("{n:02x}").repeat(22).split_at(43).0)
}

/// Registers an account whose refresh token and verification token have the hash `n`.
pub async fn register(db: &Client, email: &str, n: u8) -> Result<Value, tokio_postgres::Error> {
    let sql = "SELECT register_account($1, $2, 'Ana', 'pt', $3, $4, 'Firefox', $5, $4, NULL)";
    let row = db.query_one(sql, &[&Uuid::now_v7(), &email, &HASH, &hash(n), &token("ev", n)]).await?;
    Ok(row.get(0))
}

/// The same, for its id.
pub async fn account(db: &Client, email: &str, n: u8) -> Result<Uuid> {
    id(&register(db, email, n).await?)
}

pub fn id(value: &Value) -> Result<Uuid> {
    Ok(value["id"].as_str().context("no id")?.parse()?)
}

/// The first column of the only row.
pub async fn one<T>(db: &Client, sql: &str, params: Params<'_>) -> Result<T>
where
    T: for<'a> tokio_postgres::types::FromSql<'a>,
{
    Ok(db.query_one(sql, params).await?.try_get(0)?)
}

pub async fn count(db: &Client, sql: &str) -> Result<i64> {
    one(db, sql, &[]).await
}

/// The data of the events of one type, in order. All that were ever emitted must be what docs/events says.
pub async fn events(db: &Client, event_type: &str) -> Result<Vec<Value>> {
    EventSchemas::load()?.check_outbox(db).await?;
    let sql = "SELECT event -> 'data' FROM outbox WHERE event ->> 'type' = $1 ORDER BY id";
    let rows = db.query(sql, &[&event_type]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How an exchange of refresh tokens ends.
pub async fn rotate(db: &Client, from: u8, to: u8) -> Result<String> {
    one(db, "SELECT rotate_refresh_token($1, $2) ->> 'outcome'", &[&hash(from), &hash(to)]).await
}

/// Signs in on another device; false when the password is not `password_hash` or the account may not.
pub async fn sign_in(db: &Client, id: Uuid, password_hash: &str, n: u8) -> Result<bool> {
    one(db, "SELECT sign_in($1, $2, $3, 'Safari') IS NOT NULL", &[&id, &password_hash, &hash(n)]).await
}

/// Runs `sql`, whose first column is text, on so many connections at once; the outcomes, sorted.
pub async fn at_once(database: &souk_testkit::Database, calls: Vec<(String, Vec<String>)>) -> Result<Vec<String>> {
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(calls.len()));
    let tasks: Vec<_> = calls
        .into_iter()
        .map(|(sql, params)| {
            let (database, barrier) = (database.clone(), barrier.clone());
            tokio::spawn(async move {
                let client = database.connect().await?;
                let statement = client.prepare(&sql).await?;
                barrier.wait().await;
                let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                anyhow::Ok(client.query_one(&statement, &params).await?.try_get::<_, String>(0)?)
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await??);
    }
    outcomes.sort();
    Ok(outcomes)
}
