//! What the database promises about accounts and sessions, whoever calls it: against a real Postgres.

use anyhow::Result;
use serde_json::{Value, json};
use souk_testkit::Postgres;
use tokio_postgres::Client;
use uuid::Uuid;

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$x";

async fn database() -> Result<souk_testkit::Database> {
    Postgres::shared().migrated("user").await
}

/// A 32-byte hash in hex, told apart by its first byte.
fn hash(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

async fn register(db: &Client, email: &str, token: u8) -> Result<Value, tokio_postgres::Error> {
    let sql = "SELECT register_account($1, $2, 'Ana', $3, $4, NULL)";
    Ok(db.query_one(sql, &[&Uuid::now_v7(), &email, &HASH, &hash(token)]).await?.get(0))
}

async fn rotate(db: &Client, from: u8, to: u8) -> Result<String> {
    let sql = "SELECT rotate_refresh_token($1, $2) ->> 'outcome'";
    Ok(db.query_one(sql, &[&hash(from), &hash(to)]).await?.get(0))
}

async fn count(db: &Client, sql: &str) -> Result<i64> {
    Ok(db.query_one(sql, &[]).await?.get(0))
}

#[tokio::test]
async fn registering_writes_the_account_its_session_and_its_event_together() -> Result<()> {
    let db = database().await?.connect().await?;
    let account = register(&db, "ana@souk.example", 1).await?;
    assert_eq!(account["roles"], json!(["customer"]));
    let event: Value = db.query_one("SELECT event FROM outbox WHERE stream = 'souk:user'", &[]).await?.get(0);
    assert_eq!(event["type"], "user.registered");
    assert_eq!(event["key"], account["id"]);
    assert_eq!(event["data"], json!({"user_id": account["id"], "email": "ana@souk.example", "name": "Ana"}));
    assert_eq!(rotate(&db, 1, 2).await?, "rotated");
    Ok(())
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_cased() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    let error = register(&db, "ANA@souk.EXAMPLE", 2).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("accounts_email_key"));
    assert_eq!(count(&db, "SELECT count(*) FROM outbox").await?, 1);
    assert_eq!(count(&db, "SELECT count(*) FROM sessions").await?, 1);
    Ok(())
}

#[tokio::test]
async fn only_an_argon2id_hash_can_be_stored_as_a_password() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    let error = db.execute("UPDATE accounts SET password_hash = 'hunter2'", &[]).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("accounts_password_hash_check"));
    Ok(())
}

#[tokio::test]
async fn a_reused_token_revokes_its_family_and_no_other() -> Result<()> {
    let db = database().await?.connect().await?;
    let account = register(&db, "ana@souk.example", 1).await?;
    let id: Uuid = account["id"].as_str().unwrap().parse()?;
    let other: Option<Value> = db.query_one("SELECT sign_in($1, $2, $3)", &[&id, &HASH, &hash(50)]).await?.get(0);
    assert!(other.is_some());
    assert_eq!(rotate(&db, 1, 2).await?, "rotated");
    assert_eq!(rotate(&db, 2, 3).await?, "rotated");
    assert_eq!(rotate(&db, 1, 4).await?, "reused");
    for dead in [1, 2, 3] {
        assert_eq!(rotate(&db, dead, 5).await?, "revoked");
    }
    assert_eq!(rotate(&db, 4, 6).await?, "unknown");
    assert_eq!(rotate(&db, 50, 51).await?, "rotated");
    Ok(())
}

#[tokio::test]
async fn of_many_exchanges_of_one_token_at_once_one_succeeds_and_the_session_is_revoked() -> Result<()> {
    let database = database().await?;
    register(&database.connect().await?, "ana@souk.example", 1).await?;
    let attempts = (0..8_u8).map(|n| {
        let database = database.clone();
        tokio::spawn(async move { rotate(&database.connect().await?, 1, 100 + n).await })
    });
    let mut outcomes = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        outcomes.push(attempt.await??);
    }
    outcomes.sort();
    assert_eq!(outcomes, ["reused", "revoked", "revoked", "revoked", "revoked", "revoked", "revoked", "rotated"]);
    Ok(())
}

#[tokio::test]
async fn expired_and_signed_out_sessions_give_nothing() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    register(&db, "bea@souk.example", 2).await?;
    db.execute("UPDATE refresh_tokens SET expires_at = now() WHERE hash = decode($1, 'hex')", &[&hash(1)]).await?;
    assert_eq!(rotate(&db, 1, 11).await?, "expired");
    let sign_out = "SELECT sign_out($1)";
    assert!(db.query_one(sign_out, &[&hash(2)]).await?.get::<_, bool>(0));
    assert!(!db.query_one(sign_out, &[&hash(2)]).await?.get::<_, bool>(0));
    assert!(!db.query_one(sign_out, &[&hash(99)]).await?.get::<_, bool>(0));
    assert_eq!(rotate(&db, 2, 12).await?, "revoked");
    Ok(())
}

#[tokio::test]
async fn a_disabled_account_neither_signs_in_nor_refreshes() -> Result<()> {
    let db = database().await?.connect().await?;
    let account = register(&db, "ana@souk.example", 1).await?;
    let id: Uuid = account["id"].as_str().unwrap().parse()?;
    db.execute("UPDATE accounts SET disabled_at = now()", &[]).await?;
    let signed_in: Option<Value> = db.query_one("SELECT sign_in($1, $2, $3)", &[&id, &HASH, &hash(2)]).await?.get(0);
    assert_eq!(signed_in, None);
    assert_eq!(rotate(&db, 1, 3).await?, "revoked");
    Ok(())
}

#[tokio::test]
async fn a_password_changed_during_sign_in_ends_the_sign_in() -> Result<()> {
    let db = database().await?.connect().await?;
    let account = register(&db, "ana@souk.example", 1).await?;
    let id: Uuid = account["id"].as_str().unwrap().parse()?;
    let stale = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$before";
    let signed_in: Option<Value> = db.query_one("SELECT sign_in($1, $2, $3)", &[&id, &stale, &hash(2)]).await?.get(0);
    assert_eq!(signed_in, None);
    Ok(())
}

#[tokio::test]
async fn a_role_is_granted_once_and_only_if_it_exists() -> Result<()> {
    let db = database().await?.connect().await?;
    register(&db, "ana@souk.example", 1).await?;
    for (email, granted) in [("ANA@souk.example", true), ("ana@souk.example", true), ("bea@souk.example", false)] {
        let row = db.query_one("SELECT grant_role($1, 'admin')", &[&email]).await?;
        assert_eq!(row.get::<_, bool>(0), granted, "{email}");
    }
    let roles: Vec<String> = db.query_one("SELECT roles FROM accounts", &[]).await?.get(0);
    assert_eq!(roles, ["customer", "admin"]);
    let error = db.query_one("SELECT grant_role('ana@souk.example', 'king')", &[]).await.unwrap_err();
    assert!(error.as_db_error().unwrap().message().contains("king"));
    Ok(())
}

#[tokio::test]
async fn sweeping_takes_what_is_long_over_and_nothing_else() -> Result<()> {
    let db = database().await?.connect().await?;
    for n in 1..=4 {
        register(&db, &format!("{n}@souk.example"), n).await?;
    }
    assert_eq!(rotate(&db, 4, 40).await?, "rotated");
    db.batch_execute(
        "UPDATE sessions SET created_at = now() - interval '60 days', expires_at = now() - interval '8 days'
           WHERE id = (SELECT session_id FROM refresh_tokens WHERE get_byte(hash, 0) = 1);
         UPDATE sessions SET revoked_at = now() - interval '8 days', revoked_reason = 'logout'
           WHERE id = (SELECT session_id FROM refresh_tokens WHERE get_byte(hash, 0) = 2);
         UPDATE refresh_tokens SET expires_at = now() - interval '8 days' WHERE get_byte(hash, 0) = 4",
    )
    .await?;
    assert_eq!(count(&db, "SELECT sweep_sessions(100)").await?, 3);
    assert_eq!(count(&db, "SELECT sweep_sessions(100)").await?, 0);
    assert_eq!(rotate(&db, 3, 30).await?, "rotated");
    assert_eq!(rotate(&db, 40, 41).await?, "rotated");
    assert_eq!(rotate(&db, 1, 10).await?, "unknown");
    Ok(())
}
