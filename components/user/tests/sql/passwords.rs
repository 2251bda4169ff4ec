//! Forgotten, reset and changed passwords.

use crate::support::*;
use anyhow::Result;
use serde_json::json;
use tokio_postgres::Client;

const OTHER: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$other";

async fn forget(db: &Client, email: &str, n: u8) -> Result<()> {
    let sql = "SELECT request_password_reset($1, $2, $3, NULL)::text";
    db.query_one(sql, &[&email, &token("pr", n), &hash(n)]).await?;
    Ok(())
}

async fn reset(db: &Client, n: u8) -> Result<Option<String>> {
    one(db, "SELECT reset_password($1, $2, NULL)", &[&hash(n), &OTHER]).await
}

#[tokio::test]
async fn a_reset_changes_the_password_ends_every_session_and_says_so() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    account(&db, "bea@souk.example", 2).await?;
    forget(&db, "ANA@souk.example", 7).await?;
    let wish = events(&db, "user.password_reset_requested").await?;
    assert_eq!((wish.len(), &wish[0]["token"], &wish[0]["locale"]), (1, &json!(token("pr", 7)), &json!("pt")));
    assert_eq!(reset(&db, 7).await?.as_deref(), Some("ana@souk.example"));
    assert_eq!(rotate(&db, 1, 11).await?, "revoked");
    assert_eq!(rotate(&db, 2, 12).await?, "rotated", "another account's session goes on");
    assert!(!sign_in(&db, ana, HASH, 3).await? && sign_in(&db, ana, OTHER, 4).await?);
    let verified: bool = one(&db, "SELECT email_verified_at IS NOT NULL FROM accounts WHERE id = $1", &[&ana]).await?;
    assert!(verified, "who reads the mail has proved the address");
    let told = events(&db, "user.password_changed").await?;
    assert_eq!(told, [json!({"user_id": ana, "email": "ana@souk.example", "name": "Ana", "locale": "pt"})]);
    Ok(())
}

#[tokio::test]
async fn of_many_uses_of_reset_tokens_at_once_one_sets_the_password() -> Result<()> {
    let database = database().await?;
    let db = database.connect().await?;
    account(&db, "ana@souk.example", 1).await?;
    forget(&db, "ana@souk.example", 7).await?;
    forget(&db, "ana@souk.example", 8).await?;
    // Two tokens of one account, each used four times: whichever is first voids the other, too.
    let sql = "SELECT (reset_password($1, $2, NULL) IS NOT NULL)::text";
    let calls = (0..8).map(|n| (sql.to_owned(), vec![hash(7 + n % 2), format!("{OTHER}{n}")])).collect();
    let outcomes = at_once(&database, calls).await?;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "true").count(), 1, "{outcomes:?}");
    assert_eq!(events(&db, "user.password_changed").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_reset_token_is_over_after_an_hour() -> Result<()> {
    let db = database().await?.connect().await?;
    account(&db, "ana@souk.example", 1).await?;
    forget(&db, "ana@souk.example", 7).await?;
    let sql =
        "SELECT extract(epoch FROM expires_at - now())::float8 FROM account_tokens WHERE purpose = 'reset_password'";
    let seconds: f64 = one(&db, sql, &[]).await?;
    assert!((3590.0..=3600.0).contains(&seconds), "{seconds}");
    db.batch_execute("UPDATE account_tokens SET created_at = now() - interval '2 hours', expires_at = now()").await?;
    assert_eq!(reset(&db, 7).await?, None);
    assert_eq!(rotate(&db, 1, 11).await?, "rotated", "nothing happened");
    Ok(())
}

#[tokio::test]
async fn an_address_without_an_account_costs_the_same_write_and_gives_nothing() -> Result<()> {
    let db = database().await?.connect().await?;
    let disabled = account(&db, "bea@souk.example", 2).await?;
    db.execute("UPDATE accounts SET disabled_at = now() WHERE id = $1", &[&disabled]).await?;
    forget(&db, "nobody@souk.example", 7).await?;
    forget(&db, "bea@souk.example", 8).await?;
    assert_eq!(count(&db, "SELECT count(*) FROM account_tokens WHERE purpose = 'reset_password'").await?, 2);
    assert_eq!(events(&db, "user.password_reset_requested").await?.len(), 0);
    assert_eq!((reset(&db, 7).await?, reset(&db, 8).await?), (None, None), "nobody's token opens nothing");
    Ok(())
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_pending_resets() -> Result<()> {
    let db = database().await?.connect().await?;
    let ana = account(&db, "ana@souk.example", 1).await?;
    account(&db, "bea@souk.example", 2).await?;
    assert!(sign_in(&db, ana, HASH, 3).await?);
    forget(&db, "ana@souk.example", 7).await?;
    let change = "SELECT change_password($1, $2, $3, $4, NULL)";
    assert!(!one::<bool>(&db, change, &[&ana, &OTHER, &OTHER, &hash(3)]).await?, "verified against a stale hash");
    assert!(one::<bool>(&db, change, &[&ana, &HASH, &OTHER, &hash(3)]).await?);
    assert_eq!(rotate(&db, 1, 11).await?, "revoked");
    assert_eq!(rotate(&db, 3, 13).await?, "rotated", "the session that asked goes on");
    assert_eq!(reset(&db, 7).await?, None);
    assert_eq!(events(&db, "user.password_changed").await?.len(), 1);
    // Without a session to keep, or with somebody else's, all end.
    assert!(one::<bool>(&db, change, &[&ana, &OTHER, &HASH, &hash(2)]).await?);
    assert_eq!(rotate(&db, 13, 14).await?, "revoked");
    assert_eq!(rotate(&db, 2, 12).await?, "rotated");
    Ok(())
}
